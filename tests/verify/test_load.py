"""What load finds on apps whose truth is known: twice as slow, the same, wrong under load, workers replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bpopt.verify import load, stats
from bpopt.verify.model import AFTER, BEFORE, FAILED, PASSED, Plan, Side, Silent, StageResult
from tests.verify.planted import COMMAND, DIFFERENT, UNABLE, leftovers, pair, plan

pytestmark = pytest.mark.skipif(UNABLE is not None, reason=str(UNABLE))

WORKING = {
    "health": "/health",
    "request": [{"name": "work", "path": [f"/work/{n}" for n in range(5)], "weight": 4}, {"path": "/health"}],
}


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert leftovers(tmp_path) == []


def working(folder: Path, before: int, after: int, budget: float) -> StageResult:
    """Both sides work so many microseconds a request."""
    one, two = pair(folder, "working", "working", env=({"WORK": str(before)}, {"WORK": str(after)}))
    return load.run(one, two, planned(folder, one, budget, WORKING), Silent())


def planned(folder: Path, one: Side, budget: float, table: dict[str, Any]) -> Plan:
    return plan(folder, one, table, budget=budget, max_rounds=10, stages=("load",))


def verdicts(result: StageResult) -> dict[str, str]:
    return {measure.key: stats.change(measure).verdict for measure in result.measures}


# CPU time does not depend on what else the machine does. Times do: there a verdict may be "too noisy", which is
# honest, but not the opposite of the truth, nor that nothing changed.
def test_twice_as_slow(tmp_path: Path) -> None:
    result = working(tmp_path, 10_000, 20_000, 20.0)
    assert result.status == PASSED  # slower is no fault: that is for the gates
    found = verdicts(result)
    assert found["load.closed1.cpu"] == found["load.closed4.cpu"] == stats.WORSE
    timed = {
        key: found[key]
        for key in ("load.closed1.work.p50", "load.closed1.throughput", "load.closed4.throughput")
    }
    assert set(timed.values()) <= {stats.WORSE, stats.NOISY}, timed
    ratio = next(stats.change(m).ratio for m in result.measures if m.key == "load.closed1.cpu")
    assert ratio is not None
    assert 1.7 < ratio < 2.1


def test_half_the_work_is_found_too(tmp_path: Path) -> None:
    found = verdicts(working(tmp_path, 20_000, 10_000, 20.0))
    assert found["load.closed1.cpu"] == found["load.closed4.cpu"] == stats.BETTER
    assert {found["load.closed1.throughput"], found["load.closed4.throughput"]} <= {stats.BETTER, stats.NOISY}


def test_what_a_result_holds(tmp_path: Path) -> None:
    result = working(tmp_path, 1_000, 1_000, 15.0)
    keys = {measure.key for measure in result.measures}
    for phase in ("closed1", "closed4", "open1"):  # the second rate only where both fit
        assert {f"load.{phase}.p50", f"load.{phase}.p95", f"load.{phase}.work.p50"} <= keys
    assert {"load.closed4.throughput", "load.closed4.cpu", "load.slow.worst", "load.idle.worst"} <= keys
    assert "load.rest.health.p50" in keys
    rounds = {m.key: (len(m.before), len(m.before_again), len(m.after)) for m in result.measures}
    pooled = {key for key, numbers in rounds.items() if numbers == (1, 1, 1)}
    assert all(key.endswith(".p99") for key in pooled)
    assert all(len(set(own)) == 1 and min(own) >= 3 for key, own in rounds.items() if key not in pooled)
    for phase in ("closed1", "closed4"):  # by round, or of all together where there are enough
        answers = min(len(own[phase]) for own in result.details["latencies"].values())
        assert (f"load.{phase}.p99" in keys) == (answers >= 100), (phase, answers)
    assert all(set(m.after) == {0} for m in result.measures if m.key in ("load.errors", "load.restarts"))
    assert {"load.errors", "load.restarts"} <= keys
    assert result.details["trouble"][AFTER]["failed"] == 0
    assert result.details["latencies"][BEFORE]["closed4"] == sorted(
        result.details["latencies"][BEFORE]["closed4"]
    )
    # the truth is known: each request but one in five burns one millisecond of CPU, the server adds some
    cpu = next(value for m in result.measures if m.key == "load.closed4.cpu" for value in m.before)
    assert 0.0007 < cpu < 0.006


def test_slow_clients_block_sync_workers_and_not_threads(tmp_path: Path) -> None:
    env = {"WORK": "500"}
    one, two = pair(tmp_path, "working", "working", (COMMAND, f"{COMMAND} --threads 4"), (env, env))
    result = load.run(one, two, planned(tmp_path, one, 15.0, WORKING), Silent())
    found = verdicts(result)
    assert {found["load.slow.worst"], found["load.idle.worst"]} <= {stats.BETTER, stats.NOISY}
    worst = next(m for m in result.measures if m.key == "load.idle.worst")
    assert min(worst.before) > 0.15  # of the 0.3 s that idle connections last
    assert min(worst.after) < 0.1


def test_wrong_answers_under_load(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "mixing", "mixing", (COMMAND, f"{COMMAND} --threads 4"))
    result = load.run(one, two, planned(tmp_path, one, 12.0, DIFFERENT), Silent())
    assert result.status == FAILED
    assert "wrong answers" in result.reason
    assert result.details["trouble"][AFTER]["wrong"] > 0
    assert result.details["trouble"][BEFORE]["wrong"] == 0
    errors = next(m for m in result.measures if m.key == "load.errors")
    assert (set(errors.before), min(errors.after) > 0) == ({0}, True)


def test_workers_that_are_replaced(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "steady", "steady", (COMMAND, f"{COMMAND} --max-requests 6"))
    result = load.run(one, two, planned(tmp_path, one, 12.0, DIFFERENT), Silent())
    trouble = result.details["trouble"]
    assert trouble[AFTER]["replaced"] > 5
    assert trouble[AFTER]["crashed"] == trouble[BEFORE]["replaced"] == 0
    assert any("workers were replaced" in note for note in result.notes)
    restarts = next(m for m in result.measures if m.key == "load.restarts")
    assert set(restarts.before) == {0}
    assert sum(restarts.after) == trouble[AFTER]["replaced"]


@pytest.mark.parametrize("runs", [2, pytest.param(20, marks=pytest.mark.measured)])
def test_identical_is_never_called_better(tmp_path: Path, runs: int) -> None:
    wrong = []
    for number in range(runs):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = verdicts(working(folder, 1_000, 1_000, 10.0))
        wrong += [key for key, verdict in found.items() if verdict in (stats.BETTER, stats.WORSE)]
    assert wrong == []

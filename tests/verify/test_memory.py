"""What memory finds on apps whose truth is known: half, shared under preload, leaking, over the limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bpopt.verify import cage, memory, stats
from bpopt.verify.model import FAILED, PASSED, SKIPPED, Measure, Silent, StageResult
from tests.verify.planted import COMMAND, UNABLE, leftovers, pair, plan

pytestmark = pytest.mark.skipif(UNABLE is not None, reason=str(UNABLE))

MB = 2**20
ENFORCED = cage.may_be_made()


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert leftovers(tmp_path) == []
    assert cage.left_behind() == []


def large(folder: Path, before: int, after: int, command: str = COMMAND, **given: Any) -> StageResult:
    one, two = pair(
        folder,
        "large",
        "large",
        (COMMAND, command),
        ({"MEGABYTES": str(before)}, {"MEGABYTES": str(after)}),
    )
    return memory.run(
        one, two, plan(folder, one, **{"stages": ("memory",), "budget": 12.0, **given}), Silent()
    )


def measure(result: StageResult, key: str) -> Measure:
    return next(m for m in result.measures if m.key == f"memory.{key}")


def test_half_the_memory(tmp_path: Path) -> None:
    result = large(tmp_path, 100, 30)
    assert result.status == PASSED
    for key in ("idle.pss", "idle.uss", "loaded.pss", "peak.pss"):
        found = stats.change(measure(result, key))
        assert found.verdict == stats.BETTER, key
    # two workers hold it each, beside an interpreter and gunicorn
    assert 200 * MB < measure(result, "idle.uss").before[0] < 280 * MB
    assert 60 * MB < measure(result, "idle.uss").after[0] < 140 * MB


def test_preload_shares_what_workers_do_not_change(tmp_path: Path) -> None:
    result = large(tmp_path, 100, 100, f"{COMMAND} --preload")
    found = stats.change(measure(result, "idle.pss"))
    assert found.verdict == stats.BETTER
    assert found.ratio is not None
    assert 0.4 < found.ratio < 0.7
    # summed RSS would have said the opposite: now three processes have those pages mapped, not two
    assert measure(result, "idle.uss").after[0] < 60 * MB


def test_the_same(tmp_path: Path) -> None:
    result = large(tmp_path, 50, 50)
    assert {stats.change(m).verdict for m in result.measures} <= {stats.SAME, stats.NOISY}


def test_leak(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "steady", "leaking")
    result = memory.run(one, two, plan(tmp_path, one, stages=("memory",)), Silent())
    assert result.status == FAILED
    assert "after leaks about" in result.reason
    per_request = min(result.details["growth"]["after"])
    assert 45_000 < per_request < 60_000
    assert max(result.details["growth"]["before"]) < 1000


def test_limit_broken(tmp_path: Path) -> None:
    result = large(tmp_path, 20, 120, limit=160 * MB)
    assert result.status == FAILED
    assert "after does not keep to the plan's memory" in result.reason
    assert "and no more does before" not in result.reason
    assert measure(result, "peak.pss").after[0] > 200 * MB  # measured nevertheless
    wanted = "enforced by a control group" if ENFORCED else "watched, not enforced"
    assert any(wanted in note for note in result.notes)


def test_limit_kept_only_after(tmp_path: Path) -> None:
    result = large(tmp_path, 120, 20, limit=160 * MB)
    assert result.status == PASSED
    assert any("before does not keep to the plan's memory, after does" in note for note in result.notes)


def test_side_that_does_not_come_up(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "steady", "crashing")
    result = memory.run(one, two, plan(tmp_path, one, stages=("memory",)), Silent())
    assert result.status == SKIPPED
    assert "after does not come up" in result.reason


def test_samples_over_time(tmp_path: Path) -> None:
    result = large(tmp_path, 10, 10)
    samples = result.details["samples"]["after"]
    assert len(samples) >= 6
    times = [at for at, _, _ in samples]
    assert times == sorted(times)
    assert all(pss >= uss > 10 * MB for _, pss, uss in samples)

"""Servers that come up, and the many ways not to: each must end in a clear verdict, in time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from bpopt.verify import boot
from bpopt.verify.model import FAILED, PASSED, SKIPPED, Silent, StageResult
from tests.verify.planted import COMMAND, UNABLE, leftovers, pair, plan

pytestmark = pytest.mark.skipif(UNABLE is not None, reason=str(UNABLE))


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert leftovers(tmp_path) == []
    scratch = tmp_path / "scratch"
    if scratch.exists():
        assert [p.name for p in scratch.iterdir() if not p.name.startswith("w-")] == []


def run(folder: Path, before: str, after: str, command: str = COMMAND, **given: object) -> StageResult:
    one, two = pair(folder, before, after, (COMMAND, command))
    return boot.run(one, two, plan(folder, one, **given), Silent())  # type: ignore[arg-type]


def test_two_that_come_up(tmp_path: Path) -> None:
    result = run(tmp_path, "steady", "steady", budget=60.0, stages=("boot",))
    assert (result.status, result.reason, result.notes) == (PASSED, "", ())
    (measure,) = result.measures
    assert measure.key == "boot.seconds"
    assert [len(values) for values in (measure.before, measure.before_again, measure.after)] == [3, 3, 3]
    assert all(0.02 < seconds < 8 for seconds in (*measure.before, *measure.after))


def test_crash_at_boot(tmp_path: Path) -> None:
    result = run(tmp_path, "steady", "crashing")
    assert result.status == FAILED
    assert "after does not come up: exited after" in result.reason
    assert "s with exit status" in result.reason
    assert "lacks no_such_module_of_anybody" in result.reason
    assert (
        "Traceback" in result.details["after"]["log"]
        or "ModuleNotFoundError" in result.details["after"]["log"]
    )


def test_before_crashes_and_after_does_not(tmp_path: Path) -> None:
    result = run(tmp_path, "crashing", "steady")
    assert result.status == PASSED
    assert "before does not come up, after does" in result.notes[0]


def test_boots_for_ever(tmp_path: Path) -> None:
    began = monotonic()
    result = run(tmp_path, "steady", "quitting", deadline=60.0)
    assert monotonic() - began < 30  # found by the boots, not by the deadline
    assert result.status == FAILED
    assert "starts for ever" in result.reason
    assert "setuptools<82" in result.reason


def test_exit_status_0_is_no_success(tmp_path: Path) -> None:
    result = run(tmp_path, "steady", "quitting", f"{COMMAND} --preload")
    assert result.status == FAILED
    assert "exit status 0, which says that all is well" in result.reason


def test_hang(tmp_path: Path) -> None:
    began = monotonic()
    result = run(tmp_path, "steady", "hanging", deadline=2.0)
    assert monotonic() - began < 20
    assert (result.status, result.details["after"]["kind"]) == (FAILED, "silent")
    assert "did not answer on /health within 2 s" in result.reason


def test_errors_only(tmp_path: Path) -> None:
    result = run(tmp_path, "steady", "failing", deadline=4.0)
    assert result.status == FAILED
    assert "answers 500 on /health" in result.reason
    assert "the database is not there" in result.reason


def test_option_that_gunicorn_refuses(tmp_path: Path) -> None:
    result = run(tmp_path, "steady", "steady", f"{COMMAND} --keepalive 5")
    assert result.status == FAILED
    assert "gunicorn refuses its options: --keepalive" in result.reason


def test_command_that_returns_while_its_server_goes_on(tmp_path: Path) -> None:
    result = run(tmp_path, "steady", "steady", f"{COMMAND} --daemon")
    assert (result.status, result.details["after"]["kind"]) == (FAILED, "forked")
    assert "in the background" in result.reason


def test_daemon_of_the_app_is_ended_too(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    env = {"DAEMON_PID": str(pid)}
    one, two = pair(tmp_path, "straying", "straying", env=(env, env))
    result = boot.run(one, two, plan(tmp_path, one, max_rounds=1, min_rounds=1), Silent())
    assert result.status == PASSED
    assert "after did not stop within 3 s of SIGTERM and was killed" in result.notes
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_nothing_to_run(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "steady", "steady", ("", ""))
    result = boot.run(one, two, plan(tmp_path, one), Silent())
    assert (result.status, result.reason) == (SKIPPED, "before has no web process to run")

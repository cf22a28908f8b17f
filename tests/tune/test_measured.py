"""What is recommended to small real apps whose best configuration is known. Needs a quiet machine of two cores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bpopt.verify import machine, processes
from tests.tune import running

pytestmark = [
    pytest.mark.measured,
    pytest.mark.skipif(processes.supported() is not None, reason=str(processes.supported())),
    pytest.mark.skipif(machine.cores() < 2, reason="two cores are to be told from one"),
]
ONE = "gunicorn app:app --workers 1"


def chosen(found: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = found["answer"]["chosen"]
    return answer


def test_what_waits_gets_threads_or_gevent(tmp_path: Path) -> None:
    root = running.make(tmp_path, "waiting", ONE, "gunicorn\ngevent\n")
    found = running.tune(root, "--budget", "90s", "--cpus", "2")
    best = chosen(found)
    assert best["worker_class"] == "gevent" or best["workers"] * best["threads"] >= 8
    assert found["answer"]["change"]["ratio"] > 4


def test_what_computes_gets_a_worker_a_core(tmp_path: Path) -> None:
    root = running.make(tmp_path, "working", ONE, WORK="10000")
    found = running.tune(root, "--budget", "120s", "--cpus", "2")
    best = chosen(found)
    assert (best["workers"], best["threads"]) == (2, 1)
    assert 1.5 < found["answer"]["change"]["ratio"] < 2.2


def test_what_holds_much_gets_preload_and_no_more_workers_than_fit(tmp_path: Path) -> None:
    root = running.make(tmp_path, "holding", ONE)
    found = running.tune(root, "--budget", "120s", "--cpus", "2", "--memory", "110MB")
    best = chosen(found)
    assert (best["workers"], best["preload"]) == (2, True)
    # two workers without it come to some 150 MB
    assert any("and there are 110 MB" in left["why"] for left in found["left"])


def test_what_leaks_gets_new_workers_in_time(tmp_path: Path) -> None:
    root = running.make(tmp_path, "leaking", ONE)
    found = running.tune(root, "--budget", "120s", "--cpus", "2", "--memory", "128MB")
    assert 0 < chosen(found)["max_requests"] < 1500
    assert any("KB behind: workers must be replaced" in note for note in found["notes"])


def test_what_takes_long_to_import_is_measured_once_it_is_up(tmp_path: Path) -> None:
    root = running.make(tmp_path, "importing", ONE)
    found = running.tune(root, "--budget", "180s", "--cpus", "2")
    assert chosen(found)["workers"] == 2
    assert found["answer"]["change"]["ratio"] > 1.5

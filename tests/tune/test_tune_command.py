"""The whole command on small real apps, as far as a busy machine cannot spoil it: test_measured.py has the rest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bpopt.verify import cage, processes
from tests.tune import running
from tests.verify.planted import leftovers

pytestmark = [
    pytest.mark.skipif(processes.supported() is not None, reason=str(processes.supported())),
]
COMMAND = "gunicorn app:app --workers 1  # one is enough"


def test_an_app_that_waits_gets_threads_and_the_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    root = running.make(tmp_path, "waiting", "gunicorn app:app --workers 1 --timeout 30")
    stopped = running.interrupted(root, "memory", "--budget", "60s")
    assert stopped.returncode == 130
    assert "what was measured is kept" in stopped.stderr
    stopped = running.interrupted(root, "rung 1", "--budget", "60s")
    assert stopped.returncode == 130, stopped.stderr
    assert "run the same command again" in stopped.stdout
    assert leftovers(tmp_path) == []
    assert cage.left_behind() == []
    assert not list(tmp_path.glob("bpopt-tune-*"))
    found = running.tune(root, "--budget", "120s", "--apply")
    chosen = found["answer"]["chosen"]
    assert chosen["workers"] * chosen["threads"] >= 4
    assert found["answer"]["change"]["ratio"] > 2
    assert found["answer"]["keep"] is False
    written = (root / "Procfile").read_text()
    assert written.startswith("# as it starts\nweb: gunicorn app:app --workers ")
    assert f"--threads {chosen['threads']}" in written or chosen["threads"] == 1
    assert "--timeout 30" in written
    assert found["diff"].startswith("--- a/Procfile")
    assert "Run gunicorn with" in found["said"]


def test_what_one_thread_may_do_is_offered_to_no_other(tmp_path: Path) -> None:
    root = running.make(tmp_path, "mixing", "gunicorn app:app --workers 1")
    found = running.tune(root, "--budget", "12s")
    assert all(own["candidate"]["threads"] == 1 for own in found["configurations"])
    assert found["answer"]["chosen"]["threads"] == 1
    assert any("no threads: with different requests in flight" in note for note in found["notes"])
    assert any(left["candidate"]["threads"] == 4 for left in found["left"])


@pytest.mark.parametrize(
    ("files", "options", "code", "said"),
    [
        ({}, (), 3, "nothing to tune"),
        ({"Procfile": "web: python app.py\n"}, (), 2, "only gunicorn can be tuned"),
        ({"Procfile": "web: gunicorn app:app\n"}, ("--objective", "fast"), 2, "there is no objective 'fast'"),
        ({"Procfile": "web: gunicorn app:app\n"}, ("--cpus", "0"), 2, "is no number of processors"),
        ({"Procfile": "web: gunicorn app:app\n"}, ("--budget", "soon"), 2, "is no time"),
        ({"Procfile": "web: gunicorn nothing:app\n"}, (), 2, "what you have cannot be measured: .*comes? up"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, files: dict[str, str], options: tuple[str, ...], code: int, said: str
) -> None:
    import re

    for name, text in files.items():
        (tmp_path / name).write_text(text)
    order = [
        sys.executable,
        "-m",
        "bpopt",
        "tune",
        str(tmp_path),
        "--storage",
        f"sqlite:///{tmp_path}/s.sqlite3",
    ]
    done = subprocess.run([*order, *options], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert re.search(said, done.stderr)
    assert "Traceback" not in done.stderr

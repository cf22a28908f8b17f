"""However a run ends, no process, no control group and no file of it is left; two runs do not meet."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from bpopt.verify import cage
from bpopt.verify.client import ask
from bpopt.verify.model import Plan, Side
from bpopt.verify.ready import Ready
from bpopt.verify.server import Guard
from tests.verify.planted import UNABLE, leftovers, plan, side

pytestmark = pytest.mark.skipif(UNABLE is not None, reason=str(UNABLE))

# A bpopt that is in the middle of a run: it says so, and waits.
RUN = """
import os, sys, time
from pathlib import Path
from bpopt.verify.ready import Ready
from bpopt.verify.server import Guard
from tests.verify.planted import plan, side
folder = Path(sys.argv[1])
one = side(folder, "before", "straying", env={"DAEMON_PID": str(folder / "daemon")})
made = plan(folder, one)
with Guard(made.scratch), Ready(one, made, limit=200 * 2**20) as server:
    print("up", os.getpid(), server.pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith("up ")
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_bpopt(
    running: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    daemon = int((tmp_path / "daemon").read_text())
    assert leftovers(tmp_path)
    running.send_signal(number)
    running.wait(timeout=30)
    until = monotonic() + 15
    while (leftovers(tmp_path) or (tmp_path / "scratch").exists()) and monotonic() < until:
        sleep(0.05)
    assert leftovers(tmp_path) == []
    assert not (tmp_path / "scratch").exists()
    assert cage.left_behind(running.pid) == []
    with pytest.raises(ProcessLookupError):
        os.kill(daemon, 0)


def test_ctrl_c_reaches_bpopt_and_not_the_server(running: subprocess.Popen[str], tmp_path: Path) -> None:
    """The terminal signals the foreground group: the server has a session of its own and is ended by bpopt."""
    keepers = [pid for pid in _descendants(running.pid) if os.getsid(pid) != os.getsid(running.pid)]
    assert len(keepers) == len(_descendants(running.pid)) > 3


def _descendants(pid: int) -> list[int]:
    from bpopt.verify import processes

    return processes.descendants(pid)


def test_an_error_in_bpopt_itself(tmp_path: Path) -> None:
    one = side(tmp_path, "before", "steady")
    folders = []

    def run() -> None:
        with Ready(one, plan(tmp_path, one)) as server:
            folders.append(Path(server.folder))
            raise RuntimeError(f"a fault of bpopt, while the server runs: {server.alive}")

    with pytest.raises(RuntimeError, match="runs: True"):
        run()
    assert leftovers(tmp_path) == []
    assert not folders[0].exists()


def test_two_runs_side_by_side(tmp_path: Path) -> None:
    """Ten servers of two runs at once: each on its own port, home and copy, each answering for itself."""
    made: list[tuple[Side, Plan]] = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        own = side(tmp_path / name, "before", "other", env={"ANSWER": str(len(made))})
        made.append((own, plan(tmp_path / name, own)))
    found: list[tuple[int, bytes]] = []

    def run(number: int) -> None:
        own, planned = made[number % 2]
        with Ready(own, planned, f"label {number}") as server:
            answer = ask(server.port, planned.traffic.asks_health, 5)
            found.append((number % 2, answer.body))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10
    assert all(f'"answer": {number},'.encode() in body for number, body in found)


def test_a_server_sees_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://production")
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--workers 9")
    one = side(tmp_path, "before", "steady")
    with Ready(one, plan(tmp_path, one)) as server:
        seen = Path(f"/proc/{server.pid}/environ").read_bytes()
    assert b"DATABASE_URL" not in seen
    assert b"GUNICORN_CMD_ARGS" not in seen
    assert f"HOME={server.folder}/home".encode() in seen


def test_the_guard_removes_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    with Guard(str(folder)):
        (folder / "file").write_text("x")
    assert not folder.exists()

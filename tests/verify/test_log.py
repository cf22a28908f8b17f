"""What a log tells; the lines are those that gunicorn 27.0.1 printed."""

from __future__ import annotations

from bpopt.verify import log

CRASHED = """\
[2026-11-23 10:00:00 +0000] [11] [INFO] Booting worker with pid: 12
[2026-11-23 10:00:01 +0000] [11] [WARNING] Worker (pid:12) was sent SIGSEGV!
[2026-11-23 10:00:01 +0000] [11] [INFO] Booting worker with pid: 13
[2026-11-23 10:00:02 +0000] [11] [ERROR] Worker (pid:13) was sent SIGKILL! Perhaps out of memory?
[2026-11-23 10:00:03 +0000] [11] [CRITICAL] WORKER TIMEOUT (pid:14)
[2026-11-23 10:00:03 +0000] [14] [ERROR] Error handling request /x
[2026-11-23 10:00:04 +0000] [11] [ERROR] Worker (pid:15) exited with code 1.
[2026-11-23 10:00:05 +0000] [11] [INFO] Worker (pid:16) was sent SIGTERM!
"""

TRACEBACK = """\
[2026-11-23 10:00:00 +0000] [11] [ERROR] Exception in worker process
Traceback (most recent call last):
  File "app.py", line 3, in <module>
    URL = os.environ["DATABASE_URL"]
KeyError: 'DATABASE_URL'
[2026-11-23 10:00:01 +0000] [11] [ERROR] Worker (pid:12) exited with code 3.
"""


def test_events() -> None:
    found = log.events(CRASHED)
    assert found == (2, {"SIGSEGV": 1, "SIGKILL": 1, "SIGTERM": 1}, 1, 1)
    assert found.crashed == 3  # being asked to stop is no crash
    assert found.since(found) == (0, {}, 0, 0)
    assert log.events(CRASHED * 2).since(found).crashed == 3


def test_error_tail_and_hint() -> None:
    assert log.error(TRACEBACK) == "KeyError: 'DATABASE_URL'"
    assert log.tail(TRACEBACK).splitlines()[-1] == "KeyError: 'DATABASE_URL'"
    assert "set it for verify with --env" in log.hint(TRACEBACK)
    assert (log.error(""), log.tail(""), log.hint("")) == ("", "", "")

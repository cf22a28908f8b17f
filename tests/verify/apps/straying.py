"""Leaves a daemon behind: a process in a session of its own that ignores SIGTERM and whose parent is gone."""

from __future__ import annotations

import os
import signal
import time
from typing import Any


def daemon() -> None:
    if os.fork():
        os.wait()
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open(os.environ["DAEMON_PID"], "w") as file:
        file.write(str(os.getpid()))
    while True:
        time.sleep(1)


daemon()


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]

"""Works for WORK microseconds of CPU time per request."""

from __future__ import annotations

import os
import time
from typing import Any

WORK = int(os.environ["WORK"]) / 1e6


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    if environ["PATH_INFO"] != "/health":
        until = time.thread_time() + WORK
        while time.thread_time() < until:
            pass
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]

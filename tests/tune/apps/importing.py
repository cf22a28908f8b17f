"""Takes a second of CPU to import, and computes for 5 ms."""

from __future__ import annotations

import time
from typing import Any

until = time.process_time() + 1.0
while time.process_time() < until:
    pass


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    stop = time.thread_time() + 0.005
    while time.thread_time() < stop:
        pass
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]

"""Holds 60 MB from its import on, as one with a model does, and computes for 5 ms."""

from __future__ import annotations

import os
import time
from typing import Any

HELD = os.urandom(60 * 1024 * 1024)


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    until = time.thread_time() + 0.005
    while time.thread_time() < until:
        pass
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]

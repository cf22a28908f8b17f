"""Keeps what it works on in a module-level variable: right one request at a time, wrong with threads."""

from __future__ import annotations

import time
from typing import Any

current = {"name": ""}


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    current["name"] = environ["PATH_INFO"]
    time.sleep(0.002)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello " + current["name"].encode()]

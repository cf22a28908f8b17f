"""Waits 50 ms for every answer, as one that asks a database does."""

from __future__ import annotations

import time
from typing import Any


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    if environ["PATH_INFO"] != "/health":
        time.sleep(0.05)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]

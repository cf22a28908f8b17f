"""Keeps what a request asked for in a variable of the module: two threads get each other's answers."""

from __future__ import annotations

import time
from typing import Any

wanted: dict[str, str] = {}


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    wanted["path"] = environ["PATH_INFO"]
    time.sleep(0.01)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [wanted["path"].encode()]

"""Holds MEGABYTES of memory from its start on."""

from __future__ import annotations

import os
from typing import Any

HELD = os.urandom(int(os.environ["MEGABYTES"]) * 1024 * 1024)


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(len(HELD)).encode()]

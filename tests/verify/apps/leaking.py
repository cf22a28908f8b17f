"""Keeps 50 KB of every request."""

from __future__ import annotations

import os
from typing import Any

KEPT: list[bytes] = []


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    KEPT.append(os.urandom(50_000))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"kept"]

"""Answers every request with 500, as an app without its database does."""

from __future__ import annotations

from typing import Any


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    raise RuntimeError("the database is not there")

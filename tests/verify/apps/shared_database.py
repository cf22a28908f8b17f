"""Connects to its database at import: under --preload all workers then talk over one connection."""

from __future__ import annotations

import os
import socket
from typing import Any

DATABASE = socket.create_connection(("127.0.0.1", int(os.environ["DATABASE_PORT"])))


def query(name: str) -> bytes:
    DATABASE.sendall(name.encode() + b"\n")
    answer = b""
    while not answer.endswith(b"\n"):
        answer += DATABASE.recv(1)
    return answer


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = b"up" if environ["PATH_INFO"] == "/health" else query(environ["PATH_INFO"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body]

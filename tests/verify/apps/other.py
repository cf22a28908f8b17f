"""Like steady, but one number of its answers is another, and `near` differs only in the last digits."""

from __future__ import annotations

import json
import os
import time
import uuid
from typing import Any

ANSWER = int(os.environ["ANSWER"])


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    near = 0.5 + ANSWER * 1e-6
    answer = {"answer": ANSWER, "near": near, "at": time.time(), "token": uuid.uuid4().hex}
    if environ["PATH_INFO"] == "/near":
        del answer["answer"]
    if environ["PATH_INFO"] == "/page":
        body = f"<p>Answer {ANSWER}, token {uuid.uuid4().hex}</p>".encode()
        start_response("200 OK", [("Content-Type", "text/html")])
        return [body]
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]

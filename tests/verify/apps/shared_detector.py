"""face_recognition as its documentation shows it: one detector for the whole process."""

from __future__ import annotations

import io
import json
from typing import Any

import face_recognition  # type: ignore[import-not-found]


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = b"ok"
    if environ["PATH_INFO"] == "/find":
        data = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        image = face_recognition.load_image_file(io.BytesIO(data))
        body = json.dumps(face_recognition.face_locations(image)).encode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body]

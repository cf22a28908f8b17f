"""What a request asks for, whether it comes from the page or from a program."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import current_app, g, request

import faces
import looking
import store
from refusal import Refused

LONGEST_NAME = 80


def connection() -> sqlite3.Connection:
    """This request's connection to the store; the app closes it when the request is over."""
    if "db" not in g:
        g.db = store.connect(current_app.config["FACES_DB"])
    return g.db  # type: ignore[no-any-return]


def enrol() -> dict[str, Any]:
    """Learn a face: the form fields `name` and `photo`, the photo with exactly one face."""
    name, seen = _name(), _seen(at_most=1)
    if len(seen.boxes) > 1:
        raise Refused(
            422, "several_faces", f"The photo has {len(seen.boxes)} faces: send one with a single face."
        )
    person = store.add_face(connection(), name, seen.encodings[0])
    return {"person": person._asdict(), "box": seen.boxes[0]._asdict()}


def recognise() -> dict[str, Any]:
    """Name the faces in the form field `photo`."""
    seen = _seen()
    known = store.known(connection())
    found = [
        {"box": box._asdict(), **_match(encoding, known)}
        for box, encoding in zip(seen.boxes, seen.encodings, strict=True)
    ]
    return {"width": seen.width, "height": seen.height, "faces": found}


def _match(encoding: faces.Encoding, known: store.Known) -> dict[str, Any]:
    nearest = faces.nearest(encoding, known.encodings)
    if nearest is None:
        return {"person": None, "distance": None}
    index, distance = nearest
    identifier, name = known.people[index]
    same = distance <= current_app.config["MATCH_DISTANCE"]
    return {"person": {"id": identifier, "name": name} if same else None, "distance": round(distance, 4)}


def _name() -> str:
    name = " ".join(request.form.get("name", "").split())
    if not name:
        raise Refused(400, "no_name", "The name is missing.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(400, "bad_name", f"A name is at most {LONGEST_NAME} printable characters.")
    return name


def _seen(at_most: int | None = None) -> looking.Seen:
    """What the photo shows: at least one face."""
    seen = looking.look(_photo(), at_most)
    if not seen.boxes:
        raise Refused(422, "no_face", "No face was found in the photo.")
    return seen


def _photo() -> bytes:
    """The first file that was chosen: the page has two inputs, camera and album, and one stays empty."""
    for upload in request.files.getlist("photo"):
        data: bytes = upload.read()
        if data:
            return data
    raise Refused(400, "no_photo", "The photo is missing.")

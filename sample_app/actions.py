"""What a request asks for, whether it comes from the page or from a program."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import current_app, g, request

import faces
import photos
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
    name, photo = _name(), _photo()
    boxes = faces.find(photo.pixels)
    if not boxes:
        raise Refused(422, "no_face", "No face was found in the photo.")
    if len(boxes) > 1:
        raise Refused(422, "several_faces", f"The photo has {len(boxes)} faces: send one with a single face.")
    (encoding,) = faces.encode(photo.pixels, boxes)
    person = store.add_face(connection(), name, encoding)
    return {"person": person._asdict(), "box": _box(boxes[0], photo)}


def recognise() -> dict[str, Any]:
    """Name the faces in the form field `photo`."""
    photo = _photo()
    boxes = faces.find(photo.pixels)
    if not boxes:
        raise Refused(422, "no_face", "No face was found in the photo.")
    known = store.known(connection())
    found = [
        {"box": _box(box, photo), **_match(encoding, known)}
        for box, encoding in zip(boxes, faces.encode(photo.pixels, boxes), strict=True)
    ]
    return {"width": photo.width, "height": photo.height, "faces": found}


def _match(encoding: faces.Encoding, known: store.Known) -> dict[str, Any]:
    nearest = faces.nearest(encoding, known.encodings)
    if nearest is None:
        return {"person": None, "distance": None}
    index, distance = nearest
    identifier, name = known.people[index]
    same = distance <= current_app.config["MATCH_DISTANCE"]
    return {"person": {"id": identifier, "name": name} if same else None, "distance": round(distance, 4)}


def _box(box: faces.Box, photo: photos.Photo) -> dict[str, int]:
    """In pixels of the photo as it was sent, the right way up."""
    return {side: round(value * photo.scale) for side, value in box._asdict().items()}


def _name() -> str:
    name = " ".join(request.form.get("name", "").split())
    if not name:
        raise Refused(400, "no_name", "The name is missing.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(400, "bad_name", f"A name is at most {LONGEST_NAME} printable characters.")
    return name


def _photo() -> photos.Photo:
    """The first file that was chosen: the page has two inputs, camera and album, and one stays empty."""
    for upload in request.files.getlist("photo"):
        data = upload.read()
        if data:
            return photos.read(data)
    raise Refused(400, "no_photo", "The photo is missing.")

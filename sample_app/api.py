"""The JSON API: the same as the page can do, for programs.

An error is {"error": {"code": a word, "message": a sentence}} with a status of 400 or more.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

import actions
import store
from refusal import Refused

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.post("/enrol")
def enrol() -> tuple[dict[str, Any], int]:
    """Fields name, photo: {"person": {"id", "name", "photos"}, "box": {"top", "right", "bottom", "left"}}."""
    return actions.enrol(), 201


@blueprint.post("/recognise")
def recognise() -> dict[str, Any]:
    """Field photo: {"width", "height", "faces": [{"box", "person": {"id", "name"} or null, "distance"}]}."""
    return actions.recognise()


@blueprint.get("/people")
def people() -> dict[str, Any]:
    """{"people": [{"id", "name", "photos"}]}, by name."""
    return {"people": [person._asdict() for person in store.people(actions.connection())]}


@blueprint.delete("/people/<int:person>")
def remove(person: int) -> tuple[str, int]:
    """Forget someone: 204 without content, or 404."""
    if not store.remove(actions.connection(), person):
        raise Refused(404, "no_such_person", f"There is no person {person}.")
    return "", 204

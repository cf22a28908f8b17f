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
    return actions.enrol(), 201


@blueprint.post("/recognise")
def recognise() -> dict[str, Any]:
    return actions.recognise()


@blueprint.get("/people")
def people() -> dict[str, Any]:
    return {"people": [person._asdict() for person in store.people(actions.connection())]}


@blueprint.delete("/people/<int:person>")
def remove(person: int) -> tuple[str, int]:
    if not store.remove(actions.connection(), person):
        raise Refused(404, "no_such_person", f"There is no person {person}.")
    return "", 204

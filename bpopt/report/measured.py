"""Measurements that are stored beside an app: the wheels that `bpopt wheels` built, with their seconds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bpopt.app import App

WHEELHOUSE = "wheelhouse"
RECORD = "wheels.json"


class Built(NamedTuple):
    """A wheel: distribution, version, file, its bytes and SHA-256; seconds to build it and to install it.

    `python` is the minor version, `machine` says in words on what it was measured, `day` is an ISO date;
    `glibc` is the oldest version of glibc that its compiled files run with, empty if it has none.
    """

    name: str
    version: str
    file: str
    bytes: int
    sha256: str
    build_seconds: float
    install_seconds: float
    python: str
    machine: str
    day: str
    glibc: str


def built(app: App, folder: str = WHEELHOUSE) -> tuple[Built, ...]:
    """The wheels on record, by name; none where there is no record or it cannot be read."""
    raw = app.files.read(f"{folder}/{RECORD}")
    return parse(raw) if raw is not None else ()


def parse(raw: bytes) -> tuple[Built, ...]:
    """Read a record; entries that are not whole are left out."""
    try:
        entries = json.loads(raw)
    except ValueError:
        return ()
    found = (
        [_built(entry) for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    )
    return tuple(sorted((own for own in found if own is not None), key=lambda own: (own.name, own.file)))


def _built(entry: dict[str, Any]) -> Built | None:
    if set(entry) != set(Built._fields):
        return None
    numbers = (entry["bytes"], entry["build_seconds"], entry["install_seconds"])
    if not all(isinstance(number, int | float) for number in numbers):
        return None
    return Built(**entry)


def render(wheels: tuple[Built, ...]) -> bytes:
    """The record of some wheels, as JSON."""
    return (json.dumps([wheel._asdict() for wheel in wheels], indent=2) + "\n").encode()

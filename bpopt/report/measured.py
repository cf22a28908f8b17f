"""Measurements that are stored: wheels that `bpopt wheels` built, results of `bpopt verify` and `bpopt tune`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpopt.app import App
    from bpopt.report.tuned import Tuned
    from bpopt.report.verified import Verified

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


class Results(NamedTuple):
    """What was measured and stored in files: by `bpopt verify`, by `bpopt tune`; None where nothing was."""

    verified: Verified | None = None
    tuned: Tuned | None = None


NOTHING = Results()


def results(paths: Iterable[str]) -> Results:
    """Read results that these commands wrote with `--output-format json`; ConfigError for a file that is none."""
    found = NOTHING
    for path in paths:
        found = found._replace(**_result(path))
    return found


def _result(path: str) -> dict[str, Any]:
    from bpopt.report import tuned, verified
    from bpopt.settings import ConfigError

    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        told = (data["kind"], data["version"])
        if told == ("bpopt verify", 1):
            return {"verified": verified.read(data)}
        if told == (tuned.KIND, tuned.VERSION):
            return {"tuned": tuned.read(data)}
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError(f"{path}: no whole result of bpopt verify or tune: {error!r}") from None
    raise ConfigError(f"{path}: no result of bpopt verify or tune (version 1), but {told[0]} {told[1]}")

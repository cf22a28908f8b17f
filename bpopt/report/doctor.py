"""From a log to its cause: patterns from `data/doctor.toml`, and the lines that tell most where none fits."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.report.telling import telling

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.report.logs import Log

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "doctor.toml")
_NAMED = re.compile(r"\{([a-z_]+)\}")
_OPTIONAL = re.compile(r"\[\[(.*?)\]\]")


class Cause(NamedTuple):
    """One way to fail, as `data/doctor.toml` has it; its head says what the fields mean. `read` is an ISO day."""

    name: str
    stage: str
    patterns: tuple[re.Pattern[str], ...]
    also: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    cause: str
    change: str
    source: str
    certain: bool
    general: bool
    kind: str
    file: str
    find: str
    line: str
    holder: str
    yields_to: tuple[str, ...]
    read: str


class Place(NamedTuple):
    """A line of the app that has to change: path, number (None where the file is not there), text."""

    path: str
    number: int | None
    text: str


class Diagnosis(NamedTuple):
    """A cause found in a log: at which line and character (from 0), how often, and the sentences with its words put in.

    `write` is the line of configuration that mends it, empty where there is none to tell.
    """

    cause: Cause
    at: int
    column: int
    times: int
    text: str
    change: str
    file: str
    write: str
    find: str


class Result(NamedTuple):
    """What a log tells: causes (those that are certain first), the steps that merely failed, and the telling lines."""

    causes: tuple[Diagnosis, ...]
    steps: tuple[Diagnosis, ...]
    lines: tuple[int, ...]


@cache
def _data() -> dict[str, Any]:
    import tomllib

    with open(DATA, "rb") as file:
        return tomllib.load(file)


def date() -> str:
    """The day on which sources were read whose cause tells no other (ISO)."""
    return str(_data()["date"])


@cache
def causes() -> tuple[Cause, ...]:
    """Every cause that can be recognised, in the order of the file."""
    sources, day = _data()["sources"], date()
    return tuple(_cause({"read": day, **entry}, sources) for entry in _data()["causes"])


def _cause(entry: dict[str, Any], sources: dict[str, str]) -> Cause:
    def compiled(key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern, re.MULTILINE) for pattern in entry.get(key, ()))

    return Cause(
        entry["name"],
        entry["stage"],
        compiled("patterns"),
        compiled("also"),
        compiled("unless"),
        entry["cause"],
        entry["change"],
        sources[entry["source"]],
        entry.get("certain", False),
        entry.get("general", False),
        entry.get("kind", ""),
        entry.get("file", ""),
        entry.get("find", ""),
        entry.get("line", ""),
        entry.get("holder", ""),
        tuple(entry.get("except", ())),
        entry["read"],
    )


def diagnose(log: Log) -> Result:
    """Recognise the causes in a log. Those that are certain come first, then in the order of the log."""
    found = [diagnosis for cause in causes() if (diagnosis := _match(cause, log))]
    names = {diagnosis.cause.name for diagnosis in found}
    found = [d for d in found if not names.intersection(d.cause.yields_to)]
    found.sort(key=lambda d: (not d.cause.certain, d.at))
    specific = tuple(d for d in found if not d.cause.general)
    return Result(specific, tuple(d for d in found if d.cause.general), telling(log))


def _match(cause: Cause, log: Log) -> Diagnosis | None:
    hits = [match for pattern in cause.patterns for match in pattern.finditer(log.text)]
    if not hits:
        return None
    if not all(p.search(log.text) for p in cause.also) or any(p.search(log.text) for p in cause.unless):
        return None
    first = min(hits, key=lambda match: match.start())
    words = {key.rstrip("234"): value for key, value in first.groupdict().items() if value}
    if cause.holder:
        known = _data()["holders"].get(os.path.basename(words.get(cause.holder, "")))
        known = known or _data()["holders"].get(words.get(cause.holder, ""))
        words |= {"holder": known} if known else {}
    at = log.line_of(first.start())
    return Diagnosis(
        cause,
        at,
        first.start() - log.starts[at],
        len({log.line_of(match.start()) for match in hits}),
        filled(cause.cause, words) or cause.cause,
        filled(cause.change, words) or cause.change,
        cause.file,
        filled(cause.line, words) or "",
        filled(cause.find, {key: re.escape(value) for key, value in words.items()}) or "",
    )


def filled(template: str, words: dict[str, str]) -> str | None:
    """Put words into `{name}`; `[[...]]` is left out where a word in it is missing, elsewhere that makes None.

    Braces that hold no name, as regular expressions have them, stay.
    """
    names = set(_NAMED.findall(_OPTIONAL.sub("", template)))
    if names - words.keys():
        return None
    text = _OPTIONAL.sub(lambda m: filled(m[1], words) or "", template)
    return _NAMED.sub(lambda m: words[m[1]], text)


def in_general(template: str) -> str:
    """A sentence as it holds without a log: the optional parts are left out."""
    return _OPTIONAL.sub("", template)


def place(diagnosis: Diagnosis, app: App) -> Place | None:
    """The line of the app that the diagnosis speaks of; None where it names none, or the app has no such line."""
    if not diagnosis.file:
        return None
    source = app.source(diagnosis.file)
    if source is None:
        return Place(diagnosis.file, None, "")
    pattern = re.compile(diagnosis.find) if diagnosis.find else None
    for number, line in enumerate(source.lines, 1):
        if pattern is not None and pattern.search(line.text):
            return Place(diagnosis.file, number, app.veiled(source).line_at(number).strip())
    return Place(diagnosis.file, None, "") if diagnosis.write or not diagnosis.find else None

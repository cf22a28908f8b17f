"""A diagnosis for people and for machines. Secrets that a log or a file holds are shown in stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.app.veil import hide
from bpopt.output.shown import safe
from bpopt.report import doctor
from bpopt.report.paint import Paint, field, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.output import Look
    from bpopt.report.doctor import Diagnosis, Result
    from bpopt.report.logs import Log

_LONGEST = 2000  # characters of a line that are looked at for showing it
_BEFORE = 24  # characters before the telling part of a line that are shown where there is no room for all
STAGES = {"build": "while the app was built", "boot": "while it started", "run": "while it ran"}


def text(log: Log, result: Result, app: App, look: Look) -> Iterator[str]:
    """The report, line by line: causes with their place in the log and the line to change, or what tells most."""
    paint = Paint(look)
    for diagnosis in result.causes:
        yield from _cause(log, diagnosis, app, paint)
        yield ""
    if not result.causes:
        yield from _unknown(log, result, paint)
    elif result.steps:
        names = ", ".join(step.cause.name for step in result.steps)
        yield from wrapped(f"Follows from it, most likely: {names}.", paint)


def _cause(log: Log, diagnosis: Diagnosis, app: App, paint: Paint) -> Iterator[str]:
    cause = diagnosis.cause
    sure = "error" if cause.certain else "warning"
    head = f"{'cause' if cause.certain else 'likely cause'}[{cause.name}]:"
    yield from wrapped(f"{head} {hide(diagnosis.text)}", paint, lead=head, style=sure)
    yield from _excerpt(log, diagnosis, paint)
    pad = " " * len(str(log.first + diagnosis.at))
    yield from field("when", _when(diagnosis), paint, pad)
    yield from field("change", hide(diagnosis.change), paint, pad)
    place = doctor.place(diagnosis, app)
    if place is not None:
        where = f"{place.path}:{place.number}: {safe(place.text)}" if place.number else place.path
        yield from field("in", where, paint, pad)
    if diagnosis.write:
        yield from field("such as", hide(diagnosis.write), paint, pad)
    yield from field("why", f"{cause.source}, read {cause.read}", paint, pad)


def _when(diagnosis: Diagnosis) -> str:
    cause = diagnosis.cause
    times = f", {diagnosis.times} times" if diagnosis.times > 1 else ""
    kind = f" ({cause.kind} in Heroku's build report)" if cause.kind else ""
    return f"{STAGES[cause.stage]}{times}{kind}"


def _excerpt(log: Log, diagnosis: Diagnosis, paint: Paint) -> Iterator[str]:
    number = str(log.first + diagnosis.at)
    pad = " " * len(number)
    yield f"{pad}{paint.frame('-->')} {log.name}:{number}"
    yield f"{pad} {paint.frame('|')}"
    yield f"{paint.frame(number + ' |')} {_line(log, diagnosis.at, paint, len(pad) + 3, diagnosis.column)}"
    yield f"{pad} {paint.frame('|')}"


def _line(log: Log, index: int, paint: Paint, taken: int, column: int = 0) -> str:
    """A line of the log, safe for a terminal of which some columns are taken.

    What the platform put before it goes first if it does not fit, then what is far from `column`.
    """
    room = paint.width - taken
    whole = safe(hide(log.lines[index].strip()[:_LONGEST]), paint.look.ascii)
    if len(whole) <= room:
        return whole
    bare = safe(hide(log.bare(index)[:_LONGEST]), paint.look.ascii)
    start = max(0, min(column - _BEFORE, len(bare) - room))
    shown = bare[start : start + room]
    shown = shown if start == 0 else f"...{shown[3:]}"
    return shown if start + room >= len(bare) else f"{shown[:-3]}..."


def _unknown(log: Log, result: Result, paint: Paint) -> Iterator[str]:
    """Say what is not known: which step failed at most, and the lines that tell most."""
    for step in result.steps[:1]:
        yield from wrapped(f"step that failed: {step.text}", paint, lead="step that failed:", style="warning")
        yield from _excerpt(log, step, paint)
    if not result.lines:
        yield from wrapped(f"Nothing in {log.name} looks like a failure that bpopt knows.", paint)
        return
    yield from wrapped(
        "The cause is none that bpopt knows. The lines that tell most, in the order of the log:", paint
    )
    width = len(str(log.first + result.lines[-1]))
    for index in result.lines:
        number = str(log.first + index).rjust(width)
        yield f"  {paint.frame(number + ' |')} {_line(log, index, paint, width + 5)}"


def data(log: Log, result: Result, app: App) -> dict[str, Any]:
    """The same as plain data for JSON; line numbers from 1."""
    return {
        "log": log.name,
        "known": bool(result.causes),
        "causes": [_data(log, diagnosis, app) for diagnosis in result.causes],
        "steps": [_data(log, diagnosis, app) for diagnosis in result.steps],
        "telling": [{"line": log.first + i, "text": hide(log.lines[i].strip())} for i in result.lines],
    }


def _data(log: Log, diagnosis: Diagnosis, app: App) -> dict[str, Any]:
    place = doctor.place(diagnosis, app)
    cause = diagnosis.cause
    return {
        "name": cause.name,
        "kind": cause.kind or None,
        "stage": cause.stage,
        "certain": cause.certain,
        "line": log.first + diagnosis.at,
        "text": hide(log.lines[diagnosis.at].strip()),
        "times": diagnosis.times,
        "cause": hide(diagnosis.text),
        "change": hide(diagnosis.change),
        "place": place._asdict() if place else None,
        "write": hide(diagnosis.write) or None,
        "source": cause.source,
        "read": cause.read,
    }

"""The status for people and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.output.shown import safe
from bpopt.report import stages as stages_room
from bpopt.report.paint import Paint, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.output import Look
    from bpopt.report.score import Score
    from bpopt.report.stages import Stages, Step

_TITLES = {
    stages_room.FIX: "bpopt fix does",
    stages_room.UNSAFE: "bpopt fix --unsafe does (it changes how the app behaves)",
    stages_room.YOU: "left to you",
    stages_room.NOBODY: "cannot be mended here",
}
_ARITHMETIC = (
    "  Each area starts at 100 %. Each rule that finds something takes a share of what is left: an error 50 %, a "
    "warning 20 %, a note 5 %, and up to twice as much where its cost was measured or looked up (all of it at 5 "
    "minutes or 500 MB). The status is the mean of the areas that apply, rounded down, and half of it while there "
    "is an error. The weights are a judgement."
)
_SEVERITY = {"error": "error", "warning": "warning", "info": "note"}


def named(stages: Stages) -> tuple[tuple[str, Score], ...]:
    """The three points and their names."""
    return (("now", stages.now), ("after bpopt fix", stages.fixed), ("after the manual steps", stages.manual))


def text(app: App, stages: Stages, look: Look, areas: bool) -> Iterator[str]:
    """Three bars, with `areas` what takes from which area, and the steps by who does them."""
    paint = Paint(look)
    targets = ", ".join(target.label for target in app.targets)
    yield paint("strong", app.root or ".") + paint("faint", f"  {targets}")
    yield ""
    for name, score in named(stages):
        count = f"{score.findings} finding{'s' if score.findings != 1 else ''}"
        yield f"  {name:<22} {score.percent:>3} %  {_bar(score.percent, paint)}  {paint('faint', count)}"
    if any(finding.severity.rank == 0 for finding in stages.result.counted):
        yield from wrapped("  Half of the mean of the areas while there is an error.", paint, indent="  ")
    if areas:
        yield ""
        yield from _areas(stages, paint)
        yield ""
        yield from wrapped(_ARITHMETIC, paint, indent="  ")
    for who, title in _TITLES.items():
        steps = stages.of(who)
        if steps:
            yield ""
            yield f"  {paint('strong', title)}"
            for step in steps:
                yield from _step(step, paint)
    yield ""
    yield from wrapped(
        "  Settings made outside of these files are not counted: bpopt env shows them."
        + ("" if areas else " How it is counted: bpopt status --areas."),
        paint,
        indent="  ",
    )


def _bar(percent: int, paint: Paint) -> str:
    size = max(10, min(30, paint.width - 48))
    full = round(size * percent / 100)
    done, rest = ("#", ".") if paint.look.ascii else ("█", "░")
    style = "safe" if percent >= 90 else "warning" if percent > 50 else "error"
    return paint(style, done * full) + paint("faint", rest * (size - full))


def _areas(stages: Stages, paint: Paint) -> Iterator[str]:
    """The percentages of each area at the three points, and what takes from it now."""
    fixed = {area.family: area.percent for area in stages.fixed.areas}
    manual = {area.family: area.percent for area in stages.manual.areas}
    yield f"  {'area':<26}   now  fixed  manual"
    for area in stages.now.areas:
        row = (area.percent, fixed.get(area.family, 100.0), manual.get(area.family, 100.0))
        yield f"  {area.title:<26} {row[0]:>5.0f} {row[1]:>6.0f} {row[2]:>7.0f}"
        for one in area.shares:
            times = f", {one.places} places" if one.places > 1 else ""
            label = f"{one.severity.value if one.severity.value != 'info' else 'note'}{times}"
            yield paint("faint", f"      -{100 * one.share:.0f} %  {one.code} {one.name} ({label})")


def _step(step: Step, paint: Paint) -> Iterator[str]:
    finding = step.finding
    word = _SEVERITY[finding.severity.value]
    place = f"{finding.path}:{finding.start.line}"
    yield f"    {paint(word, finding.code)} {safe(place)}"
    yield from wrapped(f"      {safe(finding.message)}", paint, indent="      ")
    title = finding.help if step.who == stages_room.YOU else finding.fix.title if finding.fix else ""
    if title:
        yield from wrapped(paint("faint", f"      -> {safe(title)}"), paint, indent="         ")


def data(app: App, stages: Stages) -> dict[str, Any]:
    """The same as plain data for JSON."""
    return {
        "app": app.root or ".",
        "targets": [target.label for target in app.targets],
        "stages": [{"name": name, **_score(score)} for name, score in named(stages)],
        "steps": [_step_data(step) for step in stages.steps],
    }


def _score(score: Score) -> dict[str, Any]:
    areas = [
        {
            "family": area.family,
            "title": area.title,
            "percent": round(area.percent, 1),
            "takes": [
                {**s._asdict(), "severity": s.severity.value, "share": round(s.share, 3)} for s in area.shares
            ],
        }
        for area in score.areas
    ]
    return {"percent": score.percent, "findings": score.findings, "areas": areas}


def _step_data(step: Step) -> dict[str, Any]:
    finding = step.finding
    return {
        "who": step.who,
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "path": finding.path,
        "line": finding.start.line,
        "message": finding.message,
        "help": finding.help,
        "fix": finding.fix.title if finding.fix else None,
    }

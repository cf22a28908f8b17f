"""Stage `boot`: seconds from starting the command to the first good answer, and whether it stops when asked to."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from bpopt.verify import model, processes
from bpopt.verify.model import FAILED, PASSED, SKIPPED, Measure, StageResult
from bpopt.verify.server import NoServer, Server
from bpopt.verify.waiting import Boot, wait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bpopt.verify.model import Plan, Progress, Side

NAME = "boot"
TITLE = "Start-up"


def run(before: Side, after: Side, plan: Plan, progress: Progress) -> StageResult:
    """Start each side in turn, round by round."""
    began = monotonic()
    unable = processes.supported()
    if unable is not None:
        return StageResult(NAME, SKIPPED, unable)
    try:
        firsts = {side.name: start(side, plan, progress) for side in (before, after)}
        expected = 1.5 * (monotonic() - began)  # three starts, where these were two
    except NoServer as error:
        return StageResult(NAME, SKIPPED, str(error), seconds=monotonic() - began)
    details = {name: _told(boot, stopped) for name, (boot, stopped) in firsts.items()}
    down = _verdict(firsts, details, began)
    if down is not None:
        return down
    measures = _rounds(before, after, plan, progress, began, expected)
    if not measures:  # no time for even one round: the first starts are all there is
        measures = (_measure({name: [boot.seconds] for name, (boot, _) in firsts.items()}, plan),)
    notes = tuple(_notes(firsts, plan))
    return StageResult(NAME, PASSED, "", measures, notes, details, monotonic() - began)


def start(side: Side, plan: Plan, progress: Progress, label: str = "") -> tuple[Boot, bool]:
    """Start a side once: how it went, and whether it stopped when asked to (only then if it came up)."""
    progress.step(f"starting {label or side.name}")
    with Server(side, plan, label) as server:
        boot = wait(server, plan.traffic, plan.deadline)
        return boot, server.stop() if boot.up else False


def _verdict(
    firsts: dict[str, tuple[Boot, bool]], details: Mapping[str, object], began: float
) -> StageResult | None:
    """The result if not both sides come up, None if they do."""
    before, after = firsts["before"][0], firsts["after"][0]
    seconds = monotonic() - began
    if not after.up:
        both = ", and so does not before" if not before.up else ""
        reason = f"after does not come up{both}: {after.reason}"
        return StageResult(NAME, FAILED, reason, details=details, seconds=seconds)
    if not before.up:
        note = f"before does not come up, after does: {before.reason}"
        return StageResult(NAME, PASSED, notes=(note,), details=details, seconds=seconds)
    return None


def _told(boot: Boot, stopped: bool) -> dict[str, object]:
    return {**boot._asdict(), "stopped_on_term": stopped}


def _notes(firsts: dict[str, tuple[Boot, bool]], plan: Plan) -> list[str]:
    return [
        f"{name} did not stop within {plan.grace:.0f} s of SIGTERM and was killed"
        for name, (_, stopped) in firsts.items()
        if not stopped
    ]


def _rounds(
    before: Side, after: Side, plan: Plan, progress: Progress, began: float, expected: float
) -> tuple[Measure, ...]:
    """The measure after as many rounds as fit; a start that fails now ends the rounds, it is no figure."""
    seconds: dict[str, list[float]] = {label: [] for label in model.LABELS}
    left = model.seconds_left(plan, NAME, began)
    measure: Measure | None = None
    for number, order in enumerate(model.rounds(plan, NAME, left, expected), 1):
        boots = {}
        for label in order:
            side = model.side_of(label, before, after)
            boots[label], _ = start(side, plan, progress, label)
        if not all(boot.up for boot in boots.values()):
            break
        for label, boot in boots.items():
            seconds[label].append(boot.seconds)
        measure = _measure(seconds, plan)
        progress.step(f"round {number} done")
        if number >= plan.min_rounds and plan.enough is not None and plan.enough((measure,)):
            break
    return () if measure is None else (measure,)


def _measure(seconds: dict[str, list[float]], plan: Plan) -> Measure:
    how = (
        f"seconds from starting the web command to the first good answer on {plan.traffic.health}, files warm"
    )
    return model.measured("boot.seconds", "Startup", "s", True, seconds, how)

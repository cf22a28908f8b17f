"""Where an app stands: now, after `bpopt fix`, and after what is left to do by hand, and who does what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt import engine, fixer
from bpopt.report.score import Score, score

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.engine import AppResult
    from bpopt.finding import Finding
    from bpopt.fixer import Fixed
    from bpopt.settings import Settings

_ORDER = FIX, UNSAFE, YOU, NOBODY = "bpopt fix", "bpopt fix --unsafe", "you", "nobody"


class Step(NamedTuple):
    """One finding to be mended, and who does it."""

    finding: Finding
    who: str


class Stages(NamedTuple):
    """The status at three points, what `bpopt fix` would do, and the steps in between in order."""

    result: AppResult
    now: Score
    fixed: Score
    manual: Score
    fix: Fixed
    steps: tuple[Step, ...]

    def of(self, *who: str) -> tuple[Step, ...]:
        """The steps that somebody does."""
        return tuple(step for step in self.steps if step.who in who)


def stages(app: App, settings: Settings) -> Stages:
    """Check an app, fix it in memory, and count; nothing is written.

    Findings that say how they are mended count as mended after the manual steps; others stay.
    """
    result = engine.check(app, settings)
    fixed = fixer.converge(app, settings, False, engine.check)
    after = app.with_changes(fixed.changes)
    left = fixed.remaining.counted
    unsafe = {(f.code, f.path, f.span) for f in fixer.choose(fixed.remaining, settings, True)}
    by_hand = [Step(f, _who(f, (f.code, f.path, f.span) in unsafe)) for f in left]
    stuck = [step.finding for step in by_hand if step.who == NOBODY]
    steps = [*(Step(f, FIX) for f in fixed.applied), *by_hand]
    steps.sort(key=lambda step: (_ORDER.index(step.who), step.finding.severity.rank, step.finding.sort_key))
    return Stages(
        result, score(app, result.counted), score(after, left), score(after, stuck), fixed, tuple(steps)
    )


def _who(finding: Finding, unsafe: bool) -> str:
    if unsafe:
        return UNSAFE
    return YOU if finding.help or finding.fix is not None else NOBODY

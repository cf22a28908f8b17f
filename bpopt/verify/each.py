"""`--each`: the states with one rule's fix alone, and the stages that can tell what that fix does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import apt, sides, stats
from bpopt.verify.model import FAILED
from bpopt.verify.report import Effect

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.settings import Settings
    from bpopt.verify.model import StageResult
    from bpopt.verify.run import Wishes
    from bpopt.verify.sides import Sides

TIMED = ("boot", "probe", "load", "memory")
# What decides about the build and the image, and not about how the app runs in an environment that is there.
NOT_RUN = frozenset({"Aptfile", ".slugignore", "runtime.txt", ".python-version", "requirements.txt"})


class Alone(NamedTuple):
    """One rule's fixes: their titles, the two states, and the stages to run on them, in order."""

    code: str
    name: str
    fixes: tuple[str, ...]
    sides: Sides
    stages: tuple[str, ...]

    @property
    def timed(self) -> bool:
        """Whether the app has to be run to tell."""
        return any(name in TIMED for name in self.stages)

    def effect(self, results: tuple[StageResult, ...]) -> Effect:
        """What the stages found."""
        changes = {m.key: stats.change(m) for r in results for m in r.measures if m.before and m.after}
        failed = tuple(f"{result.stage}: {result.reason}" for result in results if result.status == FAILED)
        return Effect(self.code, self.name, self.fixes, changes, failed)


def make(app: App, settings: Settings, made: Sides, folder: str, wishes: Wishes) -> tuple[Alone, ...]:
    """The states of each rule whose fixes `made` has, below `folder`; of the stages those that are wished for."""
    found = []
    for code in dict.fromkeys(finding.code for finding in made.applied):
        own = tuple(finding for finding in made.applied if finding.code == code)
        titles = tuple(finding.fix.title for finding in own if finding.fix is not None)
        states = sides.make(
            app, settings, f"{folder}/{code}", unsafe=wishes.unsafe, before=wishes.before, only=own
        )
        found.append(Alone(code, own[0].name, titles, states, stages_for(states, wishes.stages)))
    return tuple(found)


def stages_for(states: Sides, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The stages of `wanted` that what is different can change."""
    telling = {"slug"}
    if apt.lines(states.before.app) != apt.lines(states.after.app):
        telling.add("apt")
    if any(path not in NOT_RUN for path in states.changed):
        telling.update(TIMED)
    return tuple(name for name in wanted if name in telling)

"""What one run of verify found, whole: every format is made from this and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.verify import stats
from bpopt.verify.model import FAILED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.verify.gates import Outcome
    from bpopt.verify.model import Measure, StageResult
    from bpopt.verify.stats import Change


class Applied(NamedTuple):
    """A fix that the after state has: the rule, the file, what was done, and why it is unsafe (empty if it is not)."""

    code: str
    name: str
    path: str
    title: str
    unsafe: str = ""

    @property
    def text(self) -> str:
        """In words."""
        return f"{self.title} (unsafe: {self.unsafe})" if self.unsafe else self.title


class Effect(NamedTuple):
    """What one rule's fix does on its own (`--each`): every measure's change by key; `failed` says what broke."""

    code: str
    name: str
    fixes: tuple[str, ...]
    changes: dict[str, Change]
    failed: tuple[str, ...]


class Report(NamedTuple):
    """A run: the two states, what was done, what was found, on what.

    `app` is the app's folder as given, `titles` the states in words, `seconds` how long it took; `date` is ISO
    with zone. `settings` are those of the run (seed, budget, traffic's hash, memory limit, ...). `earlier` is the
    stored result that this one is held against, as the JSON format has it.
    """

    app: str
    date: str
    titles: tuple[str, str]
    applied: tuple[Applied, ...]
    changed: tuple[str, ...]
    diff: str
    results: tuple[StageResult, ...]
    gates: tuple[Outcome, ...]
    machine: dict[str, Any]
    settings: dict[str, Any]
    seconds: float
    notes: tuple[str, ...] = ()
    each: tuple[Effect, ...] = ()
    earlier: dict[str, Any] | None = None

    @property
    def failed(self) -> tuple[str, ...]:
        """Every reason for exit code 1: stages that failed and gates that do not hold."""
        stages = (f"{result.stage}: {result.reason}" for result in self.results if result.status == FAILED)
        gates = (f"{gate.name}: {gate.text}" for gate in self.gates if not gate.holds)
        return (*stages, *gates)

    def result(self, stage: str) -> StageResult | None:
        """What a stage found, None if it was not run."""
        return next((result for result in self.results if result.stage == stage), None)

    def measures(self) -> Iterator[tuple[Measure, Change]]:
        """All measures with their changes, in the order of stages."""
        for result in self.results:
            for measure in result.measures:
                if measure.before and measure.after:
                    yield measure, stats.change(measure)

    def moved(self, effect: Effect) -> list[tuple[str, Change]]:
        """What one rule's fix changed on its own, by the titles of the measures."""
        titles = {measure.key: measure.title for measure, _ in self.measures()}
        return [
            (titles.get(key, key), change)
            for key, change in effect.changes.items()
            if change.verdict in (stats.BETTER, stats.WORSE)
        ]

    def find(self, *keys: str) -> tuple[Measure, Change] | None:
        """The first measure that has one of the keys, tried in order; a key that ends in `*` is a beginning."""
        found = {measure.key: (measure, change) for measure, change in self.measures()}
        for key in keys:
            for name, pair in found.items():
                if name == key or (key.endswith("*") and name.startswith(key[:-1])):
                    return pair
        return None

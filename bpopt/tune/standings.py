"""Where each configuration stands after the rounds so far, by the statistics of verify: pooled, paired, with noise.

A round gives the ratio of a configuration to the current one, measured twice beside it, so that rounds of other blocks
and other machines can be pooled. Two configurations are held against each other in the rounds that both were in.
"""

from __future__ import annotations

from math import log
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bpopt.tune.rounds import FIGURES
from bpopt.verify import stats
from bpopt.verify.model import AFTER, BEFORE, BEFORE_AGAIN, Measure
from bpopt.verify.stats import Change

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpopt.tune.candidates import Candidate
    from bpopt.tune.objective import Objective
    from bpopt.tune.rounds import Figures, Outcome

GOAL = "objective"
_HOW = "closed loop, the mix of the traffic, in turn with the current configuration"

Round = dict[str, dict[str, float]]


class Standing(NamedTuple):
    """One configuration: its rounds by (block, number), the changes of each figure against the current one.

    `fault` is why it is out of the question, `peak` the greatest PSS seen with the largest requests, in bytes.
    """

    candidate: Candidate
    rounds: dict[tuple[str, int], Round]
    changes: dict[str, Change]
    fault: str = ""
    peak: float = 0.0

    @property
    def score(self) -> float:
        """The ratio of the objective to the current configuration's."""
        found = self.changes.get(GOAL)
        return found.ratio if found is not None and found.ratio is not None else 0.0

    def figure(self, name: str) -> float:
        """The median of a figure, 0 where there is none."""
        return self.changes[name].after if name in self.changes else 0.0


def pool(outcomes: Iterable[Outcome], objective: Objective) -> tuple[Standing, ...]:
    """The standings of all configurations that were measured."""
    by_candidate: dict[Candidate, list[Outcome]] = {}
    for outcome in outcomes:
        by_candidate.setdefault(outcome.candidate, []).append(outcome)
    return tuple(_standing(candidate, own, objective) for candidate, own in by_candidate.items())


def _standing(candidate: Candidate, own: list[Outcome], objective: Objective) -> Standing:
    rounds = {
        (outcome.block, number): {label: _with_goal(one[label], objective) for label in one}
        for outcome in own
        for number, one in enumerate(outcome.rounds)
    }
    names = [*FIGURES, GOAL]
    changes = {n: stats.change(m) for n in names if (m := measure(n, list(rounds.values()))) is not None}
    fault = next((outcome.fault for outcome in own if outcome.fault), "")
    return Standing(candidate, rounds, changes, fault, max(outcome.peak for outcome in own))


def _with_goal(figures: Figures, objective: Objective) -> Figures:
    return {**figures, GOAL: objective.value(figures)}


def measure(name: str, rounds: list[Round]) -> Measure | None:
    """The rounds of one figure as verify's measure, None where no round has it."""
    columns = [
        tuple(one[label][name] for one in rounds if all(name in one[other] for other in one))
        for label in (BEFORE, BEFORE_AGAIN, AFTER)
    ]
    if not columns[0]:
        return None
    title, unit, lower = FIGURES.get(name, (name, "ratio", False))
    return Measure(f"tune.{name}", title, unit, lower, columns[0], columns[1], columns[2], _HOW)


def against(first: Standing, other: Standing, name: str = GOAL) -> Change | None:
    """The change from one configuration to another, in the rounds that both were in; None if there are none.

    The noise is that of the control against itself, of the same variance: that of two single measurements.
    """
    shared = [key for key in first.rounds if key in other.rounds]
    pairs = [(first.rounds[key], other.rounds[key]) for key in shared]
    pairs = [(a, b) for a, b in pairs if name in a[AFTER] and name in b[AFTER]]
    if not pairs:
        return None
    unit, lower = FIGURES.get(name, (name, "ratio", False))[1:]
    effect = [log(b[AFTER][name] / a[AFTER][name]) for a, b in pairs]
    noise = [log(a[BEFORE_AGAIN][name] / a[BEFORE][name]) for a, _ in pairs]
    values = [median(tuple(one[i][AFTER][name] for one in pairs)) for i in (0, 1)]
    return stats.paired(effect, noise, (values[0], values[1]), unit, lower)

"""What one run of tune found, whole: every format is made from this and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.tune.searching import BUDGET, CLEAR
from bpopt.verify import words

if TYPE_CHECKING:
    from bpopt.tune.candidates import Candidate, Left
    from bpopt.tune.deciding import Decision
    from bpopt.tune.model import Model
    from bpopt.tune.objective import Objective
    from bpopt.tune.resources import Resources
    from bpopt.tune.standings import Standing


NAMED = 4  # configurations that are even with the one that is recommended


class Report(NamedTuple):
    """A run: the app and what it has, the answer, what every configuration did, and on what.

    `ended` is "clear", "budget" or "interrupted"; `left` are configurations that were not tried; `diff` is what
    `--apply` changes, as `git apply` takes it. `seconds` is how long this run took.
    """

    app: str
    date: str
    resources: Resources
    objective: Objective
    current: Candidate
    decision: Decision
    standings: tuple[Standing, ...]
    left: tuple[Left, ...]
    model: Model
    clients: int
    ended: str
    diff: str
    machine: dict[str, Any]
    settings: dict[str, Any]
    notes: tuple[str, ...]
    seconds: float

    @property
    def chosen(self) -> Standing | None:
        """The standing of the configuration that is recommended, None if that is what the app has."""
        wanted = self.decision.chosen
        return None if self.decision.keep else next(s for s in self.standings if s.candidate == wanted)

    def front(self) -> tuple[Standing, ...]:
        """Those that no other beats in throughput, p95 and memory at once, by medians."""
        able = self.able()
        return tuple(s for s in able if not any(_dominates(other, s) for other in able))

    def able(self) -> tuple[Standing, ...]:
        """Those that work, whatever is recommended of them."""
        return tuple(s for s in self.standings if not s.fault and s.rounds)

    def peak(self, candidate: Candidate) -> float:
        """The memory that a configuration needs at its peak by the model, in bytes."""
        return self.model.peak(candidate, self.clients)


def _dominates(one: Standing, other: Standing) -> bool:
    """Whether one is at least as good in everything and better in something."""
    mine, theirs = _figures(one), _figures(other)
    return mine != theirs and all(a <= b for a, b in zip(mine, theirs, strict=True))


def _figures(standing: Standing) -> tuple[float, ...]:
    """What the front is made of, as ratios to the control so that machines may differ; less is better."""
    ratios = [
        standing.changes[name].ratio or 1.0
        for name in ("throughput", "p95", "memory")
        if name in standing.changes
    ]
    return (-ratios[0], *ratios[1:])


def sentences(report: Report, ascii_only: bool = False) -> list[str]:
    """The answer in words: what to run, what it changes with its interval, what is even with it."""
    decision, chosen = report.decision, report.chosen
    if chosen is None:
        found = [f"Keep what you have ({report.current.title}): {decision.why}."]
    else:
        found = [f"Run gunicorn with {chosen.candidate.title}: {decision.why}."]
        changes = [
            f"{name} {words.change(chosen.changes[name], ascii_only)}"
            for name in ("throughput", "p95", "memory", "health")
            if name in chosen.changes
        ]
        found.append(f"Against what you have: {'; '.join(changes)}.")
        if report.resources.memory:
            reckoned = report.model.sum(chosen.candidate, report.clients)
            found.append(f"At its peak: {reckoned}; the plan has {report.resources.memory / 2**20:.0f} MB.")
    if decision.even:
        names = ["what you have" if c == report.current else c.title for c in decision.even]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        found.append(f"In the objective it cannot be told from {', '.join(names[:NAMED])}{more}.")
    if report.ended != CLEAR:
        found.append(_not_clear(report))
    return found


def _not_clear(report: Report) -> str:
    why = "the budget is spent" if report.ended == BUDGET else "it was interrupted"
    return f"Not all is settled, {why}: run the same command again to go on where it stopped."

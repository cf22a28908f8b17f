"""Stage `load`: throughput, latency, errors and CPU under the traffic's mix, closed loop and open loop.

The three servers (before, before again, after) are all up, and take turns within each round: what changes on the
machine meanwhile meets all of them. Every answer is checked against what that server answered in a quiet moment.
"""

from __future__ import annotations

from contextlib import ExitStack
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.verify import figures, judging, model, phases, processes, turns
from bpopt.verify.figures import Figure
from bpopt.verify.model import (
    AFTER,
    BEFORE,
    BEFORE_AGAIN,
    FAILED,
    LABELS,
    PASSED,
    SKIPPED,
    Measure,
    StageResult,
)
from bpopt.verify.ready import Down, Ready, together
from bpopt.verify.server import NoServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.verify.judging import Judge
    from bpopt.verify.model import Plan, Progress, Side
    from bpopt.verify.phases import Phase, Sample
    from bpopt.verify.server import Server

NAME = "load"
TITLE = "Load"

ROUNDS = 8  # what the phases are sized for; more if there is time, fewer if `enough` says so
KEPT = 300  # latencies that are kept of each side and phase, spread over the distribution

# What a round counts over all its phases: key, title, unit, lower is better, how.
ERRORS = (
    "load.errors",
    "Wrong or missing answers",
    "count",
    True,
    "counted over all phases of a round of load",
)
RESTARTS = ("load.restarts", "Workers restarted", "count", True, "counted over all phases of a round of load")


class Trouble(NamedTuple):
    """What went wrong on one side in all rounds together."""

    asked: int = 0
    wrong: int = 0
    failed: int = 0
    crashed: int = 0
    timeouts: int = 0
    replaced: int = 0
    examples: tuple[str, ...] = ()

    def plus(self, sample: Sample) -> Trouble:
        """With what another phase gave."""
        tally, events = sample.tally, sample.events
        return Trouble(
            self.asked + tally.right + tally.faults,
            self.wrong + tally.wrong,
            self.failed + tally.failed,
            self.crashed + events.crashed,
            self.timeouts + events.timeouts,
            self.replaced + max(sample.replaced, events.booted),
            tuple(dict.fromkeys(self.examples + tally.examples))[: judging.EXAMPLES],
        )


class Book:
    """The samples of a run: figures by key and label, latencies, trouble."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        self.values: dict[str, dict[str, list[float]]] = {}
        self.latencies: dict[str, dict[str, list[float]]] = {label: {} for label in LABELS}
        self.trouble = dict.fromkeys(LABELS, Trouble())
        self._counted = dict(self.trouble)  # what earlier rounds had of it

    def add(self, label: str, phase: Phase, sample: Sample, plan: Plan) -> None:
        """Enter what a phase gave on a side."""
        self.trouble[label] = self.trouble[label].plus(sample)
        for figure in figures.figures(phase, sample, plan.traffic):
            self._enter(label, figure)
        seconds = [e.seconds for e in sample.exchanges if not e.answer.error]
        self.latencies[label].setdefault(phase.key, []).extend(seconds)

    def _enter(self, label: str, figure: Figure) -> None:
        self.figures.setdefault(figure.key, figure)
        self.values.setdefault(figure.key, {name: [] for name in LABELS})[label].append(figure.value)

    def close_round(self) -> None:
        """Enter what went wrong in all phases of a round together."""
        for label, total in self.trouble.items():
            old = self._counted[label]
            errors = total.wrong + total.failed - old.wrong - old.failed
            restarts = total.replaced - old.replaced
            self._enter(label, Figure(*ERRORS[:4], errors, ERRORS[4]))
            self._enter(label, Figure(*RESTARTS[:4], restarts, RESTARTS[4]))
        self._counted = dict(self.trouble)

    def measures(self) -> tuple[Measure, ...]:
        """The measures of the rounds so far."""
        return tuple(
            model.measured(f.key, f.title, f.unit, f.lower_is_better, self.values[f.key], f.how)
            for f in self.figures.values()
            if all(self.values[f.key].values())
        )

    def pooled(self) -> tuple[Measure, ...]:
        """The 99th percentiles for which no round alone has the answers: of all rounds together, no interval."""
        found = []
        for key, figure in self.figures.items():
            phase = key.removesuffix(".p95").removeprefix("load.")
            every = [self.latencies[label].get(phase, []) for label in LABELS]
            name, least = f"load.{phase}.p99", min(map(len, every))
            if key.endswith(".p95") and name not in self.figures and least >= figures.ENOUGH_FOR_P99:
                first, again, after = ((figures.quantile(seconds, 0.99),) for seconds in every)
                title, how = figure.title.replace("p95", "p99"), "99 % of the answers of all rounds together"
                found.append(Measure(name, title, "s", True, first, again, after, how))
        return tuple(found)

    def details(self, chosen: tuple[Phase, ...]) -> dict[str, Any]:
        """All else, for JSON."""
        spread = {
            label: {key: thinned(values) for key, values in own.items()}
            for label, own in self.latencies.items()
        }
        trouble = {label: own._asdict() for label, own in self.trouble.items()}
        return {"phases": [phase._asdict() for phase in chosen], "latencies": spread, "trouble": trouble}


def run(before: Side, after: Side, plan: Plan, progress: Progress) -> StageResult:
    """Put both sides under load, round by round."""
    began = monotonic()
    unable = processes.supported()
    if unable is not None:
        return StageResult(NAME, SKIPPED, unable)
    try:
        result = _run(before, after, plan, progress, began)
    except (NoServer, Down) as error:
        result = StageResult(NAME, SKIPPED, str(error))
    return result._replace(seconds=monotonic() - began)


def _run(before: Side, after: Side, plan: Plan, progress: Progress, began: float) -> StageResult:
    book = Book()
    with ExitStack() as stack:
        progress.step("starting all three, and asking each one request at a time")
        ready = {label: Ready(model.side_of(label, before, after), plan, label) for label in LABELS}
        started = together(ready, lambda label: 1 if label == BEFORE_AGAIN else 2, stack)
        for down in started.downs.values():
            raise down
        servers = started.servers
        judges = judging.learn_all(plan.traffic, started.passes, (BEFORE, BEFORE_AGAIN))
        progress.step("finding out how much before can do")
        capacity = phases.capacity(servers[BEFORE], plan.traffic, plan.seed)
        left = model.seconds_left(plan, NAME, began)
        chosen = phases.choose(plan.traffic, capacity, left / len(LABELS) / ROUNDS)
        rounds = _rounds(servers, judges, chosen, book, plan, progress, left)
    reason = _verdict(book.trouble[BEFORE], book.trouble[AFTER])
    measures = book.measures() + book.pooled()
    details = {
        **book.details(chosen),
        "capacity": {str(c): round(r, 2) for c, r in capacity.items()},
        "rounds": rounds,
    }
    return StageResult(NAME, FAILED if reason else PASSED, reason, measures, tuple(_notes(book)), details)


def _rounds(
    servers: dict[str, Server],
    judges: dict[str, Judge],
    chosen: tuple[Phase, ...],
    book: Book,
    plan: Plan,
    progress: Progress,
    seconds: float,
) -> int:
    """Rounds of all phases until the time is over, one side is broken, or the answer is clear; how many."""
    number = 0
    for number, order in enumerate(model.rounds(plan, NAME, seconds), 1):
        for phase in chosen:
            if phase.kind in (phases.SLOW, phases.IDLE) and number > plan.min_rounds:
                continue
            progress.step(f"round {number}: {phase.title}")
            for label, sample in _samples(servers, order, judges, phase, plan):
                book.add(label, phase, sample, plan)
        book.close_round()
        if any(trouble.failed > trouble.asked / 2 for trouble in book.trouble.values()):
            break
        if number >= plan.min_rounds and plan.enough is not None and plan.enough(book.measures()):
            break
    return number


def _samples(
    servers: dict[str, Server], order: Iterable[str], judges: dict[str, Judge], phase: Phase, plan: Plan
) -> Iterator[tuple[str, Sample]]:
    """What a phase gives on each side, with the same requests in every round."""
    seed = f"{plan.seed}:{phase.key}"
    if phase.kind in phases.LOOPS:
        yield from turns.in_turns(servers, phase, plan.traffic, judges, seed).items()
        return
    for label in order:
        yield label, turns.run(servers[label], phase, plan.traffic, judges[label], seed)


def _verdict(before: Trouble, after: Trouble) -> str:
    """Why after fails under load, empty if it does not: faults that before does not have."""
    found = []
    for count, old, text in (
        (after.wrong, before.wrong, "wrong answers"),
        (after.failed, before.failed, "requests without an answer"),
        (after.crashed, before.crashed, "workers crashed"),
        (after.timeouts, before.timeouts, "workers hung until their time-out"),
    ):
        if count and not old:
            found.append(f"{count} {text}")
    example = f" ({after.examples[0]})" if after.examples else ""
    return f"after, in {after.asked} requests: {', '.join(found)}{example}" if found else ""


def _notes(book: Book) -> list[str]:
    notes = []
    for label in (BEFORE, AFTER):
        trouble = book.trouble[label]
        if trouble.wrong or trouble.failed:
            example = f" ({trouble.examples[0]})" if trouble.examples else ""
            notes.append(
                f"{label}: {trouble.wrong} wrong and {trouble.failed} missing answers of {trouble.asked}{example}"
            )
        if trouble.replaced:
            notes.append(f"{label}: {trouble.replaced} workers were replaced in {trouble.asked} requests")
    return notes


def thinned(values: list[float]) -> list[float]:
    """At most KEPT of the values in order of size, evenly spread, the least and the greatest included."""
    ordered = [round(value, 6) for value in sorted(values)]
    if len(ordered) <= KEPT:
        return ordered
    return [ordered[index * (len(ordered) - 1) // (KEPT - 1)] for index in range(KEPT)]

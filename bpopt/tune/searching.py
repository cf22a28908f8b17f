"""The search: rung by rung, block by block, with whoever else works on the study, until it is clear or time is over."""

from __future__ import annotations

from statistics import median
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

from bpopt.tune import deciding, halving, rounds, standings
from bpopt.verify import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bpopt.tune.bench import Bench
    from bpopt.tune.candidates import Candidate
    from bpopt.tune.deciding import Decision
    from bpopt.tune.halving import Rung
    from bpopt.tune.objective import Objective
    from bpopt.tune.standings import Standing
    from bpopt.tune.store import Store

CLEAR, BUDGET, INTERRUPTED = "clear", "budget", "interrupted"
PARTS = 30  # blocks of the last rung at most
RESERVE = 2.5  # times a block of one round: what a block of the last rung takes, so much time is kept for it
WAIT = 0.5  # seconds between looks at what others have finished


class Search(NamedTuple):
    """What a search works with; `block` configurations are measured side by side, `requests` in each measurement.

    `took` are the rounds and seconds of the blocks so far, `fits` tells whether the plan holds the current
    configuration, `near` are those whose peak comes near its memory, `cost` is what one costs for the objective of the
    cheapest plan, None for all others.
    """

    bench: Bench
    store: Store
    objective: Objective
    space: tuple[Candidate, ...]
    block: int
    requests: int
    deadline: float
    took: list[tuple[int, float]]
    fits: bool = True
    near: frozenset[Candidate] = frozenset()
    cost: Callable[[Candidate], float] | None = None

    def standings(self, rung: int | None = None) -> tuple[Standing, ...]:
        """Where all stand by now, or stood when a rung was over."""
        return standings.pool(self.store.outcomes(rung), self.objective)

    def decide(self) -> Decision:
        """The answer by now."""
        return deciding.decide(self.standings(), self.bench.current, self.objective, self.cost, self.fits)


class _Over(Exception):
    """The time is over."""


def run(search: Search) -> str:
    """Search to the end; why it ended: CLEAR, BUDGET or INTERRUPTED."""
    alive: tuple[Candidate, ...] = search.space
    try:
        for rung in halving.rungs(len(alive)):
            if rung.last:
                return _final(search, rung, alive)
            in_time = _rung(search, rung, alive)
            left = [s for s in search.standings(rung.number) if s.candidate in alive]
            keep = rung.keep if in_time else halving.FINALISTS
            alive = deciding.survivors(left, search.objective, keep, search.cost)
            if not alive:
                return CLEAR if in_time else BUDGET
            if not in_time:
                return _final(search, halving.rungs(len(search.space))[-1], alive)
    except _Over:
        return BUDGET
    except KeyboardInterrupt:
        return INTERRUPTED
    return CLEAR


def _rung(search: Search, rung: Rung, alive: Sequence[Candidate]) -> bool:
    """All blocks of a rung, this run's and others'; false if the time that is left is only enough for the last rung."""
    ordered = sorted(alive)
    for number, start in enumerate(range(0, len(ordered), search.block)):
        search.store.offer(rung.number, f"{rung.number}.{number}", ordered[start : start + search.block])
    while True:
        if (
            search.took
            and monotonic() + _expected(search, rung._replace(rounds=halving.FINAL_ROUNDS)) > search.deadline
        ):
            return False
        if not _block(search, rung):
            if not search.store.running(rung.number) and not search.store.waiting():
                return True
            _pause(search, "waiting for the other runs of this study")


def _final(search: Search, rung: Rung, alive: Sequence[Candidate]) -> str:
    """Blocks of the finalists until the answer is clear."""
    if search.store.outcomes() and search.decide().clear:
        return CLEAR
    for part in range(PARTS):
        search.store.offer(rung.number, f"{rung.number}.{part}", sorted(alive))
        if _block(search, rung) and search.decide().clear:
            return CLEAR
        alive = _without_faults(search, alive)
        if not alive:
            return CLEAR
    return BUDGET


def _without_faults(search: Search, alive: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The finalists that work; if none does, the next best of all."""
    found = search.standings()
    left = tuple(s.candidate for s in found if s.candidate in alive and not s.fault)
    return left or deciding.survivors(found, search.objective, halving.FINALISTS, search.cost)


def _block(search: Search, rung: Rung) -> bool:
    """Take waiting trials and measure them; whether there were any. What is not finished is given back."""
    began = monotonic()
    if began + _expected(search, rung) > search.deadline:
        raise _Over
    claims = search.store.claim(search.block, rung.number)
    if not claims:
        return False
    try:
        candidates = tuple(claim.candidate for claim in claims)
        # Only what one run measured side by side shares rounds, whoever else took of the same block.
        name = f"{claims[0].block}.{claims[0].number}"
        _say(search, rung, name)
        works = rounds.Works(
            name, candidates, rung.rounds, search.requests, _untried(search, rung, candidates)
        )
        found = rounds.run(search.bench, works)
    except BaseException:
        search.store.give_back(claims)
        raise
    for claim, outcome in zip(claims, found, strict=True):
        own = standings.pool([outcome], search.objective)[0]
        search.store.report(claim, outcome, own.score)
    search.took.append((rung.rounds, monotonic() - began))
    return True


def _expected(search: Search, rung: Rung) -> float:
    """How many seconds a block of a rung will take, by those so far; 0 before the first."""
    found = [s if r >= rung.rounds else RESERVE * s for r, s in search.took]
    return median(found) if found else 0.0


def _untried(search: Search, rung: Rung, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Which to try with the largest requests: those that come near the plan's memory, and the finalists, once each."""
    known = {outcome.candidate for outcome in search.store.outcomes() if outcome.peak}
    return tuple(c for c in candidates if c not in known and (rung.last or c in search.near))


def _say(search: Search, rung: Rung, name: str) -> None:
    """What is tried now and what is best so far."""
    left = max(0.0, search.deadline - monotonic())
    kind = "finalists" if rung.last else f"rung {rung.number + 1}"
    best = _leading(search)
    search.bench.progress.stage(name, f"{kind}, {left:.0f} s left{best}")


def _leading(search: Search) -> str:
    """The first of the ranking as it stands, in few words; empty before anything was measured."""
    found = search.standings()
    order = deciding.finalists(deciding.ranked(found, search.objective, search.cost))
    if not found:
        return ""
    if not order or order[0].score < 1 / deciding.EVEN:
        return ", best so far: yours"
    return f", best so far: {order[0].candidate.short} ({words.percent(order[0].score)})"


def _pause(search: Search, text: str) -> None:
    search.bench.progress.step(text)
    if monotonic() + WAIT > search.deadline:
        raise _Over
    sleep(WAIT)

"""Which configuration to recommend, and whether that can be told: pure reckoning with standings.

The best in the objective leads. Those that cannot be told from it are even, and among them the least memory decides,
then the shorter p95, then what the app has already, then what is simpler. Keeping what there is, is a good answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt.tune.standings import GOAL, Standing, against
from bpopt.verify import stats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bpopt.tune.candidates import Candidate
    from bpopt.tune.objective import Objective
    from bpopt.verify.stats import Change

EVEN = 0.95  # of the best: what is shown to be further behind is not even
GUESS = 0.85  # of the best: what lies further behind is not even, however noisy the machine
ALIKE = 0.9  # memory or p95 within this ratio is not worth a choice
TELLING = 2  # rounds without which nothing can be told
DECIDED = 4  # rounds of the finalists that an answer takes at least


class Decision(NamedTuple):
    """The answer: `chosen` (the current one to keep it), those even with it, and why in a sentence.

    `change` is that of the objective against the current configuration, None when that is kept. `clear` tells that
    more rounds would change nothing.
    """

    chosen: Candidate
    keep: bool
    why: str
    even: tuple[Candidate, ...]
    change: Change | None
    clear: bool


def barred(standing: Standing, objective: Objective) -> str:
    """Why a configuration may not be recommended, empty if it may."""
    if standing.fault:
        return standing.fault
    if GOAL not in standing.changes:
        return "no round of it was finished"
    bound, p95 = objective.most_p95, standing.changes.get("p95")
    if bound is not None and p95 is not None and p95.after > bound:
        return f"p95 is over {bound:g} s"
    for name, ratio in objective.tolerated().items():
        found = standing.changes.get(name)
        if found is None or found.low is None or found.high is None:
            continue
        if found.low > ratio > 1 or found.high < ratio < 1:
            return f"{name} is {found.ratio:.2f} times yours"
    return ""


def ranked(
    standings: Iterable[Standing], objective: Objective, cost: Callable[[Candidate], float] | None = None
) -> list[Standing]:
    """The configurations that may be recommended, best first; even ones by what else speaks for them."""
    rest = [s for s in standings if not barred(s, objective)]
    found: list[Standing] = []
    while rest:
        best = preferred(_even_by_score(rest), cost)
        found.append(best)
        rest.remove(best)
    return found


def _even_by_score(rest: list[Standing]) -> list[Standing]:
    top = max(rest, key=lambda s: s.score)
    return [s for s in rest if s.score >= top.score * GUESS and _reach(s) >= top.score * EVEN]


def _reach(standing: Standing) -> float:
    """The upper end of the interval of the score, without end after a single round."""
    high = standing.changes[GOAL].high
    return float("inf") if high is None else high


def preferred(even: Sequence[Standing], cost: Callable[[Candidate], float] | None = None) -> Standing:
    """Of even configurations the one of the least cost, memory, p95, then the simplest."""
    left = list(even)
    keys: list[Callable[[Standing], float]] = [lambda s: s.figure("memory"), lambda s: s.figure("p95")]
    if cost is not None:
        keys.insert(0, lambda s: cost(s.candidate))
    for key in keys:
        least = min(map(key, left))
        left = [s for s in left if key(s) * ALIKE <= least]
    return min(left, key=lambda s: s.candidate.simplicity)


def survivors(
    standings: Iterable[Standing],
    objective: Objective,
    keep: int,
    cost: Callable[[Candidate], float] | None = None,
) -> tuple[Candidate, ...]:
    """The configurations that go on: the first of the ranking, the one with the highest score always among them."""
    order = ranked(standings, objective, cost)
    if not order:
        return ()
    top = max(order, key=lambda s: s.score)
    return tuple(dict.fromkeys(s.candidate for s in [top, *order]))[:keep]


def finalists(order: list[Standing]) -> list[Standing]:
    """Of a ranking those that were measured longest: what was left behind on the way has had its verdict."""
    most = max((len(s.rounds) for s in order), default=0)
    return [s for s in order if 2 * len(s.rounds) >= most]


def decide(
    standings: Sequence[Standing],
    current: Candidate,
    objective: Objective,
    cost: Callable[[Candidate], float] | None = None,
    fits: bool = True,
) -> Decision:
    """The answer from what was measured so far; `fits` tells whether the plan holds the current configuration."""
    order = finalists(ranked(standings, objective, cost))
    better = [s for s in order if s.changes[GOAL].verdict == stats.BETTER]
    if cost is not None:
        cheaper = [s for s in order if cost(s.candidate) < cost(current) * ALIKE]
        if cheaper:
            return _cheaper(cheaper, cost)
    if order and not fits:
        return _leading(order, order, cost, "what you have does not fit the plan's memory")
    if better:
        return _leading(better, order, cost, "it is shown to be better than what you have")
    return _without_gain(order, current)


def _leading(
    better: list[Standing],
    order: list[Standing],
    cost: Callable[[Candidate], float] | None,
    why: str,
) -> Decision:
    """Some are better than the current one: the best, or of those even with it the preferred."""
    top = max(better, key=lambda s: s.score)
    even = [s for s in order if s is top or _is_even(top, s)]
    chosen = preferred(even, cost)
    others = tuple(s.candidate for s in even if s is not chosen)
    clear = all(_settled(top, s) for s in order if s is not top) and len(top.rounds) >= DECIDED
    return Decision(chosen.candidate, False, why, others, chosen.changes[GOAL], clear)


def _is_even(top: Standing, other: Standing) -> bool:
    found = against(top, other)
    ratio = found.ratio if found is not None and found.ratio is not None else other.score / top.score
    return ratio >= GUESS and (found is None or found.verdict != stats.WORSE)


def _settled(top: Standing, other: Standing) -> bool:
    """Whether it is clear how another stands to the leader."""
    found = against(top, other)
    return found is not None and (stats.decided(found, "ratio") or found.verdict == stats.WORSE)


def _without_gain(order: list[Standing], current: Candidate) -> Decision:
    """None is shown to be better: keep, unless one that is even takes shown less memory."""
    even = [s for s in order if s.changes[GOAL].verdict != stats.WORSE and s.score >= GUESS]
    lighter = [s for s in even if _is_lighter(s)]
    settled = all(_is_settled(s) for s in order)
    clear = bool(order) and settled and max(len(s.rounds) for s in order) >= DECIDED
    if lighter:
        chosen = preferred(lighter)
        others = tuple(s.candidate for s in even if s is not chosen)
        why = "it takes less memory and is even in the objective with what you have"
        return Decision(chosen.candidate, False, why, (current, *others), chosen.changes[GOAL], clear)
    few = all(len(s.rounds) < TELLING for s in order)
    why = "too little was measured to tell more" if few else "nothing is shown to be better"
    return Decision(current, True, why, tuple(s.candidate for s in even), None, clear)


def _is_lighter(standing: Standing) -> bool:
    found = standing.changes.get("memory")
    return found is not None and found.verdict == stats.BETTER and (found.ratio or 1) < ALIKE


def _is_settled(standing: Standing) -> bool:
    found = standing.changes[GOAL]
    return stats.decided(found, "ratio") or found.verdict == stats.WORSE


def _cheaper(cheaper: list[Standing], cost: Callable[[Candidate], float]) -> Decision:
    """For the cheapest plan: of those of the least price the preferred one."""
    chosen = preferred(cheaper, cost)
    least = cost(chosen.candidate)
    even = tuple(s.candidate for s in cheaper if s is not chosen and cost(s.candidate) <= least)
    clear = len(chosen.rounds) >= DECIDED
    why = "it keeps to the bound on a cheaper plan"
    return Decision(chosen.candidate, False, why, even, chosen.changes[GOAL], clear)

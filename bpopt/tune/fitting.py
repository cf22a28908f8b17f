"""Which configurations a plan's memory holds, by the model: those that cannot fit are not tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.tune.candidates import Candidate, Left
from bpopt.tune.model import megabytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpopt.tune.candidates import Allowed
    from bpopt.tune.model import Model

SLACK = 1.1  # times the plan: what is reckoned to be less over it is tried, not left out
NEAR = 0.8  # of the plan: what is reckoned to take more is tried at once
ROOM = 0.25  # part of what is left of the plan that a leak may fill before a worker is replaced


def fits(
    model: Model, candidates: Iterable[Candidate], limit: int | None, clients: int
) -> tuple[tuple[Candidate, ...], tuple[Left, ...]]:
    """Those that may fit the plan at their peak (SLACK), and the others with the arithmetic; all without a limit."""
    kept, left = [], []
    for candidate in candidates:
        if limit is None or model.peak(candidate, clients) <= limit * SLACK:
            kept.append(candidate)
        else:
            left.append(
                Left(candidate, f"{model.sum(candidate, clients)}, and there are {megabytes(limit)} MB")
            )
    return tuple(kept), tuple(left)


def near(
    model: Model, candidates: Iterable[Candidate], limit: int | None, clients: int
) -> frozenset[Candidate]:
    """Those that come so near to the plan's memory that they must be tried with the largest requests."""
    if limit is None:
        return frozenset()
    return frozenset(c for c in candidates if model.peak(c, clients) > limit * NEAR)


def recycle(model: Model, limit: int | None, allowed: Allowed) -> int:
    """After how many requests a worker of a leaking app must be replaced, 0 if it leaks nothing or has no limit.

    What the workers may have gathered is ROOM of what one worker a core leaves free, in round numbers.
    """
    if not model.growth or limit is None:
        return 0
    plain = Candidate(allowed.cores, preload=allowed.preload and allowed.cores > 1)
    free = max(0.0, limit - model.peak(plain, allowed.clients))
    number: int = int(free * ROOM / (plain.workers * model.growth))
    scale = int(10 ** max(0, len(str(number)) - 1))
    return max(50, number // scale * scale)


def keeps(
    model: Model, candidates: Iterable[Candidate], limit: int | None
) -> tuple[tuple[Candidate, ...], tuple[Left, ...]]:
    """Those whose workers are replaced before what the app leaks fills the plan; all if it leaks nothing."""
    kept, left = [], []
    for candidate in candidates:
        if model.growth and limit is not None and not candidate.max_requests:
            often = limit / model.growth
            leak = f"{model.growth / 1024:.0f} KB leaked by each request"
            left.append(Left(candidate, f"{leak} fill {megabytes(limit)} MB after {often:.0f} requests"))
        else:
            kept.append(candidate)
    return tuple(kept), tuple(left)

"""Which plans hold an app at a given load: the memory model and the measured throughput against the table of plans."""

from __future__ import annotations

from math import ceil, inf
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bpopt.platforms import Platform
    from bpopt.platforms.plans import Plan
    from bpopt.tune.candidates import Candidate
    from bpopt.tune.model import Model

EVEN = 0.95  # of the most requests per second: what is not worth more memory
BUSY = 0.8  # of the throughput measured: beyond, waiting grows without end when the load varies


class Able(NamedTuple):
    """What a configuration was measured to do: requests per second on so many cores."""

    candidate: Candidate
    throughput: float
    cores: int


class Row(NamedTuple):
    """One plan: the configuration for it (None if none fits), its peak in bytes, and the load it takes.

    `rate` is in requests per second for one container, `containers` how many take the load, `price` what they cost
    together per period; None where a figure is not known. `why` says what does not fit.
    """

    plan: Plan
    candidate: Candidate | None
    peak: float
    rate: float
    containers: int
    price: float | None
    why: str


def rows(platform: Platform, able: Sequence[Able], model: Model, clients: int, rate: float) -> Iterator[Row]:
    """A row for each plan that is still sold, the cheapest first."""
    offered = [plan for plan in platform.plans if not plan.retired]
    yield from sorted((_row(plan, able, model, clients, rate) for plan in offered), key=_order)


def _row(plan: Plan, able: Sequence[Able], model: Model, clients: int, rate: float) -> Row:
    fitting = [a for a in able if model.peak(a.candidate, clients) <= plan.memory]
    if not fitting:
        least = min((model.peak(a.candidate, clients) for a in able), default=0.0)
        return Row(plan, None, least, 0.0, 0, None, f"needs {least / 2**20:.0f} MB at its peak")
    best = _best(fitting, plan, model, clients)
    each = _rate(best, plan)
    count = max(1, ceil(rate / (each * BUSY))) if each else 0
    peak = model.peak(best.candidate, clients)
    return Row(plan, best.candidate, peak, each, count, _together(plan, count), "")


def _rate(able: Able, plan: Plan) -> float:
    """What was measured, less where the plan has fewer cores; more cores than were measured promise nothing."""
    return able.throughput * min(1.0, (plan.cpus or able.cores) / able.cores)


def _best(fitting: Sequence[Able], plan: Plan, model: Model, clients: int) -> Able:
    """Of those that do most, within EVEN of each other, the one that takes the least memory."""
    most = max(_rate(able, plan) for able in fitting)
    even = [able for able in fitting if _rate(able, plan) >= EVEN * most]
    return min(even, key=lambda able: model.peak(able.candidate, clients))


def _together(plan: Plan, count: int) -> float | None:
    """What so many containers cost; None if that is not known, as for several on a flat price."""
    if plan.price is None or (count > 1 and "flat" in plan.note):
        return None
    return plan.price * count


def _order(row: Row) -> tuple[bool, float, float]:
    return (row.candidate is None, inf if row.price is None else row.price, row.plan.memory)


def price(platforms: Iterable[Platform], peak: float) -> float:
    """The least price of a plan that holds a peak, over all platforms that sell one; infinite if none does."""
    fitting = (
        p.price
        for one in platforms
        for p in one.plans
        if p.price is not None and not p.retired and p.memory >= peak
    )
    return min(fitting, default=inf)

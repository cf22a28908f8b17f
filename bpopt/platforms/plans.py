"""Plans: the sizes of container that a platform sells. Imported when a plan is first asked for."""

from __future__ import annotations

from bpopt.values import NamedTuple


class Plan(NamedTuple):
    """A size of container that can be bought. Memory in bytes; price for one container and `period`.

    `cpus` and `price` are None where no figure was found; `shared` says that others use the CPU too.
    `verified` is False for figures at second hand; `retired` plans are still accepted but no longer offered.
    """

    name: str
    title: str
    memory: int
    cpus: float | None
    shared: bool
    price: float | None
    currency: str
    period: str
    source: str
    date: str
    verified: bool = True
    retired: bool = False
    note: str = ""


def of(platform: str) -> tuple[Plan, ...]:
    """The plans of a platform, none for one that sells none."""
    from bpopt.platforms.tables.plans import PLANS

    return tuple(Plan(*row) for row in PLANS.get(platform, ()))

"""Successive halving: many configurations for a short time, the better ones for longer, the last until it is clear.

Pure reckoning: which rungs there are, and what one that is over leaves for the next.
"""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

FINALISTS = 4
PART = 3  # of those of a rung that go on, one in so many
FINAL_ROUNDS = 3  # rounds of a block of the last rung; there are blocks until it is clear or the time is over
SHARE = 0.45  # of the time that is left is for the rungs before the last
LEAST, MOST = 0.4, 2.5  # seconds of one measurement


class Rung(NamedTuple):
    """One step: so many configurations for so many rounds in a block, of which `keep` go on (0: the last rung)."""

    number: int
    size: int
    rounds: int
    keep: int

    @property
    def last(self) -> bool:
        """Whether its blocks go on until it is clear."""
        return not self.keep


def rungs(count: int) -> tuple[Rung, ...]:
    """The rungs for so many configurations: rounds double while the configurations become a third."""
    found: list[Rung] = []
    rounds = 1
    while count > FINALISTS:
        keep = max(FINALISTS, ceil(count / PART))
        found.append(Rung(len(found), count, rounds, keep))
        count, rounds = keep, rounds * 2
    return (*found, Rung(len(found), count, FINAL_ROUNDS, 0))


def measurements(steps: tuple[Rung, ...], block: int) -> int:
    """How many measurements all rungs but the last take, with the two of the current configuration in each block."""
    return sum(rung.rounds * (rung.size + 2 * ceil(rung.size / block)) for rung in steps if not rung.last)


def seconds(steps: tuple[Rung, ...], block: int, budget: float) -> float:
    """How long one measurement should take, so that the rungs before the last take their share of the time."""
    count = measurements(steps, block)
    return min(MOST, max(LEAST, budget * SHARE / count if count else MOST))

"""How often the verdicts of `bpopt verify` are right, on rounds whose truth is known: the table in the docs.

    python -m tests.verify.simulate

Each round has a drift that all sides share, three times the noise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import exp, sqrt
from random import Random

from bpopt.verify import stats
from bpopt.verify.model import Measure

QUIET_RUNS, FOUND_RUNS = 1500, 200
ROUNDS = (3, 5, 8)
EFFECTS = ((1.2, 0.02), (1.5, 0.05), (2.0, 0.10))  # what changes by how much, at which noise

Noise = Callable[[Random], float]


def normal(random: Random) -> float:
    """Noise of a normal distribution, variance 1."""
    return random.gauss(0, 1)


def heavy(random: Random) -> float:
    """Noise with heavy tails: Student's t with 3 degrees of freedom, scaled to variance 1."""
    return random.gauss(0, 1) / sqrt(sum(random.gauss(0, 1) ** 2 for _ in range(3)) / 3) / sqrt(3)


def noisy(random: Random, noise: Noise, sigma: float, rounds: int, effect: float = 1.0) -> Measure:
    """A measure of so many rounds, whose after is `effect` times before."""
    first: list[float] = []
    again: list[float] = []
    after: list[float] = []
    for _ in range(rounds):
        drift = random.gauss(0, 3 * sigma)
        for side, times in ((first, 1.0), (again, 1.0), (after, effect)):
            side.append(times * exp(drift + sigma * noise(random)))
    return Measure("k", "t", "s", True, tuple(first), tuple(again), tuple(after), "simulated")


def row(noise: Noise, rounds: int) -> tuple[int, float, list[float]]:
    """Changes found where there are none; how often the interval holds the truth; how often effects are found."""
    random = Random(rounds)
    quiet = [stats.change(noisy(random, noise, 0.05, rounds)) for _ in range(QUIET_RUNS)]
    false = sum(found.verdict in (stats.BETTER, stats.WORSE) for found in quiet)
    covered = sum((found.low or 0) <= 1 <= (found.high or 9) for found in quiet) / QUIET_RUNS
    power = []
    for effect, sigma in EFFECTS:
        runs = [stats.change(noisy(random, noise, sigma, rounds, effect)).verdict for _ in range(FOUND_RUNS)]
        power.append(runs.count(stats.WORSE) / FOUND_RUNS)
    return false, covered, power


def table() -> Iterator[str]:
    """The rows in Markdown."""
    for name, noise in (("normal", normal), ("heavy tails (t, 3 df)", heavy)):
        for rounds in ROUNDS:
            false, covered, power = row(noise, rounds)
            found = " | ".join(f"{part:.0%}".replace("%", " %") for part in power)
            yield (
                f"| {name} | {rounds} | {false} of {QUIET_RUNS:,} | {covered:.0%}".replace("%", " %")
                + f" | {found} |"
            )


if __name__ == "__main__":
    for line in table():
        print(line)

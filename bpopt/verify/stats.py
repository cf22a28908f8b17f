"""Is a change there? The interval of the ratio after/before, and the noise band of before against before.

Every round gives one pair of logarithms of ratios: after against the mean of the two befores, and before again
against before. What drifts slowly (another job on the machine, a warmer processor) is in all three and falls
out. What the rounds leave unexplained is noise, of known size relative to both: with a variance s of one
measurement, 1.5 s in the first and 2 s in the second. So both kinds of residuals are pooled, and resampled with
random sign (a residual bootstrap: Davison and Hinkley 1997, "Bootstrap Methods and their Application", section
6.2), which gives the interval of the mean change; it is widened by Student's t over the normal quantile for the
few residuals that there are. The band is how far before against before may stray by that noise. A change counts
when its whole interval lies outside the band; there the interval is widened once more for the many figures of a run,
of which none may stray by chance (Bonferroni). docs/verification.md has what a simulation says of both kinds of error.
"""

from __future__ import annotations

from math import exp, log
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bpopt.verify.model import Measure

RESAMPLES = 2000
FIGURES = 25  # that a run judges at once
FEW = 3  # so few rounds need more: a band that before against before leaves once in a thousand times
# Changes smaller than this are not called changes, however sure: unit -> part. Times and rates of two processes
# started from the same bytes differ by a few per cent (layout, placement); memory by less.
LEAST = {"s": 0.05, "1/s": 0.05, "B": 0.02, "ratio": 0.05, "count": 0.05}
LEAST_SECONDS = 0.0005  # nor is a wait that changes by less, however large a part of it that is
# Bytes that are counted and not sampled differ for certain; a difference below this part is not worth a word.
LEAST_COUNTED = 0.005
BLOCK = 4096  # bytes: nor is one below a block of a disk
# An interval wider than this on either side says too little to call it "no measurable change".
WIDEST = log(1.25)

BETTER, WORSE, SAME, NOISY = "better", "worse", "no measurable change", "too noisy"


class Change(NamedTuple):
    """What became of one measure.

    `before` and `after` are medians in the measure's unit. `ratio` is after/before with its interval `low` to
    `high`; `band` is the largest ratio (above 1) that before against before does not rule out. They are None
    where no ratio can be formed (`before` is 0) or one round gives no interval. `exact` measures are counted,
    not sampled: no interval, no noise.
    """

    before: float
    after: float
    ratio: float | None
    low: float | None
    high: float | None
    band: float | None
    rounds: int
    exact: bool
    verdict: str


def change(measure: Measure) -> Change:
    """The verdict on a measure.

    Equal single values of both befores mean a measure that is counted; a single one of any other kind is too
    little for a verdict, as is a measure without a second before.
    """
    first, again, after = measure.before, measure.before_again, measure.after
    if not first or not after:
        raise ValueError(f"{measure.key} has no values")
    if not again:
        return Change(median(first), median(after), _ratio(first, after), None, None, None, 1, False, NOISY)
    if is_exact(measure):
        return _exact(measure)
    if min(*first, *again, *after) <= 0:
        return _by_difference(measure)
    effect = [log(c) - (log(a) + log(b)) / 2 for a, b, c in zip(first, again, after, strict=True)]
    noise = [log(b) - log(a) for a, b in zip(first, again, strict=True)]
    spread = spreads(effect, noise)
    centre = sum(effect) / len(effect)
    low, high = centre - spread.change, centre + spread.change
    band = max(log(1 + LEAST.get(measure.unit, 0.05)), spread.band)
    values = (median(first + again), median(after))
    verdict = _verdict(centre, spread.change, spread.sure, band, measure.lower_is_better)
    if measure.unit == "s" and abs(values[1] - values[0]) < LEAST_SECONDS and verdict != NOISY:
        verdict = SAME
    ratio, least, most, widest = _exp(centre), _exp(low), _exp(high), _exp(band)
    return Change(*values, ratio, least, most, widest, len(after), False, verdict)


def paired(
    effect: list[float], noise: list[float], values: tuple[float, float], unit: str, lower_is_better: bool
) -> Change:
    """The verdict on two states that were each measured once a round; `values` are their medians.

    `effect` are the logarithms of their ratio, `noise` those of one state against itself: both of the variance of
    two single measurements, which is brought to that of `spreads`.
    """
    scale = 0.75**0.5
    spread = spreads([value * scale for value in effect], noise)
    centre = sum(effect) / len(effect)
    change = spread.change / scale
    low, high = centre - change, centre + change
    band = max(log(1 + LEAST.get(unit, 0.05)), spread.band)
    verdict = _verdict(centre, change, change, band, lower_is_better)
    ends = (_exp(centre), _exp(low), _exp(high), _exp(band))
    return Change(*values, *ends, len(effect), False, verdict)


def _ratio(before: tuple[float, ...], after: tuple[float, ...]) -> float | None:
    return median(after) / median(before) if median(before) else None


def _exp(value: float) -> float | None:
    """The ratio of a logarithm; None where the interval is open or beyond all measure."""
    return exp(value) if abs(value) < 30 else None


def is_exact(measure: Measure) -> bool:
    """Whether a measure is counted: no round differs from another on any side (one round of times never is)."""
    same = len(set(measure.before + measure.before_again)) == 1 and len(set(measure.after)) == 1
    return same and measure.unit in ("B", "count", "ratio")


def _exact(measure: Measure) -> Change:
    before, after = measure.before[0], measure.after[0]
    ratio = after / before if before else None
    alike = measure.unit == "B" and abs(after - before) < max(BLOCK, LEAST_COUNTED * before)
    verdict = SAME if before == after or alike else _direction(after > before, measure.lower_is_better)
    return Change(before, after, ratio, ratio, ratio, 1.0, len(measure.after), True, verdict)


def _by_difference(measure: Measure) -> Change:
    """For what may be 0, as errors: the interval of the difference against that of before against before."""
    first, again, after = measure.before, measure.before_again, measure.after
    effect = [c - (a + b) / 2 for a, b, c in zip(first, again, after, strict=True)]
    spread = spreads(effect, [b - a for a, b in zip(first, again, strict=True)])
    centre = sum(effect) / len(effect)
    verdict = _verdict(centre, spread.change, spread.sure, spread.band, measure.lower_is_better)
    if verdict == NOISY:
        verdict = SAME
    return Change(median(first + again), median(after), None, None, None, None, len(after), False, verdict)


def _verdict(centre: float, change: float, sure: float, band: float, lower_is_better: bool) -> str:
    """Of a change and how far it strays: 95 % (`change`), and as sure as a verdict must be."""
    if abs(centre) - sure > band:
        return _direction(centre > 0, lower_is_better)
    likely = abs(centre) - change > band
    return NOISY if likely or max(abs(centre) + change, band) > WIDEST else SAME


def _direction(rose: bool, lower_is_better: bool) -> str:
    return WORSE if rose == lower_is_better else BETTER


class Spread(NamedTuple):
    """How far means stray by noise alone.

    `change` is that of the mean change (95 %), `sure` the same for all figures of a run at once, `band` that of the
    mean of before against before (99 or 99.9 %).
    """

    change: float
    sure: float
    band: float


def spreads(effect: list[float], noise: list[float], seed: int = 1) -> Spread:
    """Both spreads from the rounds' changes and noises; without end for a single round."""
    import numpy as np
    from scipy.special import ndtri, stdtrit

    count = len(effect)
    if count < 2:
        return Spread(*[float("inf")] * 3)
    centred = (np.array(effect) - np.mean(effect)) * np.sqrt(count / (count - 1))
    residuals = np.concatenate([centred, np.array(noise) * np.sqrt(0.75)])
    signed = np.concatenate([residuals, -residuals])
    means = np.random.default_rng(seed).choice(signed, (RESAMPLES, count)).mean(axis=1)
    unit = np.quantile(np.abs(means), 0.95) / ndtri(0.975)
    freedom, level = 2 * count - 1, 0.9995 if count <= FEW else 0.995
    change, sure = stdtrit(freedom, 0.975), stdtrit(freedom, 1 - 0.025 / FIGURES)
    band = stdtrit(freedom, level) * np.sqrt(2 / 1.5)
    return Spread(float(unit * change), float(unit * sure), float(unit * band))


def enough(measures: tuple[Measure, ...]) -> bool:
    """Whether further rounds would change nothing: every measure is decided, with room to spare.

    A measure is decided when it is counted, when its interval lies as far again outside the band as the band is
    wide (looking after every round must not find what is not there), or when interval and band are both narrow.
    """
    return bool(measures) and all(decided(change(measure), measure.unit) for measure in measures)


def decided(found: Change, unit: str) -> bool:
    """Whether a change is clear with room to spare, or clearly none."""
    if found.exact or found.low is None or found.high is None or found.band is None:
        return found.verdict != NOISY
    low, high, band = log(found.low), log(found.high), log(found.band)
    narrow = 2 * log(1 + LEAST.get(unit, 0.05))
    return low > 2 * band or high < -2 * band or (max(high, -low) < narrow and band < narrow)

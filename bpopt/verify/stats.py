"""Is a change there? The interval of the ratio after/before, and the noise band of before against before.

Every round gives one pair of ratios: after against the (geometric) mean of the two befores, and before again
against before. What drifts slowly (another job on the machine, a warmer processor) is in all three and falls
out. Both sets of ratios get a bootstrap interval over the rounds, widened for few rounds (Hesterberg 2015, "What
Teachers Should Know About the Bootstrap", section 3.2.3: the percentile interval is too narrow by t/z and
sqrt(n/(n-1))). A change counts when its whole interval lies outside the noise band.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bpopt.verify.model import Measure

LEVEL = 0.95
RESAMPLES = 2000
# Changes smaller than this are not called changes, however sure: unit -> part. Times and rates of two processes
# started from the same bytes differ by a few per cent (layout, placement); memory by less.
LEAST = {"s": 0.05, "1/s": 0.05, "B": 0.02, "ratio": 0.05, "count": 0.05}
# Bytes that are counted and not sampled differ for certain; a difference below this part is not worth a word.
LEAST_COUNTED = 0.005
# An interval wider than this on either side says too little to call it "no measurable change".
WIDEST = log(1.25)

BETTER, WORSE, SAME, NOISY = "better", "worse", "no measurable change", "too noisy"

# Two-sided 95 % quantile of Student's t by degrees of freedom; beyond the table it is close to 2.
_T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145)
_Z95 = 1.960


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
    low, high = interval(effect)
    band = max(log(1 + LEAST.get(measure.unit, 0.05)), *map(abs, interval(noise)))
    verdict = _verdict(low, high, band, measure.lower_is_better)
    centre = sum(effect) / len(effect)
    ratio, least, most, widest = _exp(centre), _exp(low), _exp(high), _exp(band)
    values = (median(first + again), median(after))
    return Change(*values, ratio, least, most, widest, len(after), False, verdict)


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
    alike = measure.unit == "B" and abs(after - before) < LEAST_COUNTED * before
    verdict = SAME if before == after or alike else _direction(after > before, measure.lower_is_better)
    return Change(before, after, ratio, ratio, ratio, 1.0, len(measure.after), True, verdict)


def _by_difference(measure: Measure) -> Change:
    """For what may be 0, as errors: the interval of the difference against that of before against before."""
    first, again, after = measure.before, measure.before_again, measure.after
    low, high = interval([c - (a + b) / 2 for a, b, c in zip(first, again, after, strict=True)])
    band = max(map(abs, interval([b - a for a, b in zip(first, again, strict=True)])))
    verdict = _verdict(low, high, band, measure.lower_is_better)
    if verdict == NOISY:
        verdict = SAME
    return Change(median(first + again), median(after), None, None, None, None, len(after), False, verdict)


def _verdict(low: float, high: float, band: float, lower_is_better: bool) -> str:
    if low > band or high < -band:
        return _direction(low > band, lower_is_better)
    return NOISY if max(high, -low, band) > WIDEST else SAME


def _direction(rose: bool, lower_is_better: bool) -> str:
    return WORSE if rose == lower_is_better else BETTER


def interval(values: list[float], seed: int = 1) -> tuple[float, float]:
    """The bootstrap interval of the mean, widened for few values; a single value has none (-inf, inf)."""
    from random import Random

    count = len(values)
    if count < 2:
        return float("-inf"), float("inf")
    centre = sum(values) / count
    random = Random(seed)
    means = sorted(sum(random.choices(values, k=count)) / count for _ in range(RESAMPLES))
    tail = round(RESAMPLES * (1 - LEVEL) / 2)
    wider = (_T95[count - 2] if count - 2 < len(_T95) else 2.1) / _Z95 * sqrt(count / (count - 1))
    return centre - (centre - means[tail]) * wider, centre + (means[-tail - 1] - centre) * wider


def enough(measures: tuple[Measure, ...]) -> bool:
    """Whether further rounds would change nothing: every measure is decided, with room to spare.

    A measure is decided when it is counted, when its interval lies as far again outside the band as the band is
    wide (looking after every round must not find what is not there), or when interval and band are both narrow.
    """
    return bool(measures) and all(_decided(change(measure), measure.unit) for measure in measures)


def _decided(found: Change, unit: str) -> bool:
    if found.exact or found.low is None or found.high is None or found.band is None:
        return found.verdict != NOISY
    low, high, band = log(found.low), log(found.high), log(found.band)
    narrow = 2 * log(1 + LEAST.get(unit, 0.05))
    return low > 2 * band or high < -2 * band or (max(high, -low) < narrow and band < narrow)


def median(values: tuple[float, ...]) -> float:
    """The middle value, the mean of the two middle ones of an even number."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2

"""Figures as people read them: sizes, seconds, rates, and a change with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.verify import stats

if TYPE_CHECKING:
    from bpopt.verify.stats import Change

MARKS = {stats.BETTER: "better", stats.WORSE: "worse", stats.SAME: "same", stats.NOISY: "unclear"}
_BYTES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
_MEMORY = (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024))


def value(number: float, unit: str, key: str = "") -> str:
    """A value in its unit: memory in powers of 1024 as plans count it, files in powers of 1000."""
    if unit == "B":
        return _scaled(number, _MEMORY if "memory" in key else _BYTES)
    if unit == "s":
        return _seconds(number)
    if unit == "1/s":
        return f"{figures(number)}/s"
    return f"{number:,.0f}" if unit == "count" and number == int(number) else figures(number)


def _scaled(number: float, steps: tuple[tuple[str, float], ...]) -> str:
    for name, size in steps:
        if abs(number) >= size * 0.9995:
            return f"{figures(number / size)} {name}"
    return f"{number:.0f} B"


def _seconds(number: float) -> str:
    if number >= 100:
        return f"{number // 60:.0f} min {number % 60:.0f} s"
    if number >= 1:
        return f"{figures(number)} s"
    return f"{figures(number * 1000)} ms"


def figures(number: float) -> str:
    """Three significant figures, never an exponent."""
    if number == 0:
        return "0"
    size = abs(number)
    decimals = 0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= 0.9995 else 3
    return f"{number:,.{decimals}f}"


def percent(ratio: float, ascii_only: bool = False) -> str:
    """A ratio as the part that came or went: `-43 %`; above tenfold as a factor."""
    if ratio >= 10:
        return f"{figures(ratio)} {'x' if ascii_only else '×'}"
    part = (ratio - 1) * 100
    shown = f"{part:+.1f}" if abs(part) < 9.95 else f"{part:+.0f}"
    if float(shown) == 0:
        shown = "0"
    return f"{shown if ascii_only else shown.replace('-', '−')} %"


def change(found: Change, ascii_only: bool = False) -> str:
    """What became of a measure: `-43 % (-44 to -42 %)`, or that nothing can be told."""
    if found.exact:
        return _exact(found, ascii_only)
    if found.ratio is None:
        return found.verdict if found.verdict in (stats.SAME, stats.NOISY) else f"{found.verdict}, from none"
    if found.low is None or found.high is None:
        return f"{percent(found.ratio, ascii_only)}, one run: no verdict"
    ends = f"{percent(found.low, ascii_only)} to {percent(found.high, ascii_only)}".replace(" % to", " to")
    if found.verdict in (stats.SAME, stats.NOISY):
        word = "no change" if found.verdict == stats.SAME else "too noisy"
        return f"{word} ({ends})"
    return f"{percent(found.ratio, ascii_only)} ({ends})"


def _exact(found: Change, ascii_only: bool) -> str:
    if found.before == found.after:
        return "the same"
    if found.verdict == stats.SAME:
        return "no change"
    if found.ratio is None:
        return "from none"
    return percent(found.ratio, ascii_only)

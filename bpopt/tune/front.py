"""The front as a chart: throughput against p95, one letter for each configuration, in text and as SVG."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import words
from bpopt.verify.charts import Dot, scatter

if TYPE_CHECKING:
    from bpopt.tune.report import Report

ROWS = 9
MOST = 20  # letters


class Mark(NamedTuple):
    """One configuration in the chart: a letter, its name, requests per second, p95 in seconds, memory in bytes."""

    letter: str
    title: str
    throughput: float
    p95: float
    memory: float
    on_front: bool


def marks(report: Report) -> tuple[Mark, ...]:
    """The configurations that work and the current one (`o`), the front first."""
    able = report.able()
    if not able:
        return ()
    best = {s.candidate for s in report.front()}
    order = sorted(able, key=lambda s: (s.candidate not in best, -s.score))[:MOST]
    longest = max(able, key=lambda s: len(s.rounds))
    now = [longest.changes[name].before for name in ("throughput", "p95", "memory")]
    found = [Mark("o", f"{report.current.title} (now)", now[0], now[1], now[2], False)]
    for letter, s in zip(ascii_uppercase, order, strict=False):
        own = [s.changes[name].ratio or 1.0 for name in ("throughput", "p95", "memory")]
        values = [ratio * base for ratio, base in zip(own, now, strict=True)]
        found.append(Mark(letter, s.candidate.title, values[0], values[1], values[2], s.candidate in best))
    return tuple(found)


def drawn(report: Report, width: int, ascii_only: bool) -> list[str]:
    """The chart as lines of text: up is more throughput, left is a shorter p95. Empty with less than two to show."""
    found = marks(report)
    if len(found) < 2:
        return []
    inner = max(20, min(width - 12, 60))
    rates, waits = [m.throughput for m in found], [m.p95 for m in found]
    grid = [[" "] * inner for _ in range(ROWS)]
    for mark in reversed(found):
        x = _place(mark.p95, min(waits), max(waits), inner)
        y = ROWS - 1 - _place(mark.throughput, min(rates), max(rates), ROWS)
        grid[y][x] = mark.letter
    bar, corner, floor = ("|", "+", "-") if ascii_only else ("│", "└", "─")
    labels = {0: words.value(max(rates), "1/s"), ROWS - 1: words.value(min(rates), "1/s")}
    lines = [f"{labels.get(n, ''):>9} {bar}{''.join(row).rstrip()}" for n, row in enumerate(grid)]
    lines.append(f"{'':>9} {corner}{floor * inner}")
    ends = (words.value(min(waits), "s"), words.value(max(waits), "s"))
    lines.append(f"{'':>10} {ends[0]}{'p95':^{inner - len(ends[0]) - len(ends[1])}}{ends[1]}")
    return [
        "Throughput and p95 (left and up is better; * on the front with memory)",
        *lines,
        *_legend(found),
        "",
    ]


def _place(value: float, least: float, most: float, size: int) -> int:
    return round((value - least) / (most - least) * (size - 1)) if most > least else 0


def _legend(found: tuple[Mark, ...]) -> list[str]:
    """What the letters of the front stand for; the others are in the table."""
    shown = [m for m in found if m.on_front or m.letter == "o"]
    return [
        f"  {m.letter} {m.title}, {words.value(m.memory, 'B', 'memory')}{' *' if m.on_front else ''}"
        for m in shown
    ]


def _style(mark: Mark) -> str:
    """The class of a dot: what the app has, what is on the front, all others."""
    if mark.letter == "o":
        return "before"
    return "after" if mark.on_front else "again"


def svg(report: Report) -> str:
    """The chart as SVG: the size of a dot is its memory."""
    found = marks(report)
    most = max((m.memory for m in found), default=1.0)
    dots = [Dot(m.letter, _style(m), m.p95, m.throughput, 3 + 9 * m.memory / most) for m in found]
    return scatter(
        dots,
        "Throughput, p95 and memory",
        "p95 to the right, requests per second upwards; the size of a dot is its memory; o is what you have",
        lambda value: words.value(value, "s"),
        lambda value: words.value(value, "1/s"),
    )

"""Charts as inline SVG in HTML. Widths are per cents and labels are HTML, so that a phone shows them in full size."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Bar(NamedTuple):
    """One bar: label, value, and the value after the fixes (None where there is no such thing), each with its text."""

    label: str
    value: float
    text: str
    after: float | None = None
    after_text: str = ""


def gauge(title: str, percent: int, note: str) -> str:
    """A ring that is filled to a percentage."""
    radius = 42
    around = 2 * math.pi * radius
    tone = "good" if percent >= 90 else "fair" if percent > 50 else "poor"
    return (
        f'<figure class="gauge"><svg viewBox="0 0 100 100" role="img" aria-label="{escape(title)}: {percent} %">'
        f'<circle class="track" cx="50" cy="50" r="{radius}"/>'
        f'<circle class="{tone}" cx="50" cy="50" r="{radius}" transform="rotate(-90 50 50)" '
        f'stroke-dasharray="{around * percent / 100:.1f} {around:.1f}"/>'
        f'<text x="50" y="57" text-anchor="middle">{percent} %</text></svg>'
        f"<figcaption><b>{escape(title)}</b><br>{escape(note)}</figcaption></figure>\n"
    )


def bars(title: str, note: str, rows: Sequence[Bar], *, own_scale: bool = False) -> str:
    """Horizontal bars, the longest over the whole width; a second, thinner one where there is a value after.

    With `own_scale` each row has a scale of its own, for rows whose units differ.
    """
    if not rows:
        return ""
    most = max(max(row.value, row.after or 0) for row in rows) or 1
    body = "".join(_bar(row, (max(row.value, row.after or 0) or 1) if own_scale else most) for row in rows)
    return (
        f'<section class="chart"><h3>{escape(title)}</h3><p class="note">{escape(note)}</p>{body}</section>\n'
    )


def _bar(row: Bar, most: float) -> str:
    width = 100 * row.value / most
    text, second, height = escape(row.text), "", 14
    if row.after is not None and row.after != row.value:
        text += f' <span class="after">&rarr; {escape(row.after_text)}</span>'
        second = f'<rect class="second" y="16" width="{100 * row.after / most:.2f}%" height="7" rx="2"/>'
        height = 23
    return (
        f'<div class="row"><span class="label">{escape(row.label)}</span><span class="value">{text}</span></div>'
        f'<svg class="bar" width="100%" height="{height}" role="img" aria-label="{text_only(row)}">'
        f'<rect class="first" width="{max(width, 0.4):.2f}%" height="14" rx="2"/>{second}</svg>'
    )


def text_only(row: Bar) -> str:
    """What a bar says, for those who do not see it."""
    after = f", after the fixes {row.after_text}" if row.after is not None else ""
    return escape(f"{row.label}: {row.text}{after}")


def largest(rows: Iterable[Bar], most: int, rest: str) -> list[Bar]:
    """The largest bars; the others are one last bar, their sum, whose text is left to the caller."""
    ordered = sorted(rows, key=lambda row: (-row.value, row.label))
    left = len(ordered) - most
    return (
        ordered
        if left <= 0
        else [*ordered[:most], Bar(f"{left} {rest}", sum(r.value for r in ordered[most:]), "")]
    )

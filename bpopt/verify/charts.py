"""Charts as SVG for the HTML report: plain elements and classes, no script, readable in light and dark."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 12, 34  # room around the plot, in the units of the drawing

Point = tuple[float, float]


class Line(NamedTuple):
    """One curve: its name, its class (before, again, after), its points."""

    name: str
    style: str
    points: Sequence[Point]


class Interval(NamedTuple):
    """One row of the forest plot: ratios, None where open."""

    name: str
    ratio: float
    low: float | None
    high: float | None
    band: float | None
    style: str


def curves(
    lines: Iterable[Line],
    title: str,
    x_axis: str,
    y_axis: str,
    x_text: Callable[[float], str] = str,
    y_text: Callable[[float], str] = str,
    limit: float | None = None,
) -> str:
    """Curves over two linear axes that begin at 0; `limit` is a level to mark. Empty without any point."""
    drawn = [line for line in lines if line.points]
    if not drawn:
        return ""
    x_most = max(x for line in drawn for x, _ in line.points) or 1
    y_most = (max([y for line in drawn for _, y in line.points] + ([limit] if limit else [])) or 1) * 1.05
    place = _Place(0, x_most, 0, y_most)
    body = [_grid(place, ticks(0, x_most), ticks(0, y_most), x_text, y_text)]
    if limit:
        y = place.y(limit)
        body.append(f'<line class="limit" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
    for line in drawn:
        points = " ".join(f"{place.x(x):.1f},{place.y(y):.1f}" for x, y in line.points)
        body.append(
            f'<polyline class="{line.style}" points="{points}"><title>{escape(line.name)}</title></polyline>'
        )
    return _figure(
        title, "".join(body), f"{x_axis}; {y_axis}", HEIGHT, [(line.name, line.style) for line in drawn]
    )


def forest(rows: Sequence[Interval], title: str) -> str:
    """After/before of each measure on a logarithmic axis, with its interval and the noise band behind it."""
    if not rows:
        return ""
    ends = [e for r in rows for e in (r.ratio, r.low, r.high) if e]
    least, most = max(0.05, min([0.5, *ends])), min(20.0, max([2.0, *ends]))
    place = _Place(log10(least), log10(most), 0, 1, left=230)
    marks = [v for v in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if least <= v <= most]
    height = TOP + BOTTOM + 20 * len(rows)
    body = []
    for value in marks:
        x = place.x(log10(value))
        body.append(f'<line class="{"one" if value == 1 else "grid"}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" ')
        body.append(f'y2="{height - BOTTOM}"/><text class="tick" x="{x:.1f}" y="{height - 16}" ')
        body.append(f'text-anchor="middle">{value:g}×</text>')
    for number, row in enumerate(rows):
        body.append(_row(row, TOP + 20 * number + 10, place, least, most))
    return _figure(title, "".join(body), "after / before; grey: what noise alone can do", height, [])


def _row(row: Interval, y: float, place: _Place, least: float, most: float) -> str:
    def x(value: float) -> float:
        return place.x(log10(min(max(value, least), most)))

    parts = [f'<text class="tick" x="222" y="{y + 4}" text-anchor="end">{escape(row.name)}</text>']
    if row.band:
        begin, end = x(1 / row.band), x(row.band)
        parts.append(
            f'<rect class="band" x="{begin:.1f}" y="{y - 7}" width="{end - begin:.1f}" height="14"/>'
        )
    if row.low is not None and row.high is not None:
        begin, end = x(row.low), x(row.high)
        parts.append(f'<line class="ci {row.style}" x1="{begin:.1f}" x2="{end:.1f}" y1="{y}" y2="{y}"/>')
    parts.append(f'<circle class="dot {row.style}" cx="{x(row.ratio):.1f}" cy="{y}" r="3.5"/>')
    return "".join(parts)


def bars(rows: Sequence[tuple[str, float, float]], title: str, text: Callable[[float], str]) -> str:
    """Two bars for each row (name, before, after), with their values."""
    most = max((max(before, after) for _, before, after in rows), default=0)
    if not most:
        return ""
    place = _Place(0, most * 1.25, 0, 1, left=140)
    height, body = TOP + 34 * len(rows) + 8, []
    for number, (name, before, after) in enumerate(rows):
        y = TOP + 34 * number
        body.append(f'<text class="tick" x="132" y="{y + 17}" text-anchor="end">{escape(name)}</text>')
        for offset, style, value in ((0, "before", before), (13, "after", after)):
            width = place.x(value) - place.x(0)
            body.append(
                f'<rect class="bar {style}" x="{place.x(0):.1f}" y="{y + offset}" width="{width:.1f}" height="11"/>'
            )
            body.append(
                f'<text class="tick" x="{place.x(value) + 4:.1f}" y="{y + offset + 9.5}">{escape(text(value))}</text>'
            )
    return _figure(title, "".join(body), "", height, [("before", "before"), ("after", "after")])


class _Place:
    """From values to places in the drawing."""

    def __init__(self, x0: float, x1: float, y0: float, y1: float, left: int = LEFT) -> None:
        self.x0, self.x1, self.y0, self.y1, self.left = x0, x1, y0, y1, left

    def x(self, value: float) -> float:
        return self.left + (value - self.x0) / (self.x1 - self.x0) * (WIDTH - RIGHT - self.left)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (value - self.y0) / (self.y1 - self.y0) * (HEIGHT - BOTTOM - TOP)


def ticks(least: float, most: float, count: int = 5) -> list[float]:
    """About `count` round values from `least` to `most`."""
    step = (most - least) / count
    size = 10 ** floor(log10(step))
    step = next(size * nice for nice in (1, 2, 5, 10) if size * nice >= step)
    first = ceil(least / step)
    return [step * number for number in range(first, floor(most / step) + 1)]


def _grid(
    place: _Place,
    xs: list[float],
    ys: list[float],
    x_text: Callable[[float], str],
    y_text: Callable[[float], str],
) -> str:
    parts = []
    for value in ys:
        y = place.y(value)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(
            f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(y_text(value))}</text>'
        )
    for value in xs:
        x = place.x(value)
        parts.append(
            f'<text class="tick" x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
            f"{escape(x_text(value))}</text>"
        )
    return "".join(parts)


def _figure(title: str, body: str, caption: str, height: float, legend: list[tuple[str, str]]) -> str:
    keys = "".join(f'<span class="key {style}">{escape(name)}</span>' for name, style in legend)
    return (
        f"<figure><figcaption><b>{escape(title)}</b> {keys}<small>{escape(caption)}</small></figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(title)}">{body}</svg></figure>\n'
    )

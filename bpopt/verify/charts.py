"""Charts for the HTML pages, drawn by matplotlib as SVG within them: no script, readable in light and dark."""

from __future__ import annotations

from html import escape
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import FixedLocator

WIDTH, HEIGHT = 5.2, 2.1  # inches of 72 units: text is 9 units high, so that a phone shows it in full size
ROW = 0.24  # inches of a row of a chart that has rows
# What is drawn in a colour of the left column becomes the page's own colour, which differs in light and dark.
COLOURS = {
    name: (f"#0101{number:02x}", f"var(--{name})")
    for number, name in enumerate(
        ("ink", "soft", "line", "before", "again", "after", "good", "bad", "band"), 16
    )
}
_VERDICTS = {"better": "good", "worse": "bad"}

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
    figure, axes = _plane(HEIGHT)
    for line in drawn:
        axes.plot(*zip(*line.points, strict=True), color=_colour(line.style), linewidth=1.5)
    if limit:
        axes.axhline(limit, color=_colour("bad"), linestyle="--", linewidth=1)
    axes.set(xlim=(0, None), ylim=(0, None))
    axes.xaxis.set_major_formatter(lambda value, _: x_text(value))
    axes.yaxis.set_major_formatter(lambda value, _: y_text(value))
    legend = [(line.name, line.style) for line in drawn]
    return _html(figure, title, f"{x_axis}; {y_axis}", legend)


class Dot(NamedTuple):
    """One dot of a scatter chart: its name, its class, its place, its size in points."""

    name: str
    style: str
    x: float
    y: float
    size: float


def scatter(
    dots: Sequence[Dot],
    title: str,
    caption: str,
    x_text: Callable[[float], str],
    y_text: Callable[[float], str],
) -> str:
    """Dots over two linear axes that begin at 0, each with its name. Empty without any dot."""
    if not dots:
        return ""
    figure, axes = _plane(HEIGHT)
    for dot in dots:
        axes.plot(dot.x, dot.y, "o", color=_colour(dot.style), markersize=dot.size, alpha=0.6)
        axes.annotate(
            dot.name, (dot.x, dot.y), (4, 4), textcoords="offset points", color=_colour("ink"), fontsize=8
        )
    axes.set(xlim=(0, 1.1 * max(dot.x for dot in dots)), ylim=(0, 1.2 * max(dot.y for dot in dots)))
    axes.xaxis.set_major_formatter(lambda value, _: x_text(value))
    axes.yaxis.set_major_formatter(lambda value, _: y_text(value))
    return _html(figure, title, caption, [])


def forest(rows: Sequence[Interval], title: str) -> str:
    """After/before of each measure on a logarithmic axis, with its interval and the noise band behind it."""
    if not rows:
        return ""
    figure, axes = _plane(ROW * len(rows) + 0.5)
    axes.set_xscale("log")
    ends = [end for row in rows for end in (row.ratio, row.low, row.high) if end]
    axes.set_xlim(max(0.04, min(0.5, *ends) * 0.9), min(25, max(2.0, *ends) * 1.1))
    axes.xaxis.set_major_locator(_at(0.1, 0.2, 0.5, 1, 2, 5, 10))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}×")
    axes.xaxis.set_minor_locator(_at())
    axes.axvline(1, color=_colour("soft"), linewidth=0.8)
    for height, row in enumerate(rows):
        _interval(axes, height, row)
    _named(axes, [row.name for row in rows])
    return _html(figure, title, "after / before; grey: what noise alone can do", [])


def _interval(axes: Axes, height: float, row: Interval) -> None:
    colour = _colour(_VERDICTS.get(row.style, "soft"))
    if row.band:
        axes.barh(height, row.band - 1 / row.band, left=1 / row.band, height=0.7, color=_colour("band"))
    if row.low is not None and row.high is not None:
        axes.hlines(height, row.low, row.high, color=colour, linewidth=2)
    axes.plot(row.ratio, height, "o", color=colour, markersize=4.5)


def bars(rows: Sequence[tuple[str, float, float]], title: str, text: Callable[[float], str]) -> str:
    """Two bars for each row (name, before, after), with their values."""
    most = max((max(before, after) for _, before, after in rows), default=0)
    if not most:
        return ""
    figure, axes = _plane(2 * ROW * len(rows) + 0.3)
    before, after = [row[1] for row in rows], [row[2] for row in rows]
    for style, values, up in (("before", before, -0.2), ("after", after, 0.2)):
        drawn = axes.barh([y + up for y in range(len(rows))], values, height=0.36, color=_colour(style))
        axes.bar_label(drawn, [text(value) for value in values], padding=3, color=_colour("soft"), fontsize=9)
    axes.set_xlim(0, most * 1.2)
    axes.xaxis.set_visible(False)
    _named(axes, [row[0] for row in rows])
    return _html(figure, title, "", [("before", "before"), ("after", "after")])


def _colour(name: str) -> str:
    return COLOURS[name][0]


def _at(*places: float) -> FixedLocator:
    from matplotlib.ticker import FixedLocator

    return FixedLocator(places)


def _plane(height: float) -> tuple[Figure, Axes]:
    """An empty chart of a height in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    figure.patch.set_alpha(0)
    axes.grid(color=_colour("line"), linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=_colour("line"), labelcolor=_colour("soft"), labelsize=9, length=0)
    axes.spines[:].set_visible(False)
    return figure, axes


def _named(axes: Axes, names: Sequence[str]) -> None:
    """Rows with names, the first on top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")


def svg(figure: Figure, title: str) -> str:
    """The drawing as an element of a page, text as text, in the page's colours."""
    from matplotlib import rc_context

    text = StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": title, "font.family": "sans-serif"}):
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    drawing = text.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    for drawn, shown in COLOURS.values():
        drawing = drawing.replace(drawn, shown)
    return drawing.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1)


def _html(figure: Figure, title: str, caption: str, legend: list[tuple[str, str]]) -> str:
    keys = "".join(f'<span class="key {style}">{escape(name)}</span>' for name, style in legend)
    head = f"<figcaption><b>{escape(title)}</b> {keys}<small>{escape(caption)}</small></figcaption>"
    return f"<figure>{head}{svg(figure, title)}</figure>\n"

"""The report as one HTML file: no script, nothing fetched, the chart drawn as SVG within it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bpopt.tune import deciding, front
from bpopt.tune.report import sentences
from bpopt.tune.standings import GOAL
from bpopt.verify import words
from bpopt.verify.formats.html import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.output import Look
    from bpopt.tune.report import Report
    from bpopt.tune.standings import Standing

_COLUMNS = (("throughput", "1/s"), ("p95", "s"), ("memory", "B"))


def render(report: Report, look: Look) -> str:
    """The page, whole."""
    return page(
        f"bpopt tune: {report.app}",
        "".join((*_head(report), front.svg(report), *_rows(report), *_rest(report))),
    )


def _head(report: Report) -> Iterator[str]:
    yield f"<h1>{escape(report.app)}</h1>\n"
    about = f"{report.resources.title}, {report.clients} clients, for {report.objective.title}. {report.date}"
    yield f'<p class="soft">{escape(about)}</p>\n'
    first, *others = sentences(report)
    yield f'<p class="said good">{escape(first)}</p>\n'
    yield "".join(f"<p>{escape(text)}</p>\n" for text in others)
    yield "".join(f'<p class="soft">{escape(note)}</p>\n' for note in report.notes)


def _rows(report: Report) -> Iterator[str]:
    yield '<h2>Configurations</h2>\n<div class="wide"><table><tr><th></th><th>gunicorn</th>'
    yield "".join(f'<th class="n">{title}</th>' for title in ("requests/s", "p95", "memory", "peak"))
    yield "<th>objective</th></tr>\n"
    letters = {mark.title: mark.letter for mark in front.marks(report)}
    for standing in sorted(
        report.standings, key=lambda s: (bool(deciding.barred(s, report.objective)), -s.score)
    ):
        yield _row(report, standing, letters.get(standing.candidate.title, ""))
    yield "</table></div>\n"


def _row(report: Report, standing: Standing, letter: str) -> str:
    cells = [
        words.value(standing.figure(name), unit, name) if standing.changes else "-" for name, unit in _COLUMNS
    ]
    cells.append(words.value(report.peak(standing.candidate), "B", "memory"))
    barred = deciding.barred(standing, report.objective)
    said = barred or words.change(standing.changes[GOAL])
    numbers = "".join(f'<td class="n">{escape(cell)}</td>' for cell in cells)
    return f"<tr><td>{letter}</td><td>{escape(standing.candidate.title)}</td>{numbers}<td>{escape(said)}</td></tr>\n"


def _rest(report: Report) -> Iterator[str]:
    if report.left:
        items = "".join(
            f"<li>{escape(left.candidate.title)}: {escape(left.why)}</li>" for left in report.left
        )
        yield f"<h2>Not tried</h2><ul>{items}</ul>\n"
    if report.diff:
        yield f"<details open><summary>What --apply changes</summary><pre>{escape(report.diff)}</pre></details>\n"
    import json

    facts = json.dumps({"machine": report.machine, "settings": report.settings}, indent=2)
    yield f"<details><summary>Machine and settings</summary><pre>{escape(facts)}</pre></details>\n"

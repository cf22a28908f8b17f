"""The report as one HTML file: gauges, what to do, charts, then the four documents. No script, no network, no font."""

from __future__ import annotations

import os
from html import escape
from typing import TYPE_CHECKING

from bpopt.output.shown import safe
from bpopt.report import charts, page_charts
from bpopt.report import stages as stages_room
from bpopt.report.gather import MARK
from bpopt.report.status_text import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bpopt.report.gather import Gathered
    from bpopt.report.stages import Step

STYLE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "report.css")


def page(gathered: Gathered, documents: Mapping[str, tuple[str, str]]) -> str:
    """The page; `documents` are title and markdown by a short name."""
    title = f"Deployment of {_name(gathered)}"
    links = "".join(f'<a href="#{name}">{escape(title)}</a>' for name, (title, _) in documents.items())
    sections = "".join(
        f'<details><summary>{escape(title)}</summary><div id="{name}">{_html(text)}</div></details>\n'
        for name, (title, text) in documents.items()
    )
    graphs = "".join(page_charts.charts_of(gathered))
    targets = ", ".join(target.label for target in gathered.app.targets)
    if not gathered.app.knows_target:
        targets = f"no file names a platform; assumed: {targets}"
    return (
        f"<!DOCTYPE html>\n<!-- {MARK} -->\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_style()}</style></head>\n<body><main>\n<h1>{escape(title)}</h1>\n"
        f'<p class="note">{escape(targets)}</p>\n<nav>{links}</nav>\n'
        f'<div class="gauges">\n{"".join(_gauges(gathered))}</div>\n{_todo(gathered)}{graphs}{sections}'
        '<p class="note">Made by bpopt from the files of the app and the sources that are named; nothing was loaded '
        "from the network.</p>\n</main></body></html>\n"
    )


def _style() -> str:
    with open(STYLE, encoding="utf-8") as file:
        return file.read()


def _name(gathered: Gathered) -> str:
    """What the app calls itself, if it does."""
    app = gathered.app
    for document in (app.app_json, app.app_spec):
        if document is not None and document.name is not None:
            return document.name.value
    return "this app"


def _gauges(gathered: Gathered) -> Iterator[str]:
    for title, score in named(gathered.stages):
        yield charts.gauge(
            title, score.percent, f"{score.findings} finding{'s' if score.findings != 1 else ''}"
        )


_TODO = {
    stages_room.FIX: "bpopt fix does",
    stages_room.UNSAFE: "bpopt fix --unsafe does, after you looked",
    stages_room.YOU: "left to you",
}


def _todo(gathered: Gathered) -> str:
    """What is to be done, by who does it, in the order of severity."""
    parts = []
    for who, title in _TODO.items():
        steps = gathered.stages.of(who)
        if steps:
            items = "".join(f"<li>{_step(step)}</li>\n" for step in steps)
            parts.append(f"<h4>{escape(title)} ({len(steps)})</h4><ol>\n{items}</ol>\n")
    return f'<section class="chart todo"><h3>What to do</h3>{"".join(parts)}</section>\n' if parts else ""


def _step(step: Step) -> str:
    finding = step.finding
    text = escape(safe(finding.message))
    if finding.severity.rank == 0:
        text = f'<span class="error">error</span> {text}'
    if step.who != stages_room.YOU and finding.fix is not None:
        text += f": <b>{escape(safe(finding.fix.title))}</b>"
    elif finding.help:
        text += f" &rarr; {escape(safe(finding.help))}"
    return f'{text} <span class="place">{escape(safe(f"{finding.path}:{finding.start.line}"))}</span>'


def _html(text: str) -> str:
    """A document as HTML; what looks like HTML in it is shown as text."""
    from markdown_it import MarkdownIt

    body = text.partition("-->\n")[2] if text.startswith("<!--") else text
    # The comment keeps a page from mentioning somebody where markdown is shown; here it would be seen.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    html = str(parser.render(body.replace("@<!-- -->", "@")))
    html = html.replace("<table>", '<div class="table"><table>').replace("</table>", "</table></div>")
    return html.replace("<li>[ ] ", '<li class="task"><input type="checkbox"> ').replace(
        "<li>[x] ", '<li class="task"><input type="checkbox" checked> '
    )

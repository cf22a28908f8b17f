"""The report as one HTML file: gauges and charts, then the four documents. No script, no network, no font to load."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bpopt.report import charts, verified
from bpopt.report.charts import Bar
from bpopt.report.gather import MARK
from bpopt.report.markdown import megabytes, minutes
from bpopt.report.status_text import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bpopt.report.gather import AptLayer, Gathered

_MOST = 12  # bars of a chart

_STYLE = """
:root{color-scheme:light dark;--ink:#1c1f23;--soft:#5b636d;--page:#fff;--card:#f5f6f8;--line:#dde1e6;--accent:#2558c9;
--good:#2e7d32;--fair:#b26a00;--poor:#b3261e;--second:#7aa5f5}
@media(prefers-color-scheme:dark){:root{--ink:#e7e9ec;--soft:#a3abb5;--page:#14161a;--card:#1d2025;--line:#333941;
--accent:#8ab4f8;--good:#6fcf74;--fair:#f0b254;--poor:#f2867c;--second:#4a6ea9}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;
overflow-wrap:anywhere}
main{max-width:60rem;margin:0 auto;padding:1rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:1rem 0 .25rem}h2{font-size:1.3rem;margin:2rem 0 .5rem}
h3{font-size:1.08rem;margin:1.5rem 0 .4rem}h4{font-size:1rem;margin:1.3rem 0 .3rem}
a{color:var(--accent)}p,ul,ol{margin:.5rem 0}ul,ol{padding-left:1.4rem}li{margin:.2rem 0}
.note{color:var(--soft);font-size:.9rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.75rem 0 1rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
code{background:var(--card);padding:.1em .3em;border-radius:4px}
pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.75rem;overflow-x:auto;
overflow-wrap:normal}
pre code{background:none;padding:0}
.gauges{display:grid;grid-template-columns:repeat(3,1fr);gap:.5rem;margin:1rem 0}
.gauge{margin:0;text-align:center;font-size:.85rem;line-height:1.35;color:var(--soft)}.gauge b{color:var(--ink)}
.gauge svg{width:100%;max-width:9rem}.gauge text{font-size:20px;font-weight:600;fill:var(--ink)}
.gauge circle{fill:none;stroke-width:10}.gauge .track{stroke:var(--line)}
.good{stroke:var(--good)}.fair{stroke:var(--fair)}.poor{stroke:var(--poor)}
.chart{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.5rem 1rem 1rem;margin:1rem 0}
.chart h3{margin:.5rem 0 0}.row{display:flex;justify-content:space-between;gap:1rem;font-size:.9rem;margin-top:.5rem}
.value{color:var(--soft);white-space:nowrap}.after{color:var(--accent)}
.bar{display:block}.first{fill:var(--accent)}.second{fill:var(--second)}
.table{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;margin:.5rem 0;min-width:100%}
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:normal}
th{color:var(--soft);font-weight:600}td:first-child,th:first-child{padding-left:0}
td code{overflow-wrap:anywhere}td:first-child code{white-space:nowrap}td[style]{white-space:nowrap}
details{border-top:1px solid var(--line);padding:.25rem 0}
summary{cursor:pointer;font-size:1.2rem;font-weight:600;padding:.6rem 0}
details h1{display:none}li.task{list-style:none;margin-left:-1.3rem}
@media(max-width:40rem){td:not([style]){min-width:9rem}td:first-child{min-width:0}
main{padding:.5rem .9rem 3rem}h1{font-size:1.35rem}}
@media print{details{display:block}}
"""


def page(gathered: Gathered, documents: Mapping[str, tuple[str, str]]) -> str:
    """The page; `documents` are title and markdown by a short name."""
    title = f"Deployment of {_name(gathered)}"
    links = "".join(f'<a href="#{name}">{escape(title)}</a>' for name, (title, _) in documents.items())
    sections = "".join(
        f'<details id="{name}"><summary>{escape(title)}</summary>{_html(text)}</details>\n'
        for name, (title, text) in documents.items()
    )
    targets = ", ".join(target.label for target in gathered.app.targets)
    return (
        f"<!DOCTYPE html>\n<!-- {MARK} -->\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><main>\n<h1>{escape(title)}</h1>\n"
        f'<p class="note">{escape(targets)}</p>\n<nav>{links}</nav>\n'
        f'<div class="gauges">\n{"".join(_gauges(gathered))}</div>\n{"".join(_charts(gathered))}{sections}'
        '<p class="note">Made by bpopt from the files of the app and the sources that are named; nothing was loaded '
        "from the network.</p>\n</main></body></html>\n"
    )


def _name(gathered: Gathered) -> str:
    """What the app calls itself, else its folder."""
    app = gathered.app
    for document in (app.app_json, app.app_spec):
        if document is not None and document.name is not None:
            return document.name.value
    return app.root if app.root not in ("", ".") else "this app"


def _gauges(gathered: Gathered) -> Iterator[str]:
    for title, score in named(gathered.stages):
        yield charts.gauge(
            title, score.percent, f"{score.findings} finding{'s' if score.findings != 1 else ''}"
        )


def _charts(gathered: Gathered) -> Iterator[str]:
    yield _areas(gathered)
    if gathered.verified is not None:
        found = gathered.verified
        note = f"By bpopt verify on {found.day}, {found.machine}. The thinner bar is after."
        yield charts.bars("Measured before and after", note, verified.bars(found), own_scale=True)
    for own in gathered.layers:
        yield from _packages(own)
    yield charts.bars(
        "What is deployed, by folder",
        "What a push carries, and what .slugignore leaves of it after bpopt fix, where it counts.",
        [
            Bar(f.path, f.bytes, megabytes(f.bytes), f.fixed, megabytes(f.fixed))
            for f in gathered.folders[:_MOST]
        ],
    )
    yield charts.bars(
        "Wheels: seconds to compile, and to install once compiled",
        "Measured by bpopt wheels; wheelhouse/wheels.json.",
        [
            Bar(
                f"{w.name} {w.version}",
                w.build_seconds,
                minutes(w.build_seconds),
                w.install_seconds,
                minutes(w.install_seconds),
            )
            for w in gathered.built
        ],
    )


def _packages(own: AptLayer) -> Iterator[str]:
    """The system packages of a target: in all before and after, by line, and the largest."""
    lines = [(" ".join(line.line), line.own.unpacked) for line in own.now.lines]
    total = own.now.total
    where = f"{own.target.label}; an index of {own.now.suite} of {own.now.date}"
    if own.now.stand_ins:
        where += f"; estimates, from {' and '.join(own.now.stand_ins)}"
    now, fixed = total.unpacked, own.fixed.total.unpacked
    whole = Bar("the whole layer", now, megabytes(now), fixed, megabytes(fixed))
    yield charts.bars("System packages before and after bpopt fix", where, [whole])
    yield charts.bars(
        "System packages by line of the list",
        "Unpacked, with all that each line brings; lines share packages.",
        [Bar(label, size, megabytes(size)) for label, size in sorted(lines, key=lambda line: -line[1])],
    )
    packages = [Bar(p.name, p.unpacked, megabytes(p.unpacked)) for p in own.now.packages]
    chosen = charts.largest(packages, _MOST, "others")
    chosen = [b if b.text else b._replace(text=megabytes(int(b.value))) for b in chosen]
    yield charts.bars(
        "The largest packages among them", f"Unpacked; {total.packages} packages in all.", chosen
    )


def _areas(gathered: Gathered) -> str:
    fixed = {area.family: area.percent for area in gathered.stages.fixed.areas}
    rows = [
        Bar(
            a.title,
            a.percent,
            f"{a.percent:.0f} %",
            fixed.get(a.family, 100.0),
            f"{fixed.get(a.family, 100.0):.0f} %",
        )
        for a in gathered.stages.now.areas
    ]
    return charts.bars(
        "Status by area",
        "Now, and after bpopt fix; the status is their mean, half of it while there is an error.",
        rows,
    )


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

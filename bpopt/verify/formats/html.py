"""The report as one HTML file: no script, nothing fetched, charts drawn as SVG within it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from bpopt.output.shown import encodable
from bpopt.verify import charts, table, words
from bpopt.verify.charts import Interval, Line
from bpopt.verify.formats import conclusion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.output import Look
    from bpopt.verify.report import Report
    from bpopt.verify.table import Row

LABELS = (("before", "before"), ("before again", "again"), ("after", "after"))
_MIB = 1024 * 1024
STYLE = """
:root{color-scheme:light dark;--ink:#1d2530;--soft:#5c6773;--line:#d9dee4;--page:#fff;--card:#f6f8fa;
--before:#b35900;--again:#d9a066;--after:#0b66c3;--good:#177a3d;--bad:#c1272d;--band:#e3e7eb}
@media(prefers-color-scheme:dark){:root{--ink:#e3e8ee;--soft:#9aa5b1;--line:#38424d;--page:#14191f;--card:#1b2129;
--before:#f0a04b;--again:#a8713a;--after:#5cb0ff;--good:#4cc27a;--bad:#ff7b72;--band:#2b343e}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);margin:0 auto;max-width:60rem;
padding:1.5rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.said{font-size:1.1rem;font-weight:600;margin:.5rem 0 1rem}.bad{color:var(--bad)}.good{color:var(--good)}
.soft,small,figcaption small{color:var(--soft)}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.wide{overflow-x:auto}ul{padding-left:1.2rem}.checks{list-style:none;padding:0}
figure{margin:1rem 0;background:var(--card);border-radius:8px;padding:.75rem}figcaption small{display:block}
svg{width:100%;max-width:38rem;height:auto;display:block}.key{margin-left:.6rem;font-size:.85rem}
.key::before{content:"";display:inline-block;width:.9em;height:.25em;margin-right:.3em;vertical-align:middle;
background:currentColor}.key.before{color:var(--before)}.key.again{color:var(--again)}.key.after{color:var(--after)}
pre{overflow-x:auto;background:var(--card);padding:.75rem;border-radius:8px;font-size:13px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:0 1rem}
@media(max-width:34rem){body{padding:1rem}tr{display:grid;grid-template-columns:1fr 1fr;border-bottom:1px solid
var(--line);padding:.3rem 0}td,th{border:0;padding:.1rem 0;text-align:left}td.n,th.n{text-align:left}
td:first-child,td:last-child,th:last-child{grid-column:1/-1}th:first-child{display:none}}
details{margin:1rem 0}summary{cursor:pointer;font-weight:600}
"""


def render(report: Report, look: Look) -> str:
    """The page, whole."""
    title = f"bpopt verify: {report.app}"
    return page(title, "".join((*_head(report), *_results(report), *_charts(report), *_details(report))))


def page(title: str, body: str) -> str:
    """A whole page with the style of all reports."""
    whole = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body>\n{body}</body></html>\n"
    )
    return encodable("".join(char if char.isprintable() or char == "\n" else " " for char in whole))


def _head(report: Report) -> Iterator[str]:
    kind = "bad" if report.failed else "good"
    yield f"<h1>{escape(report.app)}</h1>\n"
    yield f'<p class="soft">Before: {escape(report.titles[0])}. After: {escape(report.titles[1])}. {report.date}</p>\n'
    yield f'<p class="said {kind}">{escape(conclusion(report))}</p>\n'
    for failure in report.failed[1:]:
        yield f'<p class="bad">{escape(failure)}</p>\n'
    if report.applied:
        fixes = "".join(
            f"<li><b>{escape(f.code)} {escape(f.name)}</b>: {escape(f.text)} "
            f"<span class=soft>{escape(f.path)}</span></li>"
            for f in report.applied
        )
        yield f"<ul>{fixes}</ul>\n"
    yield "".join(f'<p class="soft">{escape(note)}</p>\n' for note in report.notes)


def _results(report: Report) -> Iterator[str]:
    yield "<h2>Before and after</h2>\n" + _table(table.rows(report), how=True)
    yield '<h2>Checklist of after</h2>\n<ul class="checks">'
    marks = {
        True: '<span class="good">✓</span>',
        False: '<span class="bad">✗</span>',
        None: '<span class="soft">–</span>',
    }
    for check in table.checklist(report):
        yield f"<li>{marks[check.holds]} {escape(check.title)} <span class=soft>{escape(check.text)}</span></li>"
    yield "</ul>\n"
    if report.gates:
        yield "<h2>Gates</h2><ul>"
        for gate in report.gates:
            kind, word = ("good", "holds") if gate.holds else ("bad", "broken")
            yield f'<li><span class="{kind}">{escape(gate.name)} {word}</span>: {escape(gate.text)}</li>'
        yield "</ul>\n"


def _table(rows: Iterable[Row], how: bool = False) -> str:
    lines = []
    for row in rows:
        before, after, change, verdict = row.texts()
        kind = {"better": "good", "worse": "bad"}.get(verdict, "soft")
        said = f"{verdict}: {change}" if verdict in ("better", "worse") else change
        note = f"<br><small>{escape(row.measure.how)}</small>" if how and row.measure is not None else ""
        lines.append(
            f'<tr><td>{escape(row.title)}{note}</td><td class="n">{escape(before)}</td>'
            f'<td class="n">{escape(after)}</td><td class="{kind}">{escape(said)}</td></tr>\n'
        )
    head = (
        '<tr><th></th><th class="n">Before</th><th class="n">After</th><th>Change (95 % interval)</th></tr>\n'
    )
    return f'<div class="wide"><table>{head}{"".join(lines)}</table></div>\n'


def _charts(report: Report) -> Iterator[str]:
    yield "<h2>Charts</h2>\n"
    yield _forest(report)
    yield '<div class="charts">'
    yield from _latencies(report)
    yield _memory(report)
    slug = report.result("slug")
    if slug is not None:
        folders = list(slug.details.get("directories", {}).items())[:12]
        rows = [(name, float(sizes[0]), float(sizes[1])) for name, sizes in folders]
        yield charts.bars(rows, "What ships, by folder", lambda value: words.value(value, "B"))
    yield "</div>\n"


def _forest(report: Report) -> str:
    rows = [
        Interval(m.title, c.ratio, c.low, c.high, c.band, words.MARKS[c.verdict])
        for m, c in report.measures()
        if c.ratio and not c.exact
    ]
    return charts.forest(rows, "Every sampled measure")


def _latencies(report: Report) -> Iterator[str]:
    """Of each phase: what part of the answers took at most how long."""
    load = report.result("load")
    if load is None:
        return
    latencies: dict[str, dict[str, list[float]]] = load.details.get("latencies", {})
    for phase in load.details.get("phases", []):
        lines = [
            _distribution(name, style, latencies.get(name, {}).get(phase["key"], []))
            for name, style in LABELS
        ]
        if max((len(line.points) for line in lines), default=0) > 3:
            yield charts.curves(
                lines,
                f"Answer times, {phase['title']}",
                "time to answer",
                "part of the answers that took no longer",
                lambda value: words.value(value, "s"),
                lambda value: f"{value * 100:.0f} %",
            )


def _distribution(name: str, style: str, seconds: list[float]) -> Line:
    ordered = sorted(seconds)
    points = [(value, (number + 1) / len(ordered)) for number, value in enumerate(ordered)]
    return Line(name, style, [(0.0, 0.0), (ordered[0], 0.0), *points] if points else [])


def _memory(report: Report) -> str:
    memory = report.result("memory")
    samples: dict[str, Any] = memory.details.get("samples", {}) if memory is not None else {}
    lines = [
        Line(name, style, [(s[0], s[1] / _MIB) for s in samples.get(name, [])]) for name, style in LABELS
    ]
    limit = report.settings.get("memory_limit")
    return charts.curves(
        lines,
        "Memory over time",
        "seconds since the start",
        "PSS of the process tree; the dashed line is the plan's memory",
        lambda value: f"{value:g} s",
        lambda value: f"{value:g} MiB",
        limit / _MIB if limit else None,
    )


def _details(report: Report) -> Iterator[str]:
    yield "<h2>Stages</h2><ul>"
    for result in report.results:
        kind = {"passed": "good", "failed": "bad"}.get(result.status, "soft")
        reason = f": {escape(result.reason)}" if result.reason else ""
        yield f'<li><b>{result.stage}</b> <span class="{kind}">{result.status}</span>{reason} '
        yield f"<span class=soft>{words.value(result.seconds, 's')}</span>"
        yield "".join(f"<br><small>{escape(note)}</small>" for note in result.notes) + "</li>\n"
    yield "</ul>\n"
    for effect in report.each:
        moved = [f"{title}: {words.change(change)}" for title, change in report.moved(effect)]
        said = "; ".join([*moved, *effect.failed]) or "no measurable change"
        yield f"<p><b>{escape(effect.code)} {escape(effect.name)}</b> alone: {escape(said)}</p>\n"
    yield f"<details><summary>All measures</summary>{_table(table.rest(report), how=True)}</details>\n"
    if report.diff:
        yield f"<details><summary>What is different</summary><pre>{escape(report.diff)}</pre></details>\n"
    yield f"<details><summary>Machine and settings</summary><pre>{escape(_facts(report))}</pre></details>\n"


def _facts(report: Report) -> str:
    import json

    return json.dumps({"machine": report.machine, "settings": report.settings}, indent=2)

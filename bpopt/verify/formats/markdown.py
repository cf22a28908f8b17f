"""The report as Markdown, for a pull request or a job summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.output.markdown import code, escape
from bpopt.output.shown import encodable
from bpopt.verify import table, words
from bpopt.verify.formats import conclusion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.output import Look
    from bpopt.verify.report import Report
    from bpopt.verify.table import Row

HEAD = "| | Before | After | Change (95 % interval) |\n| --- | ---: | ---: | --- |\n"
LIMIT = 60_000  # GitHub refuses comments of more than 65,536 characters


def render(report: Report, look: Look) -> str:
    """A heading, the table, the checklist; all measures and the difference of the files are folded away."""
    parts = [
        f"## bpopt verify: {escape(report.app)}\n\n**{escape(conclusion(report))}**\n\n",
        "".join(_states(report)),
        HEAD + "".join(_rows(table.rows(report))) + "\n",
        "".join(_checks(report)),
        "".join(_remarks(report)),
        _folded("How it was measured", "".join(_how(report))),
    ]
    rest = list(table.rest(report))
    if rest:
        parts.append(_folded("All measures", HEAD + "".join(_rows(rest))))
    if report.diff:
        parts.append(_folded("What is different", _fenced(report.diff)))
    text = ""
    for part in parts:
        text += part if len(text) + len(part) < LIMIT else ""
    return text


def _states(report: Report) -> Iterator[str]:
    yield f"Before: {escape(report.titles[0])}. After: {escape(report.titles[1])}"
    if report.applied:
        yield ":\n\n"
        yield from (
            f"- {escape(f'{fix.code} {fix.name}')}: {escape(fix.text)} ({code(fix.path)})\n"
            for fix in report.applied
        )
    else:
        yield ".\n"
    yield "".join(f"\n> {escape(note)}\n" for note in report.notes) + "\n"


def _rows(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        before, after, change, verdict = (escape(text) for text in row.texts())
        shown = f"**{verdict}**: {change}" if verdict in ("better", "worse") else change
        yield f"| {escape(row.title)} | {before} | {after} | {shown} |\n"


def _checks(report: Report) -> Iterator[str]:
    yield "Checklist of after:\n\n"
    words_of = {True: "", False: " **no**", None: " (not checked)"}
    for check in table.checklist(report):
        text = f": {escape(check.text)}" if check.text else ""
        yield f"- {'[x]' if check.holds else '[ ]'} {escape(check.title)}{words_of[check.holds]}{text}\n"
    yield "\n"


def _remarks(report: Report) -> Iterator[str]:
    lines = [f"**{r.stage} {r.status}**: {escape(r.reason)}" for r in report.results if r.status != "passed"]
    lines += [f"{r.stage}: {escape(note)}" for r in report.results for note in r.notes]
    lines += [
        f"gate {code(g.name)} {'holds' if g.holds else '**broken**'}: {escape(g.text)}" for g in report.gates
    ]
    for effect in report.each:
        moved = [f"{title} {words.change(change)}" for title, change in report.moved(effect)]
        said = "; ".join(moved + list(effect.failed)) or "no measurable change"
        lines.append(f"{effect.code} {escape(effect.name)} alone: {escape(said)}")
    if report.earlier is not None:
        from bpopt.verify import compare

        lines += [
            f"since {escape(str(report.earlier.get('date')))}: {escape(s)}" for s in compare.sentences(report)
        ]
    if lines:
        yield "".join(f"- {line}\n" for line in lines) + "\n"


def _how(report: Report) -> Iterator[str]:
    for row in table.rows(report):
        if row.measure is not None:
            yield f"- {escape(row.title)}: {escape(row.measure.how)}\n"
    machine = report.machine
    yield (
        f"- On {machine['cores']} cores ({escape(machine['processor'])}), {escape(machine['system'])}, load "
        f"{machine['load_before']} to {machine.get('load_after')}, Python {machine['python']}, "
        f"{escape(', '.join(f'{n} {v}' for n, v in machine['packages'].items()))}; seed {report.settings['seed']}, "
        f"traffic {code(report.settings['traffic']['hash'])}, {escape(report.date)}, "
        f"{words.value(report.seconds, 's')}\n"
    )


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n</details>\n\n"


def _fenced(text: str) -> str:
    shown = "".join(char if char.isprintable() or char == "\n" else " " for char in encodable(text))
    fence = "```"
    while fence in shown:
        fence += "`"
    return f"{fence}diff\n{shown}{fence}\n"

"""Markdown for a job summary or a comment on a pull request: counts first, then the findings by app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Severity
from bpopt.output.full import cost, targets
from bpopt.output.later import Later
from bpopt.output.links import rule_url
from bpopt.output.shown import safe
from bpopt.output.style import MARKERS, WORDS
from bpopt.output.totals import Totals, many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.engine import AppResult
    from bpopt.finding import Finding
    from bpopt.output import Look

# GitHub refuses comments of more than 65,536 characters; what is beyond this many is only counted.
LIMIT = 60_000
SPECIAL = "\\`*_{}[]|~!$<>#&"


def render(results: Iterable[AppResult], look: Look) -> Iterator[str]:
    """A heading with the totals, a table of counts, and a table of findings for each app that has some."""
    totals, counts, body = Totals(), Later(), Later()
    room, left_out = LIMIT, 0
    for result in results:
        totals.add(result)
        found = result.counted
        if not found:
            continue
        row, section = _counts(result), "".join(_section(result, found, look))
        room -= len(row) + len(section)
        if room < 0:
            left_out += len(found)
            continue
        counts.write(row)
        body.write(section)
    yield f"## bpopt\n\n{escape(totals.sentence())}\n"
    if counts.count:
        yield "\n| App | Errors | Warnings | Notes | Fixable |\n| --- | ---: | ---: | ---: | ---: |\n"
        yield from counts.read()
        yield from body.read()
    if left_out:
        yield f"\n{many(left_out, 'finding')} more did not fit here; `bpopt check` shows all.\n"


def _counts(result: AppResult) -> str:
    own = Totals()
    own.add(result)
    figures = " | ".join(str(own.severity[severity]) for severity in Severity)
    fixable = sum(1 for f in result.counted if f.fix and f.fix.safety.value == "safe")
    return f"| {code(result.root)} | {figures} | {fixable} |\n"


def _section(result: AppResult, found: tuple[Finding, ...], look: Look) -> Iterator[str]:
    yield f"\n### {code(result.root)}\n\n{escape(targets(result, look._replace(ascii=False)))}\n\n"
    yield "| | Rule | Place | Finding |\n| --- | --- | --- | --- |\n"
    yield from (_row(finding) for finding in found)


def _row(finding: Finding) -> str:
    at = finding.start
    rule = f"[{finding.code} {escape(finding.name)}]({rule_url(finding.name)})"
    cells = (WORDS[finding.severity.value], rule, code(f"{finding.path}:{at.line}:{at.column}"))
    return f"| {' | '.join(cells)} | {'<br>'.join(_remarks(finding))} |\n"


def _remarks(finding: Finding) -> Iterator[str]:
    yield escape(finding.message)
    if finding.impact:
        yield f"**Cost:** {escape(cost(finding.impact))}"
    if finding.help:
        yield f"**Help:** {escape(finding.help)}"
    if finding.fix:
        marker = escape(MARKERS[finding.fix.safety.value])
        reason = f": {escape(finding.fix.reason)}" if finding.fix.reason else ""
        yield f"**Fix:** {escape(finding.fix.title)} {marker}{reason}"
    if finding.platforms:
        yield f"**On:** {escape(', '.join(finding.platforms))}"


def escape(text: str) -> str:
    """A text that Markdown shows as it is, and that mentions nobody."""
    words = " ".join(safe(text).split())
    escaped = "".join(f"\\{char}" if char in SPECIAL else char for char in words)
    return escaped.replace("@", "@<!-- -->")


def code(text: str) -> str:
    """A code span, also in a table and around backticks."""
    shown = safe(text)
    fence = "`"
    while fence in shown:
        fence += "`"
    pad = " " if shown[:1] in ("`", "", " ") or shown[-1:] in ("`", " ") else ""
    return f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|")

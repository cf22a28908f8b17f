"""Workflow commands: GitHub Actions shows each finding as an annotation at its line.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.output.places import region, visible
from bpopt.output.shown import safe
from bpopt.output.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.engine import AppResult
    from bpopt.finding import Finding
    from bpopt.output import Look

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
IN_PROPERTY = IN_MESSAGE | {":": "%3A", ",": "%2C"}


def render(results: Iterable[AppResult], look: Look) -> Iterator[str]:
    """One command for each finding that counts, then the totals as a plain line."""
    totals = Totals()
    for result in results:
        totals.add(result)
        yield "".join(_command(finding, look) for finding in result.counted)
    if not look.quiet:
        yield totals.sentence() + "\n"


def _command(finding: Finding, look: Look) -> str:
    properties = {"file": safe(finding.path, look.ascii), **_place(finding)}
    properties["title"] = f"{finding.code} {finding.name}"
    written = ",".join(f"{key}={_escape(str(value), IN_PROPERTY)}" for key, value in properties.items())
    lines = [safe(text, look.ascii) for text in (finding.message, finding.help) if text]
    return f"::{COMMANDS[finding.severity.value]} {written}::{_escape(chr(10).join(lines), IN_MESSAGE)}\n"


def _place(finding: Finding) -> dict[str, int]:
    """Lines and columns; GitHub takes columns only where the annotation is within one line."""
    line, column, last, stop = region(finding.source, visible(finding.source, finding.span))
    lines = {"line": line, "endLine": last}
    return lines if line != last else {**lines, "col": column, "endColumn": stop}


def _escape(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(char, char) for char in text)

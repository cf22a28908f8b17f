"""Suppressions: `# bpopt: ignore[BP101] reason` on the line above, or the `suppress` table of the configuration.

Findings are marked, never dropped. A suppression that silences nothing is itself a finding (BP001).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.finding import Finding
    from bpopt.settings import Settings, Suppression
    from bpopt.text import Source

_DIRECTIVE = re.compile(
    r"(?:#|//)[ \t]*bpopt:[ \t]*ignore(?:\[(?P<rules>[^\]\n]*)\])?[ \t]*(?P<reason>[^\r\n]*)"
)
MARK = "bpopt: ignore"


class Directive(NamedTuple):
    """A comment that suppresses: the rules it names with their places, the line it is on and the one it is for."""

    source: Source
    rules: tuple[tuple[str, Span], ...]
    reason: str
    span: Span
    line: int
    target: int


def directives(source: Source) -> Iterator[Directive]:
    """The suppressing comments of a file, in order."""
    if MARK not in source.text:
        return
    for match in _DIRECTIVE.finditer(source.text):
        line = source.position(match.start()).line
        names = tuple(_names(match["rules"] or "", match.start("rules")))
        yield Directive(
            source, names, match["reason"].strip(), Span(*match.span()), line, _target(source, line)
        )


def _names(text: str, start: int) -> Iterator[tuple[str, Span]]:
    for match in re.finditer(r"[^,\s]+", text):
        yield match[0], Span(start + match.start(), start + match.end())


def _target(source: Source, line: int) -> int:
    """The line a comment speaks of: its own if something stands before it there, else the next that is no comment."""
    own = source.line_at(line).lstrip()
    if not own.startswith(("#", "//")):
        return line
    last = source.position(len(source.text)).line
    for number in range(line + 1, last + 1):
        text = source.line_at(number).strip()
        if text and not text.startswith(("#", "//")):
            return number
    return line


def suppress(findings: list[Finding], app: App, settings: Settings) -> list[Finding]:
    """Mark what is silenced, and add a finding for each suppression that silenced nothing."""
    comments = [d for path in _paths(app) if (s := app.source(path)) is not None for d in directives(s)]
    table = settings.suppressions
    if not comments and not table:
        return findings
    used: set[tuple[object, ...]] = set()
    marked = [_mark(finding, comments, table, used) for finding in findings]
    from bpopt.rules.run import unused_suppression

    extra = unused_suppression.unused(comments, used, app, settings)
    return marked + [_mark(finding, comments, (), used) for finding in extra]


def _paths(app: App) -> list[str]:
    return [path for paths in app.paths.values() for path in paths]


def _mark(
    finding: Finding, comments: list[Directive], table: tuple[Suppression, ...], used: set[tuple[object, ...]]
) -> Finding:
    for directive in comments:
        if directive.source.path == finding.source.path and _on_line(finding, directive):
            for name, span in directive.rules:
                if name in (finding.code, finding.name):
                    used.add((directive.source.path, span))
                    return finding._replace(suppressed="inline", justification=directive.reason)
    for entry in table:
        if entry.rule in (finding.code, finding.name) and _in_scope(finding, entry):
            used.add(("config", entry.number))
            return finding._replace(suppressed="config", justification=entry.reason)
    return finding


def _on_line(finding: Finding, directive: Directive) -> bool:
    return finding.start.line in (directive.target, directive.line)


def _in_scope(finding: Finding, entry: Suppression) -> bool:
    if entry.contains and entry.contains not in finding.source.text[finding.span.start : finding.span.end]:
        return False
    if not entry.path or entry.path in (finding.path, finding.source.path):
        return True
    from fnmatch import fnmatchcase

    return fnmatchcase(finding.source.path, entry.path)

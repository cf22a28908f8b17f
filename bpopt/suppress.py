"""Suppressions: `# bpopt: ignore[BP101] reason` on the line above, or the `suppress` table of the configuration.

Findings are marked, never dropped. A suppression that silences nothing is itself a finding (BP001).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.patterns import Pattern
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.finding import Finding
    from bpopt.settings import Settings, Suppression
    from bpopt.text import Source

_DIRECTIVE = Pattern(
    r"(?:#|//)[ \t]*bpopt:[ \t]*ignore(?:[ \t]*\[(?P<rules>[^\]\n]*)\])?[ \t]*(?P<reason>[^\r\n]*)"
)
MARK = "bpopt:"


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
    targets = _targets(source)
    for match in _DIRECTIVE.finditer(source.text):
        line = source.position(match.start()).line
        names = tuple(_names(match["rules"] or "", match.start("rules")))
        yield Directive(source, names, match["reason"].strip(), Span(*match.span()), line, targets[line - 1])


def _names(text: str, start: int) -> Iterator[tuple[str, Span]]:
    for match in re.finditer(r"[^,\s]+", text):
        yield match[0], Span(start + match.start(), start + match.end())


def _targets(source: Source) -> list[int]:
    """For each line, the one that a comment on it speaks of.

    Its own if something stands before the comment there, else the next that is no comment.
    """
    targets, below = [], 0
    for number in range(len(source.lines), 0, -1):
        text = source.lines[number - 1].text.strip()
        if text and not text.startswith(("#", "//")):
            below = number
        targets.append(below or number)
    return targets[::-1]


Used = set[tuple[object, ...]]
_Comments = dict[tuple[str, int], dict[str, tuple[Directive, Span]]]  # by path and line, by what is named


def suppress(findings: list[Finding], app: App, settings: Settings) -> tuple[list[Finding], list[Finding]]:
    """The findings, marked where they are silenced, and one for each suppression that silenced nothing."""
    paths = _paths(app) if MARK in app.lowered else ()
    comments = [d for path in paths if (s := app.source(path)) is not None for d in directives(s)]
    table = settings.suppressions
    if not comments and not table:
        return findings, []
    used: Used = set()
    placed = _placed(comments)
    marked = [_mark(finding, placed, table, used, settings.folder) for finding in findings]
    from bpopt.rules.run import unused_suppression

    return marked, list(unused_suppression.unused(comments, used, app, settings))


def mark(findings: list[Finding], app: App) -> list[Finding]:
    """The findings about suppressions, marked where a comment silences them."""
    paths = {finding.source.path for finding in findings}
    comments = [d for path in paths if (s := app.source(path)) is not None for d in directives(s)]
    placed = _placed(comments)
    return [_mark(finding, placed, (), set(), "") for finding in findings]


def _paths(app: App) -> list[str]:
    return [path for paths in app.paths.values() for path in paths]


def _placed(comments: list[Directive]) -> _Comments:
    placed: _Comments = {}
    for directive in comments:
        for line in {directive.line, directive.target}:
            named = placed.setdefault((directive.source.path, line), {})
            for name, span in directive.rules:
                named.setdefault(name, (directive, span))
    return placed


def _mark(
    finding: Finding, placed: _Comments, table: tuple[Suppression, ...], used: Used, folder: str
) -> Finding:
    named = placed.get((finding.source.path, finding.start.line), {})
    hit = named.get(finding.code) or named.get(finding.name)
    if hit is not None:
        directive, span = hit
        used.add((directive.source.path, span))
        return finding._replace(suppressed="inline", justification=directive.reason)
    for entry in table:
        if entry.rule in (finding.code, finding.name) and _in_scope(finding, entry, folder):
            used.add(("config", entry.number))
            return finding._replace(suppressed="config", justification=entry.reason)
    return finding


def _in_scope(finding: Finding, entry: Suppression, folder: str) -> bool:
    text = finding.source.text[finding.span.start : finding.span.end]
    return entry.contains in text and entry.names(finding.source.path, finding.path, folder)

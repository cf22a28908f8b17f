"""Procfile: process types and their commands.

The platforms disagree on the grammar (Heroku takes a missing colon, Dokku refuses the whole file over one bad
line), so the parser keeps what is written and how; rules ask the platform what that means.
"""

from __future__ import annotations

from bpopt.patterns import Pattern
from bpopt.text import Line, Source, Span
from bpopt.values import NamedTuple

_HEAD = Pattern(r"[ \t]*(?P<name>[^\s:#][^:\s]*)[ \t]*(?P<colon>:?)(?P<gap>[ \t]*)")


class ProcessType(NamedTuple):
    """One `name: command` line.

    `colon` is false for the `web gunicorn ...` that only Heroku takes; `gap` are the blanks after the colon.
    """

    name: str
    name_span: Span
    command: str
    command_span: Span
    line: Line
    colon: bool
    gap: str


class Procfile(NamedTuple):
    """All lines of a Procfile: process types in order, and the lines that are none and no comment or blank."""

    source: Source
    processes: tuple[ProcessType, ...]
    comments: tuple[Line, ...]
    unparsed: tuple[Line, ...]

    def process(self, name: str) -> ProcessType | None:
        """The first process type of that name (Heroku's and herokuish's choice among duplicates)."""
        return next((p for p in self.processes if p.name == name), None)


def parse(source: Source) -> Procfile:
    """Read a Procfile; every line goes into exactly one of the three tuples or is blank."""
    processes, comments, unparsed = [], [], []
    for line in source.lines:
        bare = line.text.strip()
        if not bare:
            continue
        if bare.startswith(("#", "//")):
            comments.append(line)
        elif process := _process(line):
            processes.append(process)
        else:
            unparsed.append(line)
    return Procfile(source, tuple(processes), tuple(comments), tuple(unparsed))


def _process(line: Line) -> ProcessType | None:
    head = _HEAD.match(line.text)
    if head is None:
        return None
    command = line.text[head.end() :].rstrip()
    if not (head["colon"] or command):
        return None
    start = line.span.start
    return ProcessType(
        head["name"],
        Span(start + head.start("name"), start + head.end("name")),
        command,
        Span(start + head.end(), start + head.end() + len(command)),
        line,
        bool(head["colon"]),
        head["gap"],
    )

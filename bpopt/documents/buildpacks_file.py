""".buildpacks: the buildpacks of an app, one address a line, as Dokku and Scalingo read it.

https://doc.scalingo.com/platform/deployment/buildpacks/multi and
https://dokku.com/docs/deployment/builders/herokuish-buildpacks/ (read 2026-11-24).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.text import Line, Source, Span


class BuildpackLine(NamedTuple):
    """One buildpack: its address, and where."""

    url: str
    span: Span
    line: Line


class BuildpacksFile(NamedTuple):
    """The buildpacks in the order in which they run."""

    source: Source
    entries: tuple[BuildpackLine, ...]


def parse(source: Source) -> BuildpacksFile:
    """Read a .buildpacks; every line that is not blank or a comment is an address."""
    lines = ((line, *line.strip()) for line in source.lines)
    entries = (
        BuildpackLine(text, span, line) for line, text, span in lines if text and not text.startswith("#")
    )
    return BuildpacksFile(source, tuple(entries))

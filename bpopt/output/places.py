"""Where things are: paths as the working directory sees them, spans as lines and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import under as under
from bpopt.text import Span

if TYPE_CHECKING:
    from bpopt.finding import Finding
    from bpopt.text import Source


def sources_of(finding: Finding) -> dict[str, Source]:
    """The sources at hand for a finding, by path: its own and those of its labels."""
    return {label.source.path: label.source for label in finding.labels} | {
        finding.source.path: finding.source
    }


def visible(source: Source, span: Span) -> Span:
    """The span without line ends at its end: the line after them is not meant."""
    end = max(span.start, min(span.end, len(source.text)))
    while end > span.start and source.text[end - 1] in "\r\n":
        end -= 1
    return Span(span.start, end)


def region(source: Source, span: Span) -> tuple[int, int, int, int]:
    """Line, column, last line and the column after the last character, all from 1."""
    start, end = source.position(span.start), source.position(span.end)
    return start.line, start.column, end.line, end.column

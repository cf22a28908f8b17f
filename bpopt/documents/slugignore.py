""".slugignore: patterns of files that a buildpack platform leaves out of the slug.

Heroku reads it roughly like .gitignore without negation, Scalingo with Go's filepath.Match, others not at all;
the parser keeps the pattern as written.
"""

from __future__ import annotations

from bpopt.text import Line, Source, Span
from bpopt.values import NamedTuple


class Pattern(NamedTuple):
    """One pattern line; `negated` ones begin with `!` (which the span and text include)."""

    text: str
    span: Span
    line: Line
    negated: bool


class Slugignore(NamedTuple):
    """The patterns in order, and the comments."""

    source: Source
    patterns: tuple[Pattern, ...]
    comments: tuple[Line, ...]


def parse(source: Source) -> Slugignore:
    """Read a .slugignore; each line is a pattern, a comment or blank."""
    patterns, comments = [], []
    for line in source.lines:
        text, span = line.strip()
        if text.startswith("#"):
            comments.append(line)
        elif text:
            patterns.append(Pattern(text, span, line, text.startswith("!")))
    return Slugignore(source, tuple(patterns), tuple(comments))

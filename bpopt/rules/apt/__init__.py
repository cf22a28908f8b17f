"""Rules of one family: apt package lists. Here is what several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit
from bpopt.text import Source, Span

if TYPE_CHECKING:
    from bpopt.documents.aptfile import AptWord


def remove_word(source: Source, word: AptWord) -> Edit:
    """The edit that takes a package out of its list: its whole line if it is alone there, else the word."""
    line = source.whole_line(word.span)
    text = source.text[line.start : line.end]
    if text.strip() == word.text:
        return Edit(source.path, line, "")
    before = source.text[line.start : word.span.start]
    if before.strip():
        return Edit(source.path, Span(line.start + len(before.rstrip()), word.span.end), "")
    after = source.text[word.span.end : line.end]
    blanks = len(after) - len(after.lstrip(" \t"))
    return Edit(source.path, Span(word.span.start, word.span.end + blanks), "")

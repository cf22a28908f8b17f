"""Text and places in it: the only room that knows offsets, lines, newlines, BOM and encodings.

A `Source` keeps every byte: text is decoded as UTF-8 with surrogate escapes, so encoding it again gives
the bytes back whatever they were. All positions in bpopt are offsets in characters into `Source.text`
(without the byte order mark); lines and columns exist only where a person reads them.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import repeat
from operator import contains
from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


class Span(NamedTuple):
    """A half-open range of character offsets, `start` included, `end` not."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as a person counts it: line and column both begin at 1, columns count characters."""

    line: int
    column: int


class Line(NamedTuple):
    """One line: its text without the line end, the span of that text, and the line end itself.

    The line end is what bash's `read` and grep see as one: a newline, with the carriage return before it
    if there is one. Joining `text + end` of all lines gives the source again.
    """

    text: str
    span: Span
    end: str

    def strip(self) -> tuple[str, Span]:
        """The text without blanks around it, and where that is."""
        left = len(self.text) - len(self.text.lstrip())
        bare = self.text.strip()
        return bare, Span(self.span.start + left, self.span.start + left + len(bare))


class Source:
    """The content of one file: `path` as the app names it (with `/`), the raw bytes, and their text.

    `shared` tells whether other apps that have the same file get this very object, `plain` whether it is ASCII
    without NUL bytes, as nearly all are, so that no question of encodings arises.
    """

    __slots__ = ("_lines", "_lowered", "_starts", "bom", "path", "plain", "raw", "shared", "text")

    def __init__(self, path: str, raw: bytes) -> None:
        self.path = path
        self.raw = raw
        self.shared = False
        self.plain = raw.isascii() and b"\0" not in raw
        self.bom = raw.startswith(UTF8_BOM)
        body = raw[len(UTF8_BOM) :] if self.bom else raw
        self.text = body.decode("utf-8", "surrogateescape")
        self._starts: list[int] | None = None
        self._lines: tuple[Line, ...] | None = None
        self._lowered: str | None = None

    @classmethod
    def of(cls, path: str, text: str) -> Source:
        """A source from text, as rule examples and tests have it."""
        return cls(path, text.encode("utf-8", "surrogateescape"))

    @property
    def newline(self) -> str:
        """The line end that new lines of this file should have: that of its first line."""
        first = self.text.find("\n")
        return "\r\n" if first > 0 and self.text[first - 1] == "\r" else "\n"

    @property
    def lowered(self) -> str:
        """The path and the text in lower case, to look for words in."""
        if self._lowered is None:
            self._lowered = f"{self.path}\n{self.text}".lower()
        return self._lowered

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines in order; together they are the whole text."""
        if self._lines is None:
            self._lines = tuple(split_lines(self.text))
        return self._lines

    def position(self, offset: int) -> Position:
        """Line and column of an offset; an offset past the end counts as the end."""
        starts = self._line_starts()
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line_at(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end, empty beyond the last."""
        starts = self._line_starts()
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column (both from 1), clamped to the text."""
        starts = self._line_starts()
        if line > len(starts):
            return len(self.text)
        return min(starts[max(line, 1) - 1] + column - 1, len(self.text))

    def whole_line(self, span: Span) -> Span:
        """The span widened to whole lines, line end included: what to remove to remove a line.

        The last line of a file without a final newline takes the line end before it instead, so that
        removing it leaves the file ending as it did.
        """
        start = self.text.rfind("\n", 0, span.start) + 1
        newline = self.text.find("\n", max(span.end - 1, span.start))
        if newline >= 0:
            return Span(start, newline + 1)
        if start:
            start -= 2 if self.text[max(start - 2, 0) : start] == "\r\n" else 1
        return Span(start, len(self.text))

    def encode(self, text: str) -> bytes:
        """The bytes of a new text for this file: same encoding, same byte order mark."""
        return (UTF8_BOM if self.bom else b"") + text.encode("utf-8", "surrogateescape")

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts = [0]
            find, at = self.text.find, 0
            while (at := find("\n", at) + 1) > 0:
                starts.append(at)
            self._starts = starts
        return self._starts


def has_any(text: str, words: Iterable[str]) -> bool:
    """Whether any of the words stands in the text; without a step of the interpreter for each."""
    return any(map(contains, repeat(text), words))


def split_lines(text: str) -> list[Line]:
    """Cut text into lines at newlines only (not at form feeds and other things Python's splitlines knows)."""
    lines, at, size = [], 0, len(text)
    make, span = Line._make, Span._make  # every line of every file: half the price of a call with fields
    if "\r" not in text:
        *whole, last = text.split("\n")
        for plain in whole:
            stop = at + len(plain)
            lines.append(make((plain, span((at, stop)), "\n")))
            at = stop + 1
        return [*lines, make((last, span((at, size)), ""))] if last else lines
    while at < size:
        newline = text.find("\n", at)
        stop = size if newline < 0 else newline
        bare = stop - 1 if newline > at and text[newline - 1] == "\r" else stop
        after = size if newline < 0 else newline + 1
        lines.append(make((text[at:bare], span((at, bare)), text[bare:after])))
        at = after
    return lines


def unreadable(raw: bytes) -> str | None:
    """Why these bytes are no text that a buildpack can read, or None: UTF-16, NUL bytes."""
    if raw.startswith(UTF16_BOMS):
        return "is UTF-16, every buildpack reads UTF-8"
    if b"\0" in raw:
        return "contains NUL bytes, so it is not a text file"
    return None

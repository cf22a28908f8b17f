""".env and its kin: settings one a line, as shells, python-dotenv and herokuish read them.

They disagree on `export`, quotes, blanks around `=` and comments behind a value; the parser keeps what is
written, rules ask the platform what it means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.documents.env_setting import EnvSetting
from bpopt.documents.tree import Problem
from bpopt.patterns import Pattern
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.text import Line, Source

_HEAD = Pattern(r"[ \t]*(?P<export>export[ \t]+)?(?P<name>[^\s=#'\"$]+)(?P<gap>[ \t]*)(?P<equals>=?)[ \t]*")
# Most lines: nothing in them that a shell would take for anything but itself.
_PLAIN = Pattern(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>[^\s#'\"\\$`]*)")
_QUOTED = {"'": Pattern(r"'[^']*+'"), '"': Pattern(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)}
_TAIL = Pattern(r"[ \t]*(?P<comment>(?:(?<=[ \t])#[^\n]*)?)(?=\r?\n|\Z)")
_COMMENT = Pattern(r"[ \t]#")
_EXPANSION = Pattern(r"(?<!\\)(?:\$[A-Za-z_{(]|`)")
_UNCERTAIN = Pattern(r"['\"\\]")
_ESCAPE = Pattern(r'\\(["\\$`])')
NAME = Pattern(r"[A-Za-z_][A-Za-z0-9_]*\Z")  # what a shell can export


class DotenvEntry(NamedTuple):
    """One setting.

    `value` is what a shell would assign, None if that depends on other variables or on quotes inside a word;
    `value_span` includes quotes, `quote` is `'`, `"` or empty. `spaced`: blanks before the `=`, which shells
    refuse. `equals` is false for a bare `export NAME`. `comment` is what stands behind the value, `span` all
    but that comment.
    """

    name: str
    name_span: Span
    value: str | None
    value_span: Span
    quote: str
    export: bool
    spaced: bool
    equals: bool
    comment: str
    span: Span
    line: Line


class Dotenv(NamedTuple):
    """The settings in order, comment lines, and lines that are no setting."""

    source: Source
    entries: tuple[DotenvEntry, ...]
    comments: tuple[Line, ...]
    problems: tuple[Problem, ...]

    @property
    def settings(self) -> tuple[EnvSetting, ...]:
        """The entries as every format of settings has them."""
        return tuple(
            EnvSetting(e.name, e.value, e.name_span, e.value_span, e.span) for e in self.entries if e.equals
        )


def parse(source: Source) -> Dotenv:
    """Read an .env file; each line is an entry (or part of one in quotes), a comment, a problem or blank."""
    reader = _Reader(source)
    comments: list[Line] = []
    for line in source.lines:
        if line.span.start < reader.done:
            continue
        text, span = line.strip()
        if text.startswith("#"):
            comments.append(line)
        elif text:
            reader.take(line, span)
    return Dotenv(source, tuple(reader.entries), tuple(comments), tuple(reader.problems))


class _Reader:
    """Collects entries; `done` is the offset behind the last one, `unclosed` the quotes that end nowhere."""

    def __init__(self, source: Source) -> None:
        self.text = source.text
        self.entries: list[DotenvEntry] = []
        self.problems: list[Problem] = []
        self.done = 0
        self.unclosed: set[str] = set()

    def take(self, line: Line, bare: Span) -> None:
        if (plain := _PLAIN.fullmatch(line.text)) is not None:
            self.entries.append(_plain(plain, line))
            return
        head = _HEAD.match(line.text)
        if head is None or not (head["equals"] or (head["export"] and head.end() == len(line.text))):
            self.problems.append(Problem("is not NAME=value", bare))
            return
        start = line.span.start + head.end()
        value_span, quote, comment = self.quoted(start, line) or self.plain(start, line)
        self.done = max(line.span.end, value_span.end)
        name_span = Span(line.span.start + head.start("name"), line.span.start + head.end("name"))
        if not NAME.match(head["name"]):
            self.problems.append(Problem("is no name a shell can export", name_span))
        span = Span(bare.start, max(value_span.end, name_span.end + len(head["gap"]) + len(head["equals"])))
        value = _value(self.text[slice(*value_span)], quote) if head["equals"] else None
        flags = (bool(head["export"]), bool(head["gap"] and head["equals"]), bool(head["equals"]))
        self.entries.append(
            DotenvEntry(head["name"], name_span, value, value_span, quote, *flags, comment, span, line)
        )

    def quoted(self, start: int, line: Line) -> tuple[Span, str, str] | None:
        """A value in quotes, which may run over lines; None if it is not one."""
        quote = self.text[start : start + 1] if start < line.span.end else ""
        if quote not in _QUOTED or not quote:
            return None
        match = None if quote in self.unclosed else _QUOTED[quote].match(self.text, start)
        tail = _TAIL.match(self.text, match.end()) if match else None
        if match and tail:
            return Span(*match.span()), quote, tail["comment"].rstrip("\r")
        if match is None:
            # No later quote of this kind is closed either: what follows was searched to its end.
            self.unclosed.add(quote)
        if match is None or match.end() > line.span.end:
            self.problems.append(Problem("this quote is not closed on its line", Span(start, start + 1)))
        return None

    def plain(self, start: int, line: Line) -> tuple[Span, str, str]:
        """A value without quotes, or with quotes in the middle: up to a comment or the end of the line."""
        start = min(start, line.span.end)
        text = self.text[start : line.span.end]
        cut = _COMMENT.search(text)
        body = "" if text.startswith("#") else (text[: cut.start()] if cut else text).rstrip()
        return Span(start, start + len(body)), "", text[len(body) :].strip()


def _plain(match: re.Match[str], line: Line) -> DotenvEntry:
    """The setting of a line `NAME=value` with no blank, quote, comment or variable in it."""
    (name, value), (start, end) = match.groups(), line.span
    middle = start + len(name)
    places = Span(start, middle), Span(middle + 1, end)
    return DotenvEntry(name, places[0], value, places[1], "", False, False, True, "", line.span, line)


def _value(raw: str, quote: str) -> str | None:
    if quote == "'":
        return raw[1:-1]
    if _EXPANSION.search(raw):
        return None
    if quote:
        return _ESCAPE.sub(r"\1", raw[1:-1])
    return None if _UNCERTAIN.search(raw) else raw

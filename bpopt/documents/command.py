"""Shell commands with exact positions: plain words are cut at blanks, all else goes through the bash grammar.

Nothing here runs or expands anything: a word whose value depends on the shell at run time has no value,
only the text as written and the names of the variables in it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bpopt.patterns import Pattern
from bpopt.text import Span
from bpopt.values import NamedTuple

# Characters: the time and memory of the grammar grow with the square of a pipeline (20,000 bars take 1 GB).
LONGEST = 4_000


class Word(NamedTuple):
    """One shell word: as written, where, what it means if that is certain, and the variables in it."""

    text: str
    span: Span
    value: str | None
    variables: tuple[str, ...] = ()


class Assignment(NamedTuple):
    """`NAME=value` before a command or exported by one."""

    name: str
    value: Word | None
    span: Span


class Command(NamedTuple):
    """A simple command: its words (the program first), the assignments before it, and how it is joined.

    `follows` is the operator before it (`&&`, `||`, `|`, `;` or empty for the first), `background` whether
    `&` sends it away.
    """

    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    span: Span
    follows: str = ""
    background: bool = False

    @property
    def program(self) -> str | None:
        """The last part of the path of the program, None if there is none or it is not certain."""
        value = self.words[0].value if self.words else None
        return value.rsplit("/", 1)[-1] if value is not None else None

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words after the program."""
        return self.words[1:]


class Script(NamedTuple):
    """All simple commands of a line of shell, in order; `errors` are the places the grammar rejects."""

    commands: tuple[Command, ...]
    assignments: tuple[Assignment, ...]
    errors: tuple[Span, ...]
    operators: frozenset[str] = frozenset()


# One simple command of plain words: no quote, operator, glob or tilde, no expansion but one `$NAME` a word, no
# assignment or reserved word in front. The shell cuts that at blanks and so does this, without loading the grammar;
# a test holds the two against each other.
_PLAIN = Pattern(
    r"[ \t]*(?!(?:if|then|else|elif|fi|case|esac|for|select|while|until|do|done|in|function|time|coproc|export|declare"
    r"|typeset|readonly|local|unset|unsetenv)(?:[ \t]|$))[A-Za-z_./][\w./-]*"
    r"(?:[ \t]+(?=[^ \t])[\w./:=@%+,-]*(?:\$[A-Za-z_][\w./:=@%+,-]*)?)*[ \t]*",
    re.ASCII,
)
_WORD = Pattern(r"[^ \t]+")
_VARIABLE = Pattern(r"\$(\w+)", re.ASCII)


def parse(text: str, offset: int = 0) -> Script:
    """Parse shell text that begins at `offset` of its file; all spans are offsets into the file."""
    if len(text) > LONGEST:
        return Script((), (), (Span(offset, offset + len(text)),))
    return _parsed(text, offset)


@lru_cache(512)  # several rules ask of one command, and apps of one repository are started by much the same
def _parsed(text: str, offset: int) -> Script:
    if _PLAIN.fullmatch(text):
        return _plain(text, offset)
    from bpopt.documents import bash

    return bash.parse(text, offset)


def _plain(text: str, offset: int) -> Script:
    words = []
    for match in _WORD.finditer(text):
        word = match[0]
        variables = tuple(_VARIABLE.findall(word)) if "$" in word else ()
        span = Span._make((offset + match.start(), offset + match.end()))
        words.append(Word._make((word, span, None if variables else word, variables)))
    whole = Span(words[0].span.start, words[-1].span.end)
    return Script((Command(tuple(words), (), whole),), (), ())

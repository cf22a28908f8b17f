"""requirements.txt: what pip is to install, and the options in between.

Format: https://pip.pypa.io/en/stable/reference/requirements-file-format/ (read 2026-11-23). A logical line
may run over several with a backslash at the end; its text here has blanks in place of the backslash and the
line end, so that every place in it is a place in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.requirement_line import (
    Logical,
    Option,
    Requirement,
    editable,
    normalised,
    read_options,
    read_requirement,
)
from bpopt.documents.tree import Problem
from bpopt.patterns import Pattern
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.text import Line, Source

__all__ = ["Option", "Requirement", "Requirements", "allows", "normalised", "parse", "pinned"]

_PINNED = Pattern(r"===?[ \t]*(?P<version>[^\s,*]+)$")


class Requirements(NamedTuple):
    """A requirements file: what to install, options on lines of their own, comments, and what is neither."""

    source: Source
    requirements: tuple[Requirement, ...]
    options: tuple[Option, ...]
    comments: tuple[Span, ...]
    problems: tuple[Problem, ...]

    def find(self, name: str) -> Requirement | None:
        """The first requirement of that package, whatever way its name is written."""
        wanted = normalised(name)
        return next((r for r in self.requirements if r.name == wanted), None)

    @property
    def includes(self) -> tuple[Option, ...]:
        """The `-r` lines, whose values name other files."""
        return tuple(o for o in self.options if o.name == "--requirement")


def parse(source: Source) -> Requirements:
    """Read a requirements file; each logical line is a requirement, an option, a problem or blank."""
    requirements: list[Requirement] = []
    options: list[Option] = []
    comments: list[Span] = []
    problems: list[Problem] = []
    for logical in _logical_lines(source):
        text = logical.text
        cut = _comment(text)
        if cut < len(text):
            comments.append(Span(logical.start + cut, logical.start + len(text)))
        bare = text[:cut].rstrip()
        body = logical if bare == text else Logical(bare, logical.start, logical.line)
        at = len(body.text) - len(body.text.lstrip())
        if body.text[at : at + 1] == "-" and (found := read_options(body, at)):
            options += [o for o in found if o.name != "--editable"]
            requirements += [editable(body, o) for o in found if o.name == "--editable"]
        elif bare:
            read = read_requirement(body, at)
            if isinstance(read, Problem):
                problems.append(read)
            else:
                requirements.append(read)
    return Requirements(source, tuple(requirements), tuple(options), tuple(comments), tuple(problems))


def _logical_lines(source: Source) -> Iterable[Logical]:
    if "\\" not in source.text:
        return [Logical._make((line.text, line.span.start, line)) for line in source.lines]
    return _joined_lines(source)


def _joined_lines(source: Source) -> Iterator[Logical]:
    parts: list[str] = []
    first: Line | None = None
    for line in source.lines:
        first = first or line
        if line.text.endswith("\\") and not line.text.lstrip().startswith("#"):
            parts.append(line.text[:-1] + " " * (1 + len(line.end)))
            continue
        yield Logical("".join(parts) + line.text, first.span.start, first)
        parts, first = [], None
    if first:
        yield Logical("".join(parts), first.span.start, first)


def _comment(text: str) -> int:
    """Where the comment begins: a `#` at the start or behind a blank; without one, where the text ends."""
    at = text.find("#")
    while at > 0 and not text[at - 1].isspace():
        at = text.find("#", at + 1)
    return at if at >= 0 else len(text)


def pinned(requirement: Requirement) -> str | None:
    """The version of `==X` or `===X`, None for any other specifier or a wildcard."""
    match = _PINNED.match(requirement.specifier.rstrip(" ,"))
    return match["version"] if match else None


def allows(requirement: Requirement, version: str) -> bool | None:
    """Whether the specifier takes this version (pre-releases too); None where that cannot be told."""
    if requirement.url or "$" in requirement.specifier:
        return None
    from bpopt.documents.releases import contains

    return contains(requirement.specifier, version)

"""Aptfile, and its kin packages.txt and apt.txt: one apt package, repository or .deb address a line.

No comment may follow a package on its line, on any platform that reads an Aptfile; the parser still cuts such
lines into words, `#` included, as the buildpacks do, and rules say what becomes of them.
"""

from __future__ import annotations

from bpopt.patterns import Pattern
from bpopt.text import Line, Source, Span
from bpopt.values import NamedTuple

_WORD = Pattern(r"[^ \t\r]+")


class AptWord(NamedTuple):
    """One blank-separated word of a package line: what the Heroku buildpack hands to apt-get."""

    text: str
    span: Span


class AptLine(NamedTuple):
    """A line that names something to install.

    `kind` is `packages`, `deb` (an address ending in `deb`) or `repo` (`:repo:`; `indented` ones are not
    seen as such by any buildpack).
    """

    kind: str
    words: tuple[AptWord, ...]
    line: Line
    indented: bool


class Aptfile(NamedTuple):
    """An apt list: the lines that install, and the comments.

    `packages` are the names that look like package names, in order, duplicates included; inline comments cut off.
    """

    source: Source
    entries: tuple[AptLine, ...]
    comments: tuple[Line, ...]
    packages: tuple[AptWord, ...]

    def find(self, name: str) -> AptWord | None:
        """The first place a package is named, or None."""
        return next((w for w in self.packages if w.text == name), None)


# https://www.debian.org/doc/debian-policy/ch-controlfields.html#source: lower case, digits, plus, minus, dot.
PACKAGE_NAME = Pattern(r"[a-z0-9][a-z0-9+.\-]+$")


def parse(source: Source) -> Aptfile:
    """Read an apt list; blank lines are dropped, every other line is an entry or a comment."""
    entries, comments = [], []
    for line in source.lines:
        bare = line.text.strip()
        if bare.startswith("#"):
            comments.append(line)
        elif bare:
            entries.append(_entry(line, bare))
    packages = tuple([w for entry in entries if entry.kind == "packages" for w in named(entry)])
    return Aptfile(source, tuple(entries), tuple(comments), packages)


def named(entry: AptLine) -> tuple[AptWord, ...]:
    """The package names of one line: words up to an inline `#` that look like a name."""
    names = []
    for word in entry.words:
        if word.text.startswith("#"):
            break
        if PACKAGE_NAME.match(word.text):
            names.append(word)
    return tuple(names)


def _entry(line: Line, bare: str) -> AptLine:
    start = line.span.start
    words = tuple(AptWord(m[0], Span(start + m.start(), start + m.end())) for m in _WORD.finditer(line.text))
    kind = "repo" if bare.startswith(":repo:") else "deb" if bare.endswith("deb") else "packages"
    return AptLine(kind, words, line, line.text[:1] in " \t")

"""The apt list has Windows line ends.

## What it does

Finds apt lists whose lines end in a carriage return and a newline.

## Why is this bad

The buildpacks are shell scripts that cut lines at newlines: the carriage return stays at the end of each package
name, and apt-get ends with "Unable to locate package" and a name that looks right.

## Fix safety

Safe: the carriage returns go, nothing else changes. To keep them away, put `Aptfile text eol=lf` into
`.gitattributes`.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [digitalocean/buildpack-apt, README](https://github.com/digitalocean/buildpack-apt#readme)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import HEROKU_APT
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP109", "carriage-return", "aptfile", Severity.ERROR)

EXAMPLES = (
    bad("# images\r\nlibjpeg-dev«\r»\ncmake\r\n", fixed="# images\nlibjpeg-dev\ncmake\n"),
    bad("cmake«\r»\n", fixed="cmake\n", on=("digitalocean", "scalingo")),
    ok("# a comment\r\ncmake\n", title="no package line has one"),
    ok("cmake\r\n", on="heroku-fir", title="Fir does not read the file"),
)
FACT = Evidence("fact", "the carriage return becomes part of the name", HEROKU_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report the first line that ends so, for all of them."""
    targets = app.where(lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.crlf") is False)
    source = aptfile.source
    ended = [entry.line for entry in aptfile.entries if entry.line.end == "\r\n"]
    if not targets or not ended:
        return
    returns = (line.span.end for line in source.lines if line.end == "\r\n")
    edits = tuple(Edit(source.path, Span(at, at + 1), "") for at in returns)
    first = ended[0].span.end
    yield META.found(
        source,
        Span(first, first + 1),
        f"{len(ended)} package name{'s end' if len(ended) > 1 else ' ends'} in a carriage return",
        help="save the file with Unix line ends",
        fix=Fix("Take the carriage returns out", Safety.SAFE, edits),
        evidence=[FACT],
        on=targets,
    )

"""A comment stands behind a package.

## What it does

Finds `#` and what follows it on a line of an apt list that names a package.

## Why is this bad

No apt buildpack knows comments at the end of a line. The Heroku one hands `#` and each word behind it to apt-get as
package names, DigitalOcean's takes the whole line for one name. The build ends with "Unable to locate package #".

## Fix safety

Safe: the comment moves to a line of its own above the package.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [digitalocean/buildpack-apt, bin/build](https://github.com/digitalocean/buildpack-apt/blob/main/bin/build)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import HEROKU_APT, readers
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile, AptLine

META = Rule("BP107", "inline-comment", "aptfile", Severity.ERROR)

EXAMPLES = (
    bad("cmake\nlibpq-dev «# for postgres»\n", fixed="cmake\n# for postgres\nlibpq-dev\n"),
    bad("  libpq-dev   «#postgres»\n", fixed="  #postgres\n  libpq-dev\n", on="digitalocean"),
    ok("# for postgres\nlibpq-dev\n", title="a comment on a line of its own"),
    ok("https://example.com/a#b.deb\n", title="part of an address"),
    ok("libpq-dev # for postgres\n", on="heroku-fir", title="Fir does not read the file"),
)
FACT = Evidence("fact", "only lines that begin with # are comments", HEROKU_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each comment behind a package."""
    targets = app.where(
        lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.inline_comment") is False
    )
    for entry in aptfile.entries if targets else ():
        start = next((word.span.start for word in entry.words if word.text.startswith("#")), None)
        if entry.kind == "packages" and start is not None:
            yield _finding(aptfile, entry, start, app)


def _finding(aptfile: Aptfile, entry: AptLine, start: int, app: App) -> Finding:
    source, line = aptfile.source, entry.line
    comment = Span(start, entry.words[-1].span.end)
    before = source.text[line.span.start : start]
    indent = before[: len(before) - len(before.lstrip())]
    edits = (
        Edit(
            source.path, Span(line.span.start, line.span.start), f"{indent}{source.text[slice(*comment)]}\n"
        ),
        Edit(source.path, Span(line.span.start + len(before.rstrip()), line.span.end), ""),
    )
    return META.found(
        source,
        comment,
        "a comment behind a package is read as package names",
        help="put it on a line of its own",
        fix=Fix("Move the comment above the package", Safety.SAFE, edits),
        evidence=[FACT],
        on=readers(app),
    )

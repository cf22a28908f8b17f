"""A repository line is indented.

## What it does

Finds `:repo:` lines of an apt list that begin with blanks.

## Why is this bad

The buildpacks know a repository by `:repo:` at the very start of the line. Indented, the Heroku one hands the line to
apt-get as package names, which ends the build; DigitalOcean's leaves it out silently, so that the packages of that
repository are not found.

## Fix safety

Safe: the blanks go.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [digitalocean/buildpack-apt, bin/build](https://github.com/digitalocean/buildpack-apt/blob/main/bin/build)
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

META = Rule("BP111", "indented-repository", "aptfile", Severity.ERROR)

_REPO = ":repo:deb [trusted=yes] https://example.com/apt stable main"
EXAMPLES = (
    bad(f"«  »{_REPO}\ntool\n", fixed=f"{_REPO}\ntool\n"),
    bad(f"«\t»{_REPO}\ntool\n", fixed=f"{_REPO}\ntool\n", on="digitalocean"),
    ok(f"{_REPO}\ntool\n"),
    ok("  tool\n", title="an indented package"),
)
FACT = Evidence("fact", "a repository is known by :repo: at the start of the line", HEROKU_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report indented repository lines."""
    targets = app.where(
        lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.indented_repo_read") is False
    )
    for entry in aptfile.entries if targets else ():
        if entry.kind == "repo" and entry.indented:
            blanks = Span(entry.line.span.start, entry.words[0].span.start)
            yield META.found(
                aptfile.source,
                blanks,
                "an indented :repo: line is no repository to the buildpack",
                help="begin the line with :repo:",
                fix=Fix("Take the blanks out", Safety.SAFE, (Edit(aptfile.source.path, blanks, ""),)),
                evidence=[FACT],
                on=targets,
            )

"""The apt list names no package.

## What it does

Finds an Aptfile of comments and blank lines only.

## Why is this bad

Where the apt buildpack is configured, it runs for nothing in each build; on DigitalOcean the file alone brings it in.
Before March 2024 the Heroku one failed on such a file.

## Fix safety

Unsafe: the file goes, comments included; where the Heroku buildpack list names the apt buildpack, it must leave the
list first, for that buildpack fails without the file.

## References

- [heroku-buildpack-apt #117](https://github.com/heroku/heroku-buildpack-apt/issues/117)
- [heroku-buildpack-apt, CHANGELOG](https://github.com/heroku/heroku-buildpack-apt/blob/main/CHANGELOG.md)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.apt import readers
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP117", "empty-aptfile", "aptfile", Severity.INFO)

EXAMPLES = (
    bad("«# for later\n»", fixed={"Aptfile": None}, safety="unsafe"),
    bad({"Aptfile": ""}, fixed={"Aptfile": None}, safety="unsafe", on="digitalocean"),
    ok("# for later\ncmake\n"),
    ok("# nothing\n", on="heroku-fir"),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report a list without entries."""
    targets = readers(app)
    if aptfile.entries or not targets:
        return
    source = aptfile.source
    reason = "the apt buildpack must leave the buildpack list first: without the file it fails"
    yield META.found(
        source,
        Span(0, len(source.text)),
        f"{source.path} lists no package",
        help="remove the file, and the apt buildpack from the list of buildpacks",
        fix=Fix(f"Remove {source.path}", Safety.UNSAFE, removes=(source.path,), reason=reason),
        on=targets,
    )

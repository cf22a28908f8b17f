"""Several packages stand on one line where a line is one name.

## What it does

Finds lines of an apt list with more than one package, on DigitalOcean.

## Why is this bad

DigitalOcean's apt buildpack passes a line as one argument, so `cmake curl` is the name of one package, "cmake curl",
which does not exist: the build ends. Heroku's and Scalingo's split the line, so the same file works there.

## Fix safety

Safe: one line for each package, in the same order. It means the same to the other platforms.

## References

- [digitalocean/buildpack-apt, bin/build](https://github.com/digitalocean/buildpack-apt/blob/main/bin/build)
- [Aptfile on App Platform](https://docs.digitalocean.com/products/app-platform/reference/buildpacks/aptfile/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.aptfile import named
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import DIGITALOCEAN_APT
from bpopt.rules.apt.not_a_package import COMMANDS
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP108", "several-packages-on-line", "aptfile", Severity.ERROR)

EXAMPLES = (
    bad("# tools\n«cmake curl  wget»\n", fixed="# tools\ncmake\ncurl\nwget\n", on="digitalocean"),
    bad("«cmake curl»", fixed="cmake\ncurl", on=("heroku", "digitalocean")),
    ok("cmake curl\n", title="Heroku splits the line"),
    ok("cmake\ncurl\n", on="digitalocean"),
    ok(":repo:deb http://example.com/ stable main\n", on="digitalocean", title="a repository is one line"),
    ok("cmake # comment\n", on="digitalocean", title="has a rule of its own"),
)
FACT = Evidence("fact", "a line is passed to apt-get as one name", DIGITALOCEAN_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report lines with several names."""
    targets = app.where(
        lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.several_per_line") is False
    )
    for entry in aptfile.entries if targets else ():
        words = entry.words
        if entry.kind != "packages" or len(words) < 2 or len(named(entry)) != len(words):
            continue
        if any(word.text in COMMANDS for word in words):  # BP110 speaks of these
            continue
        whole = Span(words[0].span.start, words[-1].span.end)
        lines = "\n".join(word.text for word in words)
        yield META.found(
            aptfile.source,
            whole,
            f"a line is one package name: apt finds no package {aptfile.source.text[slice(*whole)]!r}",
            help="put each package on a line of its own",
            fix=Fix(
                "Put each package on a line of its own",
                Safety.SAFE,
                (Edit(aptfile.source.path, whole, lines),),
            ),
            severity=None if app.knows_target else Severity.WARNING,
            evidence=[FACT],
            on=targets,
        )

"""A pattern in an apt list installs whatever matches.

## What it does

Finds `*`, `?` and `[...]` in the words of an apt list.

## Why is this bad

apt-get takes a word that names no package for a pattern over the names of all packages of the archive, and
`mysql-client-*` or `*libarchive13*` brings everything that matches, also what comes to match by the next update.

## Fix safety

There is no fix: only you know which of the packages was meant.

## References

- [heroku-buildpack-apt, tests with a pattern](https://github.com/heroku/heroku-buildpack-apt/tree/main/test)
- [apt-get(8): patterns](https://manpages.debian.org/bookworm/apt/apt-get.8.en.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.apt import HEROKU_APT, readers
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP119", "package-pattern", "aptfile", Severity.WARNING)

EXAMPLES = (
    bad("cmake\n«mysql-client-*»\n"),
    bad("«*libarchive13*»\n", on="digitalocean"),
    ok("libstdc++6\ng++\nlibfoo1.2\n", title="plus and dot are part of names"),
    ok("# lib*\ncmake # *\n", title="in comments"),
    ok("mysql-client-*\n", on="heroku-fir"),
    ok('[packages]\nlibxcb1 = "*"\n', title="another format: another rule speaks"),
)
FACT = Evidence("fact", "patterns reach apt-get", HEROKU_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each pattern."""
    on = app.where(lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.wildcards"))
    for entry in aptfile.entries if on and readers(app) else ():
        if entry.kind != "packages" or any(mark in entry.line.text for mark in ("=", '"', "'")):
            continue
        for word in entry.words:
            if word.text.startswith("#"):
                break
            if len(word.text) > 1 and any(c in word.text for c in "*?") and word.text[0] not in "-[":
                yield META.found(
                    aptfile.source,
                    word.span,
                    f"{word.text} installs every package that matches",
                    help="name the packages",
                    evidence=[FACT],
                    on=on,
                )

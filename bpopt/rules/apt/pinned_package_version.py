"""An apt package is pinned to a version.

## What it does

Finds `name=version` in an apt list.

## Why is this bad

Ubuntu's archive holds the version of the release and the newest update, and nothing in between. When the next update
comes out, `Version '...' for '...' was not found` ends the build, and until then the app goes without fixes.

## Fix safety

Unsafe: the app gets the newest version of its stack. Within a stack that is the same one with fixes.

## References

- [apt-get(8): a version behind a name](https://manpages.debian.org/bookworm/apt/apt-get.8.en.html)
- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.aptfile import PACKAGE_NAME
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import HEROKU_APT
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP120", "pinned-package-version", "aptfile", Severity.WARNING)

EXAMPLES = (
    bad(
        "# as on the old server\nffmpeg«=7:4.4.2-0ubuntu0.22.04.1»\n",
        fixed="# as on the old server\nffmpeg\n",
        safety="unsafe",
    ),
    bad("curl«=7.*» wget\n", fixed="curl wget\n", safety="unsafe"),
    ok("ffmpeg\n# curl=1\n"),
    ok("Flask==3.1.3\ngunicorn==27.0.1\n", title="a list for pip: another rule speaks"),
    ok("libxcb1 = 1\n", title="no version of apt's"),
    ok(":repo:deb https://a.example/apt stable main\ntool=1.0\n", title="an archive of your own may keep it"),
    ok("ffmpeg=4\n", on="heroku-fir"),
)
FACT = Evidence("fact", "name=version reaches apt-get unchanged", HEROKU_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each pinned version, unless the list has a repository of its own."""
    on = app.where(lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.versions"))
    if not on or any(entry.kind == "repo" for entry in aptfile.entries):
        return
    words = (word for entry in aptfile.entries if entry.kind == "packages" for word in entry.words)
    for word in words:
        name, equals, version = word.text.partition("=")
        if not equals or not version or version[0] in "=\"'" or PACKAGE_NAME.match(name) is None:
            continue
        span = Span(word.span.start + len(name), word.span.end)
        edit = Edit(aptfile.source.path, span, "")
        yield META.found(
            aptfile.source,
            span,
            f"{name} is pinned, and the build ends when the archive drops {version}",
            help=f"write {name}",
            fix=Fix(
                f"Write {name}", Safety.UNSAFE, (edit,), reason="the app then gets the stack's newest version"
            ),
            evidence=[FACT],
            on=on,
        )

"""A word of the apt list cannot be the name of a package.

## What it does

Finds shell commands (`apt-get install`), a backslash at the end of a line, quotes, options, and other words that are
no package name, address or repository.

## Why is this bad

An apt list is no shell script: every word of a line is a package name. apt-get ends with "Unable to locate package",
and the build with it. Options such as `-y` reach apt-get on Heroku, where they change nothing or too much, and are
taken for a name on DigitalOcean.

## Fix safety

Unsafe: the words go, the packages stay. What was meant by them may have been something else.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [Names of packages, Debian Policy](https://www.debian.org/doc/debian-policy/ch-controlfields.html#source)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import HEROKU_APT, readers, remove_word
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile, AptLine, AptWord

META = Rule("BP110", "not-a-package", "aptfile", Severity.ERROR)

COMMANDS = frozenset({"sudo", "apt-get", "install", "RUN", "run", "update", "&&", "\\"})
# A name, a pattern, with an architecture, a version or a suite behind it; what apt-get takes as its argument.
_ARGUMENT = re.compile(
    r"[A-Za-z0-9*?\[\]^][A-Za-z0-9+.\-*?\[\]^$~]*(?::[a-z0-9]+)?(?:[=/][A-Za-z0-9+.:~\-*]+)?[+-]?$"
)

EXAMPLES = (
    bad(
        "«sudo» «apt-get» «install» -y ffmpeg\n",
        fixed="-y ffmpeg\n",
        safety="unsafe",
        title="options are apt's affair",
    ),
    bad("libjpeg-dev «\\»\n    ffmpeg\n", fixed="libjpeg-dev\n    ffmpeg\n", safety="unsafe"),
    bad("«-y» ffmpeg\n", fixed="ffmpeg\n", safety="unsafe", on="digitalocean"),
    bad('«"libjpeg-dev"»\n', title="quotes are part of the name"),
    ok(
        "mysql-client-*\nfoo=1.2-3\nfoo/noble-backports\nlibc6:i386\ng++ libstdc++6\n",
        title="what apt-get takes",
    ),
    ok("-t noble-backports ffmpeg\n", title="Heroku passes options on"),
    ok(
        "https://example.com/foo.deb\n./local.deb\n:repo:deb http://a b c\n",
        title="addresses and repositories",
    ),
    ok("apt-transport-https\n", title="a package"),
)
FACT = Evidence("fact", "every word is passed to apt-get as a package", HEROKU_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report words that apt-get can only refuse."""
    targets = readers(app)
    options = app.where(
        lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.options_passed") is False
    )
    # One bad file, one message a line: a file in another format has a rule of its own.
    for entry in aptfile.entries if targets else ():
        if entry.kind == "packages" and _plausible(entry):
            for word in _words(entry):
                if word.text in COMMANDS or not _ARGUMENT.match(word.text):
                    if not word.text.startswith("-"):
                        yield _finding(aptfile, word, targets)
                    elif options:
                        yield _finding(aptfile, word, options)


def _words(entry: AptLine) -> Iterator[AptWord]:
    for word in entry.words:
        if word.text.startswith("#"):
            return
        yield word


def _plausible(entry: AptLine) -> bool:
    """Whether the line is meant to name packages at all, rather than to be a table, prose or code."""
    text = entry.line.text
    return (
        not any(mark in text for mark in ("==", " = ", "[", "{", "<", ">", "`", ";", "(")) and text.isascii()
    )


def _finding(aptfile: Aptfile, word: AptWord, on: tuple[Target, ...]) -> Finding:
    fix = None
    if word.text in COMMANDS or word.text.startswith("-"):
        reason = "it may have been meant to do something that the buildpack does not do"
        fix = Fix(f"Remove {word.text}", Safety.UNSAFE, (remove_word(aptfile.source, word),), reason=reason)
    return META.found(
        aptfile.source,
        word.span,
        f"{word.text} is no package name, and apt-get takes it for one",
        help="write the bare names of packages, one on a line",
        fix=fix,
        evidence=[FACT],
        on=on,
    )

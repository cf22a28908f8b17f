"""Two packages are listed that exclude each other.

## What it does

Finds two packages of an apt list of which one declares that it cannot be installed beside the other: mostly two of
which each does the same, such as two builds of one library.

## Why is this bad

On one line, apt refuses them together and the build ends. On two lines each is fetched by itself, and `dpkg -x`, which
asks nobody, unpacks both: their files lie over each other, and which of the two the app gets is decided by the order of
unpacking.

## Fix safety

Unsafe: the later one goes, but the app may need just that.

## References

- [Conflicting binary packages, Debian Policy 7.4](https://www.debian.org/doc/debian-policy/ch-relationships.html#conflicting-binary-packages-conflicts)
- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Label, Safety, Severity
from bpopt.rules.apt import cost_of, readers, remove_word
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP129", "excluding-packages", "aptfile", Severity.WARNING)

EXAMPLES = (
    bad(
        "libcurl4-openssl-dev\n«libcurl4-gnutls-dev»\n",
        fixed="libcurl4-openssl-dev\n",
        safety="unsafe",
        on="heroku-24",
        message="over each other",
    ),
    bad(
        "libcurl4-openssl-dev «libcurl4-gnutls-dev»\n",
        fixed="libcurl4-openssl-dev\n",
        safety="unsafe",
        on="heroku-24",
        severity="error",
        message="apt refuses",
        title="on one line",
    ),
    bad(
        "libcurl4-openssl-dev\n«libcurl4-gnutls-dev»\n",
        fixed="libcurl4-openssl-dev\n",
        safety="unsafe",
        on="heroku-20",
        severity="info",
        title="by the archive of the next suite",
    ),
    bad(
        "imagemagick\n«graphicsmagick-imagemagick-compat»\n",
        fixed="imagemagick\n",
        safety="unsafe",
        on="digitalocean",
    ),
    ok("libcurl4-openssl-dev\nlibcurl4t64\n", on="heroku-24"),
    ok("imagemagick\ngraphicsmagick\n", on="heroku-24", title="alike, but not in each other's way"),
    ok(
        "libcurl4-openssl-dev\nlibcurl4-openssl-dev\n", on="heroku-24", title="the same twice: told elsewhere"
    ),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each package that an earlier one excludes, or that excludes it, where the stack is known."""
    if not app.knows_target:
        return
    found: dict[tuple[AptWord, AptWord], list[Target]] = {}
    for target in readers(app):
        for pair in _pairs(aptfile, target):
            found.setdefault(pair, []).append(target)
    for (earlier, later), targets in found.items():
        yield _finding(aptfile, earlier, later, targets, app)


def _pairs(aptfile: Aptfile, target: Target) -> Iterator[tuple[AptWord, AptWord]]:
    """The earlier and the later of each two that exclude each other by the archive of a stack."""
    from bpopt.apt import catalog

    index = catalog.for_stack(target.stack)
    before: dict[int, AptWord] = {}
    for word in aptfile.packages if index is not None else ():
        number = index.number(word.text) if index is not None else None
        if index is None or number is None or number in before:
            continue
        excluded = before.keys() & index.excluded_by(word.text)
        yield from ((before[other], word) for other in sorted(excluded))
        before[number] = word


def _finding(aptfile: Aptfile, earlier: AptWord, later: AptWord, on: list[Target], app: App) -> Finding:
    from bpopt.apt import catalog

    together = aptfile.source.whole_line(earlier.span) == aptfile.source.whole_line(later.span)
    exact = any(index.exact for target in on if (index := catalog.for_stack(target.stack)) is not None)
    severity = Severity.ERROR if together else Severity.WARNING
    what = "apt refuses them on one line" if together else "both are unpacked, over each other"
    return META.found(
        aptfile.source,
        later.span,
        f"{later.text} and {earlier.text} exclude each other: {what}",
        help="keep the one that the app needs",
        severity=severity if exact else Severity.INFO,
        fix=Fix(
            f"Remove {later.text}",
            Safety.UNSAFE,
            (remove_word(aptfile.source, later),),
            reason="which of the two the app needs is not known",
        ),
        labels=[Label(aptfile.source, earlier.span, "excluded")],
        impact=cost_of([later.text], aptfile, app),
        evidence=[Evidence("catalog", "the archive's own package index", "https://packages.ubuntu.com/")],
        on=on,
    )

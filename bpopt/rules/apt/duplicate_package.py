"""A package is listed twice.

## What it does

Finds apt packages that an Aptfile names more than once.

## Why is this bad

apt downloads and unpacks a package once, however often it is named, so the second line does nothing. It costs
readers: whoever removes one of the lines believes that the package is gone.

## Fix safety

Safe: the later line (or the later word on its line) goes, the first one stays with its comments.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Label, Safety, Severity
from bpopt.rules.apt import remove_word
from bpopt.rules.apt.not_a_package import COMMANDS
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP104", "duplicate-package", "aptfile", Severity.WARNING)

EXAMPLES = (
    bad("# images\nlibjpeg-dev\n«libjpeg-dev»\ncmake\n", fixed="# images\nlibjpeg-dev\ncmake\n"),
    bad("cmake curl «cmake»\n", fixed="cmake curl\n", title="on one line, as Heroku allows"),
    ok("libjpeg-dev\nlibjpeg8\n", title="different packages"),
    ok("# cmake\ncmake\n", title="a comment is no package"),
    ok("apt-get update\napt-get install cmake\n", title="commands have a rule of their own"),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each name after its first mention."""
    first: dict[str, AptWord] = {}
    for word in aptfile.packages:
        if word.text in COMMANDS:
            continue
        earlier = first.setdefault(word.text, word)
        if earlier is word:
            continue
        yield META.found(
            aptfile.source,
            word.span,
            f"{word.text} is listed twice",
            help="remove this mention",
            fix=Fix(f"Remove the second {word.text}", Safety.SAFE, (remove_word(aptfile.source, word),)),
            labels=[Label(aptfile.source, earlier.span, "first mentioned here")],
        )

"""A pattern of .slugignore begins with `!`, which is not supported.

## What it does

Finds negated patterns, which in a .gitignore would take a file back in.

## Why is this bad

Heroku reads .slugignore roughly as a .gitignore, but says that negation is not supported; Scalingo's matching knows no
negation either. What a wider pattern takes away stays away.

## Fix safety

There is no fix: the wider pattern before it has to be written so that it leaves the file in.

## References

- [Heroku: ignoring files with .slugignore](https://devcenter.heroku.com/articles/slug-compiler)
- [Scalingo: .slugignore](https://doc.scalingo.com/platform/app/slugignore)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import CHECKED, SCALINGO_SLUGIGNORE, SLUG_COMPILER, honouring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.slugignore import Slugignore

META = Rule("BP404", "slugignore-negation", "slugignore", Severity.WARNING)

EXAMPLES = (
    bad("*.csv\n«!prices.csv»\n"),
    bad("«!prices.csv»\n", on="scalingo"),
    ok("*.csv\nprices!.csv\n# !prices.csv\n"),
    ok("!prices.csv\n", on="dokku", title="nobody reads it"),
)


def check(slugignore: Slugignore, app: App) -> Iterator[Finding]:
    """Report negated patterns where the file is read."""
    on = honouring(app)
    url = SCALINGO_SLUGIGNORE if on and on[0].platform.name == "scalingo" else SLUG_COMPILER
    for pattern in slugignore.patterns:
        if pattern.negated and on:
            yield META.found(
                slugignore.source,
                pattern.span,
                f"{pattern.text} takes nothing back in: .slugignore knows no negation",
                help="write the wider pattern so that it does not match this file",
                evidence=[Evidence("fact", "negation is not supported", url, CHECKED)],
                on=on,
            )

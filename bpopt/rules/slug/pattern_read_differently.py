"""Scalingo reads a pattern of .slugignore differently from Heroku.

## What it does

Finds patterns that, read as Scalingo does, leave files of the app in which the same pattern in a .gitignore, or on
Heroku, would leave out.

## Why is this bad

Scalingo matches a pattern against the path from the top of the app by Go's `filepath.Match`: `*` stops at a slash,
`**` means no more than `*`, and a bare name such as `__pycache__` or `*.psd` is found at the top only. What lies
deeper ships, without a word.

## Fix safety

There is no fix: each folder needs a line of its own, such as `docs/*.psd`.

## References

- [Scalingo: .slugignore](https://doc.scalingo.com/platform/app/slugignore)
- [Go: filepath.Match](https://pkg.go.dev/path/filepath#Match)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Impact, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import CHECKED, SCALINGO_SLUGIGNORE, honouring, pushed, size_text
from bpopt.rules.slug.patterns import GITIGNORE, GO_MATCH, dialect, matcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.slugignore import Slugignore

META = Rule("BP407", "pattern-read-differently", "slugignore", Severity.WARNING)

EXAMPLES = (
    bad(
        {".slugignore": "/tests\n«*.psd»\n", "art/a.psd": "x", "b.psd": "x"},
        on="scalingo",
        message="art/a.psd",
    ),
    bad(
        {".slugignore": "«**/drafts»\n", "a/b/drafts/c.md": "x"},
        on=("scalingo", "heroku"),
        message="stops at a slash",
    ),
    bad({".slugignore": "«[!a].psd»\n", "b.psd": "x"}, on="scalingo", message="negated by ^"),
    ok({".slugignore": "*.psd\n/docs\ntmp/cache\n", "a.psd": "x", "docs/deep/a.md": "x"}, on="scalingo"),
    ok({".slugignore": "*.psd\n", "art/a.psd": "x"}, on="heroku"),
    ok({".slugignore": "*.psd\n"}, on="scalingo", title="no file is read differently"),
)


def check(slugignore: Slugignore, app: App) -> Iterator[Finding]:
    """Report patterns that miss files which they would take as a .gitignore."""
    on = tuple(t for t in honouring(app) if dialect(t) == GO_MATCH)
    for pattern in slugignore.patterns if on else ():
        wide, narrow = matcher(pattern.text, GITIGNORE), matcher(pattern.text, GO_MATCH)
        missed = [(path, size) for path, size in pushed.files(app) if wide(path) and not narrow(path)]
        if not missed:
            continue
        size = sum(s for _, s in missed)
        more = f" and {len(missed) - 1} more" if len(missed) > 1 else ""
        yield META.found(
            slugignore.source,
            pattern.span,
            f"Scalingo does not find {missed[0][0]}{more} by {pattern.text}: {_why(pattern.text)}",
            help="write a line for each folder, with the path from the top of the app",
            impact=Impact(f"{size_text(size)} ship", bytes=size),
            evidence=[Evidence("fact", "matched by Go's filepath.Match", SCALINGO_SLUGIGNORE, CHECKED)],
            on=on,
        )


def _why(pattern: str) -> str:
    """In what the two readings of a pattern differ."""
    if "**" in pattern:
        return "** is no more than * there, and stops at a slash"
    if "[!" in pattern:
        return "a class is negated by ^ there, not by !"
    return "it looks from the top only"

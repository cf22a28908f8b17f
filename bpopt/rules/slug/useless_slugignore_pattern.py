"""A pattern of .slugignore names what is never in a slug.

## What it does

Finds patterns for `.git`, and patterns that stand in the file twice.

## Why is this bad

A slug is made of the files of a commit, and git's own folder is none of them. The line does nothing.

## Fix safety

Safe: the line goes, and what ships stays the same.

## References

- [Heroku: the slug compiler removes unused files, .git among them](https://devcenter.heroku.com/articles/slug-compiler)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import CHECKED, SLUG_COMPILER, honouring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.slugignore import Slugignore

META = Rule("BP405", "useless-slugignore-pattern", "slugignore", Severity.INFO)

EXAMPLES = (
    bad("# no history\n«.git»\n*.psd\n", fixed="# no history\n*.psd\n"),
    bad("*.psd\n«/.git/»\n«*.psd»\n", fixed="*.psd\n"),
    ok(".gitignore\n.github\n*.psd\n"),
    ok(
        ".git\n",
        on="scalingo",
        title="Scalingo removes files from the built image, whose content is not known",
    ),
    ok("*.psd\n!a.psd\n*.psd\n", title="around a negation"),
)


def check(slugignore: Slugignore, app: App) -> Iterator[Finding]:
    """Report each such pattern."""
    on = app.where(lambda t: t in honouring(app) and t.platform.name == "heroku")
    seen: set[str] = set()
    negated = any(pattern.negated for pattern in slugignore.patterns)
    for pattern in slugignore.patterns if on else ():
        git = pattern.text.strip("/") == ".git"
        if git and len(on) == len(honouring(app)):
            message = f"{pattern.text} is never in a slug"
        elif pattern.text in seen and not negated:
            message = f"{pattern.text} is listed twice"
        else:
            seen.add(pattern.text)
            continue
        edit = Edit(slugignore.source.path, slugignore.source.whole_line(pattern.span), "")
        yield META.found(
            slugignore.source,
            pattern.span,
            message,
            help="remove the line",
            fix=Fix(f"Remove {pattern.text}", Safety.SAFE, (edit,)),
            evidence=[Evidence("fact", "a slug holds the files of a commit", SLUG_COMPILER, CHECKED)],
            on=on,
        )

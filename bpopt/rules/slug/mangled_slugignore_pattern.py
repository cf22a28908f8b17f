"""A pattern of .slugignore was mangled by an editor or a formatter.

## What it does

Finds patterns with the traces of markdown: `_.pyc` for `*.pyc`, `**pycache**/` for `__pycache__/`, `\\*.log` for
`*.log`, `_pycache_`, and list marks or `./` before a pattern.

## Why is this bad

The pattern matches nothing, or something else, and what it meant goes into every slug.

## Fix safety

Safe where exactly one pattern can have been meant and the mangled one matches no file of the app.

## References

- [Heroku: ignoring files with .slugignore](https://devcenter.heroku.com/articles/slug-compiler)
- [The patterns of git, which Heroku follows](https://git-scm.com/docs/gitignore#_pattern_format)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.patterns import Pattern
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import CHECKED, SLUG_COMPILER, honouring, pushed
from bpopt.rules.slug.patterns import dialect, matcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.slugignore import Slugignore

META = Rule("BP406", "mangled-slugignore-pattern", "slugignore", Severity.WARNING)

EXAMPLES = (
    bad("docs\n«_.pyc»\n«**pycache**/»\n«\\*.log»\n", fixed="docs\n*.pyc\n__pycache__/\n*.log\n"),
    bad("«app/_pycache_/»\n", fixed="app/__pycache__/\n"),
    bad("«./node_modules/»\n", fixed="node_modules/\n", title="a path from here, as a shell writes it"),
    bad("«- *.psd»\n", fixed="*.psd\n", title="a list mark"),
    bad("«`*.psd`»\n", fixed="*.psd\n"),
    ok("*.pyc\n__pycache__/\n*.log\n**/dev/\n"),
    ok({".slugignore": "_.pyc\n", "_.pyc": "x"}, title="a file of that name is there"),
    ok("_build\n_static/\n\\#notes\n-old\n", title="names that begin so"),
)

# What stands there -> what was meant.
_MEANT = (
    (Pattern(r"_(\.[A-Za-z0-9]+)"), r"*\1"),
    (Pattern(r"\*\*([A-Za-z0-9]+)\*\*(/?)"), r"__\1__\2"),
    (Pattern(r"\\\*(\.[A-Za-z0-9]+)"), r"*\1"),
    (Pattern(r"((?:.+/)?)_pycache_(/?)"), r"\1__pycache__\2"),
    (Pattern(r"\./(\S+)"), r"\1"),
    (Pattern(r"[-*] +(\S+)"), r"\1"),
    (Pattern(r"`([^`]+)`"), r"\1"),
)


def check(slugignore: Slugignore, app: App) -> Iterator[Finding]:
    """Report each pattern that looks mangled and matches nothing."""
    on = honouring(app)
    for pattern in slugignore.patterns if on else ():
        meant = _meant(pattern.text)
        if meant is None:
            continue
        takes = matcher(pattern.text, dialect(on[0]) or "")
        if any(takes(path) for path, _ in pushed.files(app)):
            continue
        yield META.found(
            slugignore.source,
            pattern.span,
            f"{pattern.text} matches nothing; {meant} was meant",
            help=f"write {meant}",
            fix=Fix(f"Write {meant}", Safety.SAFE, (Edit(slugignore.source.path, pattern.span, meant),)),
            evidence=[Evidence("fact", "patterns are those of .gitignore", SLUG_COMPILER, CHECKED)],
            on=on,
        )


def _meant(text: str) -> str | None:
    found = ((expression.fullmatch(text), new) for expression, new in _MEANT)
    return next((match.expand(new) for match, new in found if match is not None), None)

"""A variable in the requirements that the build does not see.

## What it does

Finds `${NAME}` in requirements on Heroku's classic platform, which does not show config vars to pip.

## Why is this bad

pip replaces `${NAME}` by the environment variable, and leaves it as it stands where there is none.
Heroku's buildpack hands no config var to pip except `PIP_EXTRA_INDEX_URL`, so the private index or
repository is asked with the text "${TOKEN}" for a password and refuses.

## Fix safety

There is no fix: set the config var PIP_EXTRA_INDEX_URL to the whole address of the index, or export the
variable from a buildpack that runs before the Python one.

## References

- [heroku/buildpacks-python #52](https://github.com/heroku/buildpacks-python/issues/52)
- [heroku-buildpack-python #324: config vars and pip](https://github.com/heroku/heroku-buildpack-python/issues/324)
- [pip: using environment variables](https://pip.pypa.io/en/stable/reference/requirements-file-format/#using-environment-variables)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.patterns import Pattern
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import installed
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirements

META = Rule("BP715", "unresolved-variable", "requirements", Severity.WARNING)

EXAMPLES = (
    bad("flask\ngit+https://«${GITHUB_TOKEN}»@github.com/me/lib.git\n"),
    bad("--extra-index-url https://«${USER}»:«${TOKEN}»@pypi.example.org/simple\nflask\n"),
    ok(
        "git+https://${GITHUB_TOKEN}@github.com/me/lib.git\n",
        on="dokku",
        title="the build sees config vars there",
    ),
    ok("# ${TOKEN} goes here\nflask\n", title="a comment"),
    ok("git+https://github.com/me/lib.git@$TAG\n", title="pip knows the form with braces only"),
)

_VARIABLE = Pattern(r"\$\{[A-Z0-9_]+\}")  # pip's own pattern


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report each variable that pip would leave as it stands."""
    blind = app.where(lambda t: t.platform.holds("env.visible_to_build") is False)
    if not blind or not installed(document, app):
        return
    fact = blind[0].platform.fact("env.visible_to_build")
    assert fact is not None
    spans = [entry.span for entry in document.requirements] + [option.span for option in document.options]
    for span in spans:
        for match in _VARIABLE.finditer(document.source.text, span.start, span.end):
            yield META.found(
                document.source,
                Span(*match.span()),
                f"{match[0]} is not replaced: {blind[0].platform.title} shows no config vars to pip",
                help="set the config var PIP_EXTRA_INDEX_URL, which is passed on",
                evidence=[Evidence("fact", fact.note, fact.source, fact.date)],
                on=blind,
            )

"""A package that nobody maintains, made for a platform that has changed.

## What it does

Finds `django-heroku` in what a build installs.

## Why is this bad

Its last release is of 2018, and Heroku ended the project in 2022. It requires `psycopg2`, which is
compiled, and changes Django's settings for databases, logging, static files and tests in ways that today's
Django and today's buildpack do by themselves or otherwise.

## Fix safety

There is no fix: what it did has to be written into the settings (`dj-database-url` for the database,
`whitenoise` for static files).

## References

- [django-heroku #56: this project is sunset](https://github.com/heroku/django-heroku/issues/56)
- [Heroku: Django and static assets](https://devcenter.heroku.com/articles/django-assets)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirements

META = Rule("BP714", "abandoned-package", "requirements", Severity.INFO)

EXAMPLES = (
    bad("django==5.2\n«django-heroku»==0.3.1\n"),
    ok("django==5.2\ndj-database-url==2.3.0\nwhitenoise==6.8.2\n"),
    ok("django-on-heroku==1.1.2\n", title="its maintained fork"),
)

_NAMES = {
    "django-heroku": "set the database with dj-database-url and static files with whitenoise, then remove it",
}


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report each abandoned package."""
    if not installed(document, app):
        return
    for entry in document.requirements:
        if entry.name in _NAMES:
            message = f"{entry.written} has had no release since 2018, and Heroku has ended the project"
            yield META.found(document.source, entry.name_span, message, help=_NAMES[entry.name])

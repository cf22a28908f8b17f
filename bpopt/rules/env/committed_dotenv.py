"""A .env file is deployed with the app.

## What it does

Finds a `.env` among the files of an app on Dokku, and says whether it chooses the builder.

## Why is this bad

Dokku copies a committed `.env` into the image, adds the app's config to it and evaluates the whole with a
shell during the build. So it holds secrets, in every image that was ever built, and what it sets may come
from a developer's machine. A line with BUILDPACK_URL in it decides how the app is built.

## Fix safety

There is no fix: take the file out of the repository (`git rm --cached .env`), name it in .gitignore, and
set what the app needs with `dokku config:set`.

## References

- [Dokku: builder-herokuish, pre-build](https://github.com/dokku/dokku/blob/master/plugins/builder-herokuish/pre-build)
- [Dokku: environment variables](https://dokku.com/docs/configuration/environment-variables/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.env import committed
from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.dotenv import Dotenv

META = Rule("BP612", "committed-dotenv", "dotenv", Severity.WARNING)

EXAMPLES = (
    bad("# ours\n«A»=1\nB=2\n", on="dokku"),
    bad("A=1\n«BUILDPACK_URL»=https://github.com/me/pack\n", on="dokku", message="builder"),
    ok({".env": "A=1\n", ".gitignore": "*.pyc\n.env\n"}, on="dokku", title="not committed"),
    ok({".env.example": "A=1\n"}, on="dokku", title="a template"),
    ok("# nothing\n", on="dokku", title="sets nothing"),
    ok("A=1\n", on="heroku", title="not read there"),
)

_URL = "https://github.com/dokku/dokku/blob/33896f5d7efc3b03d0ea94934d8413cddbce07fd/plugins/builder-herokuish/pre-build"


def check(document: Dotenv, app: App) -> Iterator[Finding]:
    """Report the file at its first setting, or at the one that chooses the builder."""
    on = app.where(lambda t: t.platform.name == "dokku")
    if document.source.path != ".env" or not on or not committed(app, ".env"):
        return
    entries = [e for e in document.entries if e.equals]
    if not entries:
        return
    chooser = next((e for e in entries if e.name == "BUILDPACK_URL"), None)
    entry = chooser or entries[0]
    message = "Dokku copies this file into the image and evaluates it while building"
    yield META.found(
        document.source,
        entry.name_span,
        f"{message}; {entry.name} chooses the builder" if chooser else message,
        help="take it out of the repository and use dokku config:set",
        evidence=[Evidence("fact", "copied to /app/.env", _URL, "2026-11-24")],
        on=on,
    )

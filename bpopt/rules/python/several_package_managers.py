"""Several package managers at once.

## What it does

Finds more than one of `Pipfile.lock`, `requirements.txt`, `poetry.lock` and `uv.lock` at the top of an app.

## Why is this bad

Since v325 (2025-12-10) Heroku's Python buildpack ends the build: "Multiple Python package manager files were found".
Dokku and Scalingo have versions with the same check. DigitalOcean's older one warns and takes the first in the
order above, so that changes to the other file have no effect.

It often comes from a buildpack of others that made requirements.txt from a lock file: with Poetry and uv known to
the buildpack, that one is no longer needed.

## Fix safety

There is no fix: only you know which of the files is kept up to date.

## References

- [Heroku's Python buildpack, changelog, v325](https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md)
- [suitenumerique/meet #1349](https://github.com/suitenumerique/meet/pull/1349)
- [open-synthesis #1058](https://github.com/twschiller/open-synthesis/pull/1058)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import CHANGELOG, CHECKED
from bpopt.rules.python.managers import present, treats
from bpopt.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target

META = Rule("BP508", "several-package-managers", "app", Severity.ERROR)

EXAMPLES = (
    bad({"requirements.txt": "flask\n", "uv.lock": "«»version = 1\n"}, severity="error"),
    bad({"requirements.txt": "flask\n", "poetry.lock": "«»\n"}, on="heroku-fir", severity="error"),
    bad(
        {"requirements.txt": "flask\n", "Pipfile.lock": "«»{}\n"},
        on="digitalocean",
        severity="warning",
        message="Pipfile.lock counts",
    ),
    ok(
        {"requirements.txt": "flask\n", "pyproject.toml": "[project]\n"},
        title="pyproject.toml is no package manager",
    ),
    ok({"requirements.txt": "flask\n", "requirements-dev.txt": "pytest\n"}),
    ok(
        {"requirements.txt": "flask\n", "Pipfile.lock": "{}\n", ".gitignore": "Pipfile.lock\n"},
        title="one of them is not pushed",
    ),
    ok({"uv.lock": "version = 1\n", "pyproject.toml": "[project]\n"}),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report the files beside each other, at the one that is not requirements.txt."""
    from bpopt.rules.slug import pushed

    found = present(app)
    if len(found) > 1:
        found = tuple(name for name in found if not pushed.left_out(app, name))
    if len(found) < 2:
        return
    for degree, severity in (("error", Severity.ERROR), ("warning", Severity.WARNING)):
        on = app.where(lambda t, d=degree: treats(t, "several_package_files") == d and _sees(t, found))  # type: ignore[misc]
        if not on:
            continue
        names = " and ".join(found)
        counts = "" if degree == "error" else f": {found[0]} counts"
        yield META.found(
            Source(next(name for name in found if name != "requirements.txt"), b""),
            Span(0, 0),
            f"{names} are both there{', which ends the build' if degree == 'error' else counts}",
            help="remove the files of the package managers that you do not use"
            + (
                ""
                if "requirements.txt" not in found
                else "; a requirements.txt made from a lock file is not needed"
            ),
            severity=severity,
            evidence=[Evidence("fact", "an error since v325 of the Python buildpack", CHANGELOG, CHECKED)],
            on=on,
        )


def _sees(target: Target, found: tuple[str, ...]) -> bool:
    """Whether the new buildpack of Fir, which knows no Pipfile.lock, sees two of them."""
    return target.platform.name != "heroku-fir" or len(set(found) - {"Pipfile.lock"}) > 1

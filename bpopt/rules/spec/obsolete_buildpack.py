"""A buildpack that the Python buildpack has made obsolete, or has twice.

## What it does

Finds buildpacks that export Poetry's or uv's lock file to a requirements.txt, and the Python buildpack
listed twice.

## Why is this bad

Heroku's Python buildpack installs from poetry.lock since v264 and from uv.lock since v286. With an
exporter before it there are two lists of packages, and since v325 the build ends with "Multiple Python
package manager files were found". The Python buildpack twice is an error since v291.

## Fix safety

Unsafe: the exporter, or the second Python buildpack, is taken off the list.

## References

- [suitenumerique/meet #1349](https://github.com/suitenumerique/meet/pull/1349)
- [ami-notifications-api #433](https://github.com/numerique-gouv/ami-notifications-api/issues/433)
- [Heroku's Python buildpack: changelog](https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.spec import without_buildpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.buildpacks import Asked, Listed

META = Rule("BP814", "obsolete-buildpack", "app", Severity.WARNING)

_POETRY = "https://github.com/moneymeets/python-poetry-buildpack.git"

EXAMPLES = (
    bad(
        {
            "app.json": f'{{"buildpacks": [{{"url": «"{_POETRY}"»}}, {{"url": "heroku/python"}}]}}\n',
            "poetry.lock": "",
        },
        fixed={"app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'},
        safety="unsafe",
        severity="error",
    ),
    bad(
        {
            ".buildpacks": "«https://github.com/dropseed/heroku-buildpack-uv»\nhttps://github.com/Scalingo/python-buildpack\n"
        },
        on="scalingo",
        fixed={".buildpacks": "https://github.com/Scalingo/python-buildpack\n"},
        safety="unsafe",
        severity="warning",
    ),
    bad(
        {"app.json": '{"buildpacks": [{"url": "heroku/python"}, {"url": «"heroku/python"»}]}\n'},
        fixed={"app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'},
        safety="unsafe",
        severity="error",
    ),
    ok(
        {
            "app.json": '{"buildpacks": [{"url": "heroku/nodejs"}, {"url": "heroku/python"}]}\n',
            "poetry.lock": "",
        }
    ),
    ok({"app.json": f'{{"buildpacks": [{{"url": "{_POETRY}"}}]}}\n'}, title="alone it may install by itself"),
)

# Parts of the names of buildpacks that write a requirements.txt from a lock file -> the lock file.
_EXPORTERS = {"poetry-buildpack": "poetry.lock", "buildpack-poetry": "poetry.lock", "buildpack-uv": "uv.lock"}


def check(app: App, context: App) -> Iterator[Finding]:
    """Report exporters before the Python buildpack, and the Python buildpack's second mention."""
    for listed in app.buildpacks:
        pythons = [b for b in listed.buildpacks if b.what == "python"]
        if listed.kind == "project_toml" or not pythons:
            continue
        for buildpack in listed.buildpacks:
            lock = next((file for part, file in _EXPORTERS.items() if part in buildpack.url.lower()), None)
            if lock is not None:
                yield _exporter(listed, buildpack, lock, app.has(lock))
        for again in pythons[1:]:
            message = "the Python buildpack is listed twice: the build ends with an error"
            yield _finding(listed, again, message, Severity.ERROR)


def _exporter(listed: Listed, buildpack: Asked, lock: str, there: bool) -> Finding:
    name = buildpack.url.rstrip("/").rpartition("/")[2].removesuffix(".git")
    if not there:
        return _finding(
            listed, buildpack, f"{name} is not needed: the Python buildpack reads {lock}", Severity.WARNING
        )
    message = (
        f"{name} writes a requirements.txt beside {lock}: with both of them the build ends with an error"
    )
    return _finding(listed, buildpack, message, Severity.ERROR)


def _finding(listed: Listed, buildpack: Asked, message: str, severity: Severity) -> Finding:
    edit = without_buildpack(listed, buildpack)
    fix = (
        Fix("Take it off the list", Safety.UNSAFE, (edit,), reason="the build then has other steps")
        if edit
        else None
    )
    return META.found(
        listed.source,
        buildpack.span,
        message,
        help="remove it",
        fix=fix,
        severity=severity,
        on=listed.targets,
    )

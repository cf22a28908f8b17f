"""runtime.txt is deprecated, .python-version takes its place.

## What it does

Finds a `runtime.txt` where no `.python-version` is.

## Why is this bad

Heroku's Python buildpack deprecated it in v276 (2025-02-05) and warns in each build; the buildpacks of DigitalOcean,
Dokku and Scalingo are the same or a fork of it. On Heroku Fir, and with uv anywhere, the build fails.

## Fix safety

Safe: the new file asks for the very same version, and every platform of the app reads it. Comments move along. A
patch release stays pinned; that such a pin gets no security fixes is a matter of its own (`pinned-patch`). Unsafe
where .gitignore keeps `.python-version` from being pushed: that line then goes, too.

## References

- [Heroku's Python buildpack, changelog, v276](https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md)
- [Heroku CNB: runtime.txt is an error](https://github.com/heroku/buildpacks-python)
- [Scalingo: choosing a Python version](https://doc.scalingo.com/languages/python/start)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import (
    CHANGELOG,
    CHECKED,
    another_format,
    as_python_version,
    first_span,
    pushable,
    well_formed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.python_version import PythonVersion

META = Rule("BP501", "runtime-txt-deprecated", "runtime_txt", Severity.WARNING)

EXAMPLES = (
    bad("«python-3.12.14»\n", fixed={"runtime.txt": None, ".python-version": "3.12.14\n"}),
    bad(
        "# as on the old server\n«python-3.12»\n",
        fixed={"runtime.txt": None, ".python-version": "# as on the old server\n3.12\n"},
        on=("heroku", "digitalocean", "dokku", "scalingo"),
    ),
    bad(
        "«python-3.13.1»\n",
        fixed={"runtime.txt": None, ".python-version": "3.13.1\n"},
        on="heroku-fir",
        severity="error",
    ),
    bad(
        {"runtime.txt": "«python-3.13.1»\n", "uv.lock": "version = 1\n"},
        fixed={"runtime.txt": None, ".python-version": "3.13.1\n"},
        severity="error",
        title="with uv",
    ),
    bad(
        {"runtime.txt": "«python-3.13.1»\n", ".gitignore": "*.pyc\n.python-version\n"},
        fixed={"runtime.txt": None, ".python-version": "3.13.1\n", ".gitignore": "*.pyc\n"},
        safety="unsafe",
        title="the new file would not be pushed",
    ),
    bad({"runtime.txt": "«three»\n"}, on="heroku-fir", severity="error", title="whatever it says"),
    ok({".python-version": "3.13\n"}),
    ok(
        {"runtime.txt": "python-3.13.1\n", ".python-version": "3.13\n"},
        title="both are there: another rule speaks",
    ),
    ok("three\n", title="not a version: another rule speaks"),
)


def check(runtime: PythonVersion, app: App) -> Iterator[Finding]:
    """Report runtime.txt where a platform calls it deprecated or an error."""
    if app.has(".python-version") or another_format(runtime):
        return
    request = runtime.request
    version = request.version if request is not None and well_formed(request) else None
    failing = app.where(lambda t: _fails(t, app))
    on = failing or app.where(lambda t: version is not None and t.platform.holds("runtime_txt.deprecated"))
    if not on:
        return
    what = "ends the build" if failing else "is deprecated since 2025-02-05"
    with_uv = " with uv" if failing and app.has("uv.lock") and on[0].platform.name != "heroku-fir" else ""
    yield META.found(
        runtime.source,
        first_span(runtime),
        f"runtime.txt {what}{with_uv}; .python-version takes its place",
        help=f"write {version or 'the version'} into a file .python-version and remove runtime.txt",
        severity=Severity.ERROR if failing else None,
        fix=_fix(runtime, version, app) if version is not None else None,
        evidence=[Evidence("fact", "deprecated by the Python buildpack in v276", CHANGELOG, CHECKED)],
        on=on,
    )


def _fix(runtime: PythonVersion, version: str, app: App) -> Fix:
    fix = as_python_version(runtime, version)
    unsure = [t for t in app.targets if not t.platform.reads("python_version")]
    if unsure:
        reason = f"{unsure[0].platform.title} is not known to read .python-version"
        fix = fix._replace(safety=Safety.UNSAFE, reason=reason)
    return pushable(fix, app)


def _fails(target: Target, app: App) -> bool:
    platform = target.platform
    return bool(
        platform.holds("runtime_txt.error")
        or (app.has("uv.lock") and platform.holds("runtime_txt.error_with_uv"))
    )

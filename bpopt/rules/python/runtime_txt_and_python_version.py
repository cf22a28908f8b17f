"""runtime.txt and .python-version are both there, and runtime.txt wins.

## What it does

Finds apps with both files, and says which one counts on which platform.

## Why is this bad

The classic Python buildpack, and with it Heroku, DigitalOcean, Dokku and Scalingo, looks at `runtime.txt` first. A
newer version in `.python-version` then has no effect, without a word in the build log. On Heroku Fir a `runtime.txt`
ends the build.

## Fix safety

Safe where both ask for the same version, or where no platform of the app reads `runtime.txt`: it goes. Unsafe where
they differ: the version that counts today moves into `.python-version`, so that the app stays on the Python that it
runs on, and another one is a step of its own. Where runtime.txt says no version, `.python-version` stays as it is.

## References

- [heroku-buildpack-python #1743: .python-version ignored](https://github.com/heroku/heroku-buildpack-python/pull/1743)
- [Heroku's Python buildpack: order of the files](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/python_version.sh)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import CHECKED, VERSION_SH, first_span, pushable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.python_version import PythonVersion

META = Rule("BP502", "runtime-txt-and-python-version", "runtime_txt", Severity.WARNING)

EXAMPLES = (
    bad(
        {"runtime.txt": "«python-3.13.1»\n", ".python-version": "3.13.1\n"},
        fixed={"runtime.txt": None},
        severity="info",
        on=("heroku", "digitalocean"),
    ),
    bad(
        {"runtime.txt": "«python-3.9.18»\n", ".python-version": "3.13\n"},
        fixed={"runtime.txt": None, ".python-version": "3.9.18\n"},
        safety="unsafe",
        severity="warning",
        message="3.13 in .python-version has no effect",
    ),
    bad(
        {"runtime.txt": "«python-3.12.1»\n", ".python-version": "3.13\n"},
        fixed={"runtime.txt": None},
        on="heroku-fir",
        title="read by no platform of the app",
    ),
    bad(
        {"runtime.txt": "«three»\n", ".python-version": "3.13\n"},
        fixed={"runtime.txt": None},
        safety="unsafe",
        severity="warning",
        title="the build ends over runtime.txt",
    ),
    bad(
        {"runtime.txt": "«python-3.13»\n", ".python-version": "3.13\n", ".gitignore": ".python-version\n"},
        fixed={"runtime.txt": None, ".gitignore": ""},
        safety="unsafe",
        title=".python-version is not pushed",
    ),
    bad(
        {"runtime.txt": "«python-3.13.1»\n", ".python-version": "3.13.1\n"},
        fixed={"runtime.txt": None},
        on="heroku-fir",
        severity="error",
    ),
    bad(
        {"runtime.txt": "«python-3.13.1»\n", ".python-version": "3.12\n3.13\n"},
        title="no right text is known",
    ),
    bad(
        {"runtime.txt": "python-3.13\n", ".python-version": "\ufeff3.13\n"},
        title="a byte order mark would end the build",
    ),
    ok("python-3.13.1\n", title="runtime.txt alone"),
    ok({".python-version": "3.13\n"}),
)


def check(runtime: PythonVersion, app: App) -> Iterator[Finding]:
    """Report runtime.txt beside .python-version."""
    other: PythonVersion | None = app.first("python_version")
    if other is None:
        return
    failing = app.where(lambda t: t.platform.holds("runtime_txt.error"))
    on = failing or app.where(lambda t: t.platform.holds("runtime_txt.wins_over_python_version"))
    if not on:
        return
    wanted = other.request.version if other.request is not None else None
    given = runtime.request.version if runtime.request is not None else None
    same = wanted is not None and wanted == given
    severity = Severity.ERROR if failing else Severity.INFO if same else Severity.WARNING
    yield META.found(
        runtime.source,
        first_span(runtime),
        _message(wanted, same, failing),
        help="write the version that you mean into .python-version, and remove runtime.txt",
        severity=severity,
        fix=_fix(runtime, other, app),
        labels=[Label(other.source, first_span(other), "this one has no effect")] if not failing else (),
        evidence=[Evidence("fact", "runtime.txt is looked at first", VERSION_SH, CHECKED)],
        on=on,
    )


def _message(wanted: str | None, same: bool, failing: tuple[Target, ...]) -> str:
    if failing:
        return "runtime.txt ends the build; .python-version is enough"
    if same:
        return "runtime.txt says again what .python-version says"
    return f"runtime.txt wins: {wanted or 'what is'} in .python-version has no effect"


def _fix(runtime: PythonVersion, other: PythonVersion, app: App) -> Fix | None:
    """Remove runtime.txt, and keep the version that counts today."""
    wanted, given = other.request, runtime.request
    if (
        wanted is None
        or wanted.version is None
        or other.source.bom
        or any(not _reads_other(t) for t in app.targets)
    ):
        return None
    fix = Fix("Remove runtime.txt", Safety.SAFE, removes=(runtime.source.path,))
    counts = any(t.platform.reads("runtime_txt") for t in app.targets)
    version = given.version if given is not None and given.prefix else None
    if counts and version is None:
        fix = fix._replace(safety=Safety.UNSAFE, reason=f"the app then runs on {wanted.version}")
    elif counts and version is not None and version != wanted.version:
        edit = Edit(other.source.path, wanted.span, version)
        reason = (
            f"the app stays on {version}, which counts today, and not the {wanted.version} of .python-version"
        )
        title = f"Remove runtime.txt, and write its {version} into .python-version"
        fix = fix._replace(title=title, safety=Safety.UNSAFE, edits=(edit,), reason=reason)
    return pushable(fix, app)


def _reads_other(target: Target) -> bool:
    return target.platform.reads("python_version") is True

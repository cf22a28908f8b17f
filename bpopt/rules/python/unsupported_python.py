"""The version of Python has ended, or the platform does not install it.

## What it does

Holds the version that the app asks for, in `.python-version`, `runtime.txt` or else `Pipfile.lock`, against what each
of its platforms installs and against the end of life of that version.

## Why is this bad

Heroku's buildpack, and with it Dokku's and Scalingo's, ends the build for a version that it does not know or no
longer supports. A version past its end of life gets no security fixes even where it is still installed. Where a
platform has announced the day from which it no longer installs a version, that day is named.

## Fix safety

Unsafe: the fix writes the oldest version that all platforms of the app still support, and the app or its
requirements may not be ready for it.

## References

- [Status of Python versions](https://devguide.python.org/versions/)
- [Heroku: supported Python versions](https://devcenter.heroku.com/articles/python-support)
- [Heroku's Python buildpack, changelog](https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md)
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import by_file, name_of, requires_python_mismatch, version_edit
from bpopt.rules.python.pipfile_lock import requested

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.python_version import PythonVersion, Requested
    from bpopt.platforms import Platform
    from bpopt.platforms.python import Release

META = Rule("BP505", "unsupported-python", "app", Severity.ERROR)

SOON = 183  # days

EXAMPLES = (
    bad(
        {"runtime.txt": "«python-3.8.20»\n"},
        fixed={"runtime.txt": "python-3.11\n"},
        safety="unsafe",
        severity="error",
    ),
    bad(
        {".python-version": "«3.9»\n"},
        fixed={".python-version": "3.11\n"},
        safety="unsafe",
        on=("heroku-fir", "dokku"),
    ),
    bad(
        {".python-version": "«3.9»\n"},
        fixed={".python-version": "3.11\n"},
        safety="unsafe",
        on="digitalocean",
        severity="warning",
        message="ended on 2025-10-31",
        title="still installed there",
    ),
    bad(
        {".python-version": "«3.10.1»\n"},
        fixed={".python-version": "3.11\n"},
        safety="unsafe",
        severity="warning",
        message="ended on 2026-10-31, and Heroku no longer installs it from 2027-01-06",
    ),
    bad(
        {".python-version": "«3.10»\n"},
        fixed={".python-version": "3.11\n"},
        safety="unsafe",
        on=("heroku-fir", "dokku"),
        message="Heroku Fir no longer installs it from 2027-01-06",
    ),
    bad(
        {".python-version": "«3.15»\n"},
        fixed={".python-version": "3.14\n"},
        safety="unsafe",
        severity="error",
        message="does not install",
    ),
    bad(
        {
            "Pipfile.lock": '{"_meta": {"requires": {"python_version": "«3.7»"}}, "default": {}}\n',
            "Pipfile": "",
        },
        severity="error",
        title="said in Pipfile.lock alone",
    ),
    ok(
        {"Pipfile.lock": '{"_meta": {"requires": {"python_version": "3.7"}}}\n', ".python-version": "3.13\n"},
        title="Pipfile.lock comes last",
    ),
    bad(
        {".python-version": "«3.8»\n", "pyproject.toml": '[project]\nrequires-python = ">=3.12"\n'},
        fixed={".python-version": "3.12\n"},
        safety="unsafe",
        title="the next that pyproject.toml allows",
    ),
    ok({".python-version": "3.13\n", "runtime.txt": "python-3.12.1\n"}),
    ok({".python-version": "3.8\n", "runtime.txt": "python-3.12.1\n"}, title="runtime.txt wins"),
    ok({".python-version": "three\n"}, title="no version: another rule speaks"),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each version that has ended or is not installed, once for each file."""
    locked = requested(app)
    for document, targets in (*by_file(app), *((locked,) if locked is not None else ())):
        request = document.request
        if request is None or request.minor is None:
            continue
        refused = [t for t in targets if refuses(t, request.minor) or _removed(t, request.minor, app.today)]
        release = _release(request.minor)
        if refused:
            yield _finding(document, request, refused, release, app, Severity.ERROR)
        elif release is not None and (severity := _ending(release, app.today)) is not None:
            yield _finding(document, request, list(targets), release, app, severity)


@cache
def _supported(platform: Platform) -> tuple[tuple[int, int], ...]:
    """The minor versions that a platform certainly installs, oldest first; () where that is not known."""
    fact = platform.fact("python.supported")
    if fact is None or not fact.verified or not isinstance(fact.value, tuple):
        return ()
    return tuple(sorted((int(v.split(".")[0]), int(v.split(".")[1])) for v in fact.value))


def refuses(target: Target, minor: tuple[int, int]) -> bool:
    """Whether a platform certainly does not install a minor version."""
    known = _supported(target.platform)
    return bool(known) and minor not in known


@cache
def _removal(platform: Platform, minor: tuple[int, int]) -> str:
    """The day from which a platform has said that it no longer installs a minor version, empty without one."""
    deprecated, day = platform.fact("python.deprecated"), platform.fact("python.removed_on")
    if deprecated is None or day is None or not (deprecated.verified and day.verified):
        return ""
    assert isinstance(deprecated.value, tuple)
    return str(day.value) if name_of(minor) in deprecated.value else ""


def _removed(target: Target, minor: tuple[int, int], today: date) -> bool:
    day = _removal(target.platform, minor)
    return bool(day) and day <= today.isoformat()


@cache
def _release(minor: tuple[int, int]) -> Release | None:
    from bpopt.platforms.python import release

    return release(name_of(minor))


@cache
def _ending(release: Release, today: date) -> Severity | None:
    """How bad it is that a version has ended or soon does; None if neither."""
    from datetime import date as day

    left = (day.fromisoformat(release.end_of_life) - today).days
    return Severity.WARNING if left < 0 else Severity.INFO if left < SOON else None


def _finding(
    document: PythonVersion,
    request: Requested,
    on: list[Target],
    release: Release | None,
    app: App,
    severity: Severity,
) -> Finding:
    assert request.minor is not None
    name = name_of(request.minor)
    ended = release is not None and release.end_of_life < app.today.isoformat()
    end = (
        f"Python {name} end{'ed' if ended else 's'} on {release.end_of_life}" if release else f"Python {name}"
    )
    platforms = ", ".join(dict.fromkeys(t.platform.title for t in on))
    one = "" if ", " in platforms else "s"
    if severity is not Severity.ERROR:
        message = end + _announced(on, request.minor)
    elif ended:
        message = f"{end}, and {platforms} no longer install{one} it"
    else:
        message = f"{platforms} do{'es' if one else ''} not install Python {name}"
    supported = on[0].platform.fact("python.supported")
    evidence = (
        [Evidence("fact", "what the platform installs", supported.source, supported.date)]
        if supported
        else []
    )
    if release is not None:
        evidence.append(
            Evidence("fact", f"end of life of {name}: {release.end_of_life}", release.source, release.date)
        )
    return META.found(
        document.source,
        request.span,
        message,
        help="ask for a version that is supported, and try the app with it before the push",
        severity=severity,
        fix=_fix(document, request, app),
        evidence=evidence,
        on=on,
    )


def _announced(on: list[Target], minor: tuple[int, int]) -> str:
    """What the platforms have said about the days to come."""
    days: dict[str, list[str]] = {}
    for target in on:
        if day := _removal(target.platform, minor):
            days.setdefault(day, []).append(target.platform.title)
    said = (
        f"{' and '.join(dict.fromkeys(names))} no longer install{'s' if len(set(names)) == 1 else ''} it from {day}"
        for day, names in sorted(days.items())
    )
    return "".join(f", and {part}" for part in said)


def _fix(document: PythonVersion, request: Requested, app: App) -> Fix | None:
    """The nearest version that lasts and that the platforms and pyproject.toml allow; Pipfile.lock is pipenv's."""
    if document.source.path == "Pipfile.lock":
        return None
    good = _good(app)
    if not good:
        return None
    assert request.minor is not None
    newer = [m for m in good if m > request.minor]
    new = name_of(newer[0] if newer else good[-1])
    reason = f"the app and its requirements have to be ready for Python {new}"
    return Fix(f"Ask for {new}", Safety.UNSAFE, (version_edit(document, request, new),), reason=reason)


def newest(app: App) -> str | None:
    """The newest version that all platforms of the app install and that pyproject.toml allows."""
    good = _good(app)
    return name_of(good[-1]) if good else None


def _good(app: App) -> list[tuple[int, int]]:
    """The versions that last, that the platforms install and that pyproject.toml allows, oldest first."""
    lists = [set(known) for t in app.targets if (known := _supported(t.platform))]
    shared = sorted(set.intersection(*lists)) if lists else []
    return [
        m
        for m in shared
        if (r := _release(m)) is not None and _lasts(r, app.today) and requires_python_mismatch.allows(app, m)
    ]


def _lasts(release: Release, today: date) -> bool:
    return _ending(release, today) is None

"""An old patch release of Python is pinned.

## What it does

Finds versions with a patch number that is behind the newest patch release known, such as `3.12.3` where 3.12.14 is
out.

## Why is this bad

Patch releases are bug and security fixes. With the minor version alone (`3.12`) each build takes the newest one;
with a patch number it stays at the old one, and the buildpack prints a warning in each build.

## Fix safety

Unsafe: the app then runs on another patch release than the one that was tried, though such releases change nothing
else.

## References

- [Heroku: specifying a Python version](https://devcenter.heroku.com/articles/python-runtimes)
- [Newest patch releases](https://endoflife.date/python)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import by_file, name_of, version_edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

META = Rule("BP506", "pinned-patch", "app", Severity.INFO)

EXAMPLES = (
    bad(
        {".python-version": "«3.12.3»\n"},
        fixed={".python-version": "3.12\n"},
        safety="unsafe",
        message="3.12.14",
    ),
    bad({"runtime.txt": "«python-3.13.1»\n"}, fixed={"runtime.txt": "python-3.13\n"}, safety="unsafe"),
    ok({".python-version": "3.12\n"}),
    ok({".python-version": "3.12.14\n"}, title="the newest that is known"),
    ok({".python-version": "3.12.99\n"}, title="newer than what is known"),
    ok({"runtime.txt": "python-3.8.3\n"}, title="a version that has ended has a rule of its own"),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report pins that are behind."""
    for document, on in by_file(app):
        request = document.request
        if request is None or request.minor is None or request.patch is None:
            continue
        from bpopt.platforms.python import release

        minor = name_of(request.minor)
        known = release(minor)
        if known is None or not known.latest or known.end_of_life < app.today.isoformat():
            continue
        behind = int(known.latest.rpartition(".")[2]) - request.patch
        if behind <= 0:
            continue
        edit = version_edit(document, request, minor)
        yield META.found(
            document.source,
            request.span,
            f"{request.version} is {behind} patch release{'s' if behind > 1 else ''} behind {known.latest}",
            help=f"write {minor}, and each build takes the newest patch release",
            fix=Fix(
                f"Ask for {minor}",
                Safety.UNSAFE,
                (edit,),
                reason="the app then runs on a newer patch release",
            ),
            evidence=[Evidence("fact", f"{known.latest} is out", known.latest_source, known.date)],
            on=on,
        )

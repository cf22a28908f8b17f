"""gunicorn watches for changes that never come.

## What it does

Finds `--reload` in a command that is deployed.

## Why is this bad

`--reload` restarts the workers when a source file changes. A deployed app's files do not change, so each worker only
spends time looking at all of them. gunicorn's documentation calls it a setting for development, and it does not
work together with `--preload`.

## Fix safety

Safe: the option goes; what runs stays the same.

## References

- [gunicorn settings: reload](https://docs.gunicorn.org/en/stable/settings.html#reload)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact, removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP311", "reload-in-production", "web", Severity.WARNING)

EXAMPLES = (
    bad("web: gunicorn app:app «--reload» -w 2\n", fixed="web: gunicorn app:app -w 2\n"),
    bad({"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "reload = «True»\n"}),
    ok("web: gunicorn app:app\n"),
    ok({"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "reload = False\n"}),
    ok({"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "reload = os.environ['DEBUG'] == '1'\n"}),
    ok("web: gunicorn app:app\ndev: gunicorn app:app --reload\n", title="a process for the desk"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a reloader in what is deployed."""
    setup = app.gunicorn(web)
    given = setup.given("reload") if setup is not None else None
    if setup is None or given is None or given.value != "true" or given.source is None or given.span is None:
        return
    yield META.found(
        given.source,
        given.span,
        "--reload watches for changed files, and those of a deployed app do not change",
        help="remove it here, and give it on the command line at your desk",
        fix=removal(setup, "reload", "Remove --reload"),
        evidence=[
            fact(
                "reload is intended for development",
                "https://docs.gunicorn.org/en/stable/settings.html#reload",
            )
        ],
    )

"""A worker that hangs is never replaced.

## What it does

Finds `--timeout 0`.

## Why is this bad

gunicorn replaces a worker that has been silent for `--timeout` seconds. With 0 it waits for ever: one request that
never ends takes a worker out of service until the next deploy, and after as many as there are workers nothing
is answered.

## Fix safety

Unsafe: the option goes, so that the limit of 30 seconds counts, for requests of the sync worker as well.

## References

- [gunicorn settings: timeout](https://docs.gunicorn.org/en/stable/settings.html#timeout)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact, removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP315", "timeout-off", "web", Severity.WARNING)

EXAMPLES = (
    bad("web: gunicorn app:app «--timeout 0» -w 2\n", fixed="web: gunicorn app:app -w 2\n", safety="unsafe"),
    bad({"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "timeout = «0»\n"}),
    ok("web: gunicorn app:app --timeout 30\n"),
    ok("web: gunicorn app:app --graceful-timeout 0\n", title="another time"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a heartbeat that is turned off."""
    setup = app.gunicorn(web)
    given = setup.given("timeout") if setup is not None else None
    if setup is None or given is None or given.number != 0 or given.source is None or given.span is None:
        return
    yield META.found(
        given.source,
        given.span,
        "--timeout 0: a worker that hangs is never replaced",
        help="leave it out, or give the longest time that a request may take",
        fix=removal(
            setup, "timeout", "Remove --timeout 0", Safety.UNSAFE, "requests of more than 30 s are then ended"
        ),
        evidence=[
            fact(
                "0 disables timeouts for all workers",
                "https://docs.gunicorn.org/en/stable/settings.html#timeout",
            )
        ],
    )

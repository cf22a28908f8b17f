"""gunicorn waits longer than the router.

## What it does

Finds a `--timeout` above the time after which the platform's router gives a request up (30 seconds on Heroku and
Scalingo, 60 on Dokku).

## Why is this bad

A sync worker goes on with a request whose client has long been sent an error, and answers nobody else meanwhile.
With threads, gevent and the ASGI workers `--timeout` is no limit for requests at all: it only says how long a worker
may hang before gunicorn notices.

## Fix safety

Advice only: the time may be there for the import of the app, which it limits too unless `--preload` is given.

## References

- [Heroku: request timeout](https://devcenter.heroku.com/articles/request-timeout)
- [gunicorn settings: timeout](https://docs.gunicorn.org/en/stable/settings.html#timeout)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import THREADED, fact
from bpopt.rules.procfile import known, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.app.web import Web

META = Rule("BP314", "timeout-beyond-router", "web", Severity.WARNING)

EXAMPLES = (
    bad(
        "web: gunicorn app:app «--timeout 120»\n",
        severity="warning",
        message="Heroku's router gives up after 30 s",
    ),
    bad("web: gunicorn app:app «-t 90» --threads 4\n", severity="info", message="no limit for requests"),
    bad("web: gunicorn app:app «--timeout 120»\n", on="dokku", message="60 s"),
    bad(
        {"Procfile": "web: gunicorn app:app «--timeout 120»\n", "app.py": "import torch\napp = 1\n"},
        severity="info",
        title="the time may be for the import",
    ),
    ok("web: gunicorn app:app --timeout 30\n"),
    ok("web: gunicorn app:app --timeout 45\n", on="dokku"),
    ok("web: gunicorn app:app --timeout 120\n", on="digitalocean", title="its router's time is not known"),
    ok("web: gunicorn app:app --timeout $TIMEOUT\n"),
)


def _limit(target: Target) -> float | None:
    return target.platform.number("router.timeout_seconds")


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a time-out that the router never waits for."""
    setup = app.gunicorn(web)
    given = setup.given("timeout") if setup is not None else None
    if setup is None or given is None or given.number is None or given.source is None or given.span is None:
        return
    on = [t for t in web.targets if (limit := _limit(t)) is not None and given.number > limit]
    if not on:
        return
    limit = min(_limit(t) or 0 for t in on)
    first = [t for t in on if _limit(t) == limit]
    threads = setup.given("threads")
    sync = setup.worker in THREADED and (threads is None or threads.number == 1) and setup.worker != "gthread"
    if sync:
        who = f"{titles(first)}'s router gives" if len({t.platform.name for t in first}) == 1 else None
        who = who or f"the routers of {titles(first)} give"
        message = f"{who} up after {limit:.0f} s, the worker works on until {given.number} s"
    else:
        message = (
            f"--timeout {given.number} is no limit for requests here, it delays noticing a worker that hangs"
        )
    importing = bool(app.hazards(setup).heavy) and setup.given("preload_app") is None
    yield META.found(
        given.source,
        given.span,
        message,
        help=f"answer within {limit:.0f} s and do longer work in a worker process; then leave --timeout out",
        fix=Fix("Leave --timeout out", Safety.DISPLAY, reason="the time may be needed to import the app"),
        severity=META.severity if sync and not importing else Severity.INFO,
        evidence=[
            *known(on, "router.timeout_seconds", f"{limit:.0f} s"),
            fact("workers silent for more than --timeout seconds are killed"),
        ],
        on=on if len(on) < len(web.targets) else (),
    )

"""--preload has nobody to share with.

## What it does

Finds `--preload` with one worker.

## Why is this bad

`--preload` saves memory because several workers share what was imported once. With one there is a master that holds
the app too: it costs a little and saves nothing. It still makes an app that cannot be imported fail at once.

## Fix safety

Advice only: a second worker or no `--preload` is a choice.

## References

- [gunicorn settings: preload_app](https://docs.gunicorn.org/en/stable/settings.html#preload-app)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP313", "preload-without-effect", "web", Severity.INFO)

EXAMPLES = (
    bad("web: gunicorn app:app -w 1 «--preload»\n"),
    bad("web: gunicorn app:app «--preload» --reload -w 3\n", message="--reload"),
    ok("web: gunicorn app:app -w 2 --preload\n"),
    ok("web: gunicorn app:app --preload\n", title="Heroku chooses the number of workers"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a preload that saves nothing."""
    setup = app.gunicorn(web)
    given = setup.given("preload_app") if setup is not None else None
    if setup is None or given is None or given.value != "true" or given.source is None or given.span is None:
        return
    reload = setup.given("reload")
    if reload is not None and reload.value == "true":
        message = "--preload and --reload do not go together: changed files are not loaded again"
    elif all(setup.workers(app, target) == 1 for target in web.targets):
        message = "--preload saves nothing with one worker"
    else:
        return
    yield META.found(
        given.source,
        given.span,
        message,
        help="remove one of them" if reload is not None else "remove it, or run two workers if memory allows",
        evidence=[
            fact(
                "preload_app shares the app among workers",
                "https://docs.gunicorn.org/en/stable/settings.html",
            )
        ],
    )

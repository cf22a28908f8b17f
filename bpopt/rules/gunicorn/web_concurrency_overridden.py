"""WEB_CONCURRENCY is set, and the command overrides it.

## What it does

Finds a `WEB_CONCURRENCY` in the app's files beside a number of workers in the command, in `GUNICORN_CMD_ARGS` or in the
configuration file.

## Why is this bad

`WEB_CONCURRENCY` is the weakest of gunicorn's sources: it only sets the default. Whoever changes it to get more or
fewer workers changes nothing. (Tried: file 3, variable 9: 3 workers; with `-w 7`: 7.)

## Fix safety

Advice only: which of the two numbers is meant is for you to say.

## References

- [gunicorn settings: workers](https://docs.gunicorn.org/en/stable/settings.html#workers)
- [gunicorn: order of configuration](https://docs.gunicorn.org/en/stable/configure.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import UNKNOWN
from bpopt.finding import Finding, Label, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP318", "web-concurrency-overridden", "web", Severity.WARNING)

_SET = '{{"env": {{{}: "4"}}}}\n'

EXAMPLES = (
    bad({"Procfile": "web: gunicorn app:app -w 2\n", "app.json": _SET.format('«"WEB_CONCURRENCY"»')}),
    bad(
        {
            "Procfile": "web: gunicorn app:app\n",
            "gunicorn.conf.py": "workers = 3\n",
            "app.json": _SET.format('«"WEB_CONCURRENCY"»'),
        }
    ),
    ok({"Procfile": "web: gunicorn app:app\n", "app.json": _SET.format('"WEB_CONCURRENCY"')}),
    ok(
        {
            "Procfile": "web: gunicorn app:app -w $WEB_CONCURRENCY\n",
            "app.json": _SET.format('"WEB_CONCURRENCY"'),
        }
    ),
    ok(
        {
            "Procfile": "web: gunicorn app:app\n",
            "gunicorn.conf.py": "import os\nworkers = int(os.environ.get('WEB_CONCURRENCY', 2))\n",
            "app.json": _SET.format('"WEB_CONCURRENCY"'),
        },
        title="the file takes it from there",
    ),
    ok("web: gunicorn app:app -w 2\n", title="what the platform sets may be overridden"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a setting that gunicorn does not come to."""
    setup = app.gunicorn(web)
    workers = setup.given("workers") if setup is not None else None
    if workers is None or workers.origin == UNKNOWN or workers.number is None:
        return
    assert workers.source is not None
    assert workers.span is not None
    for placed in app.env:
        if placed.name == "WEB_CONCURRENCY" and placed.run and set(placed.targets) & set(web.targets):
            yield META.found(
                placed.source,
                placed.setting.name_span,
                f"WEB_CONCURRENCY has no effect: {workers.number} workers are set elsewhere",
                help="keep one of the two",
                labels=[Label(workers.source, workers.span, "this counts")],
                evidence=[fact("WEB_CONCURRENCY only sets the default of workers")],
            )

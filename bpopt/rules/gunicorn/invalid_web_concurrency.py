"""WEB_CONCURRENCY is no whole number.

## What it does

Finds values of `WEB_CONCURRENCY` that gunicorn cannot read: empty, `auto`, `2.5`.

## Why is this bad

gunicorn reads the variable when it is loaded, before any option counts, and ends with a ValueError. An empty value
does the same; on Heroku it counts as set, so that the buildpack does not put its own number there. (Tried with
gunicorn 20.1, 23, 26 and 27.)

## Fix safety

No fix: how many workers are wanted is for you to say. Without the variable the default is 1, or what the platform
computes.

## References

- [gunicorn settings: workers](https://docs.gunicorn.org/en/stable/settings.html#workers)
- [gunicorn, config.py](https://github.com/benoitc/gunicorn/blob/master/gunicorn/config.py)
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

META = Rule("BP319", "invalid-web-concurrency", "web", Severity.ERROR)

_WEB = {"Procfile": "web: gunicorn app:app -w 2\n"}

EXAMPLES = (
    bad({**_WEB, "app.json": '{"env": {"WEB_CONCURRENCY": «"auto"»}}\n'}),
    bad({**_WEB, "app.json": '{"env": {"WEB_CONCURRENCY": «""»}}\n'}, message="empty"),
    bad({**_WEB, ".env": "WEB_CONCURRENCY=«2.5»\n"}, on="dokku"),
    ok({**_WEB, "app.json": '{"env": {"WEB_CONCURRENCY": "4"}}\n'}),
    ok({**_WEB, "app.json": '{"env": {"WEB_CONCURRENCY": {"description": "workers"}}}\n'}, title="set later"),
    ok(
        {"Procfile": "web: daphne p.asgi:a\n", "app.json": '{"env": {"WEB_CONCURRENCY": "auto"}}\n'},
        title="no gunicorn",
    ),
    ok({**_WEB, ".env": "WEB_CONCURRENCY=auto\n"}, title="Heroku does not read .env"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a number that gunicorn cannot read."""
    if web.gunicorn is None:
        return
    for placed in app.env:
        if placed.name != "WEB_CONCURRENCY" or not placed.run or not set(placed.targets) & set(web.targets):
            continue
        value = placed.value
        if value is None or "$" in value or value.strip().lstrip("+-").isdigit():
            continue
        yield META.found(
            placed.source,
            placed.setting.value_span,
            f"WEB_CONCURRENCY is {'empty' if not value else repr(value)}: gunicorn ends with a ValueError",
            help="write a whole number, or leave the variable out",
            evidence=[fact("int() of the variable is the default of workers")],
        )

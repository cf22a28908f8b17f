"""WEB_CONCURRENCY is no number of workers.

## What it does

Finds values of `WEB_CONCURRENCY` that gunicorn cannot use: empty, `auto`, `2.5`, negative numbers, and 0.

## Why is this bad

gunicorn reads the variable when it is loaded, before any option counts, and ends with a ValueError. An empty value
does the same; on Heroku it counts as set, so that the buildpack does not put its own number there. (Tried with
gunicorn 20.1, 23, 26 and 27.) With 0 it starts, listens and never answers, unless the command has a number of its
own.

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
    bad({**_WEB, "app.json": '{"env": {"WEB_CONCURRENCY": «"-1"»}}\n'}, message="negative"),
    bad(
        {"Procfile": "web: gunicorn app:app\n", "app.json": '{"env": {"WEB_CONCURRENCY": «"0"»}}\n'},
        message="never answers",
    ),
    ok(
        {**_WEB, "app.json": '{"env": {"WEB_CONCURRENCY": "0"}}\n'},
        title="the command has a number of its own",
    ),
    ok({**_WEB, "app.json": '{"env": {"WEB_CONCURRENCY": "4"}}\n'}),
    ok({**_WEB, "app.json": '{"env": {"WEB_CONCURRENCY": {"description": "workers"}}}\n'}, title="set later"),
    ok(
        {"Procfile": "web: daphne p.asgi:a\n", "app.json": '{"env": {"WEB_CONCURRENCY": "auto"}}\n'},
        title="no gunicorn",
    ),
    ok({**_WEB, ".env": "WEB_CONCURRENCY=auto\n"}, title="Heroku does not read .env"),
)

_IDLE = "0: gunicorn starts no worker and never answers"


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a number that gunicorn cannot read."""
    setup = app.gunicorn(web)
    if setup is None:
        return
    for placed in app.env:
        if placed.name != "WEB_CONCURRENCY" or not placed.run or not set(placed.targets) & set(web.targets):
            continue
        why = _wrong(placed.value) if placed.value is not None and "$" not in placed.value else ""
        if not why or (why == _IDLE and setup.given("workers") is not None):
            continue
        yield META.found(
            placed.source,
            placed.setting.value_span,
            f"WEB_CONCURRENCY is {why}",
            help="write a whole number, or leave the variable out",
            evidence=[fact("int() of the variable is the default of workers")],
        )


def _wrong(value: str) -> str:
    """What is wrong with a value, empty if it is a number of workers; int() takes blanks around a number."""
    try:
        number = int(value)
    except ValueError:
        return f"{repr(value) if value else 'empty'}: gunicorn ends with a ValueError"
    return "negative: gunicorn ends with an error" if number < 0 else "" if number else _IDLE

"""Requests are not logged.

## What it does

Finds a `GUNICORN_CMD_ARGS` that lacks `--access-logfile` on platforms whose buildpack would put it there, and gunicorn
commands without it on platforms that certainly do not.

## Why is this bad

gunicorn writes no access log unless it is told to. The Python buildpack's default for `GUNICORN_CMD_ARGS` is
`--access-logfile -`; whoever sets the variable for something else turns the log off without noticing.

## Fix safety

Advice: the log costs some output for each request.

## References

- [heroku-buildpack-python, python.gunicorn.sh](https://github.com/heroku/heroku-buildpack-python/blob/main/vendor/python.gunicorn.sh)
- [gunicorn settings: accesslog](https://docs.gunicorn.org/en/stable/settings.html#accesslog)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import CMD_ARGS
from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact
from bpopt.rules.procfile import known, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP323", "no-access-log", "web", Severity.INFO)

_WEB = {"Procfile": "web: gunicorn app:app\n"}
_ENV = '{{"env": {{{}: "{}"}}}}\n'

EXAMPLES = (
    bad(
        {**_WEB, "app.json": _ENV.format('«"GUNICORN_CMD_ARGS"»', "--threads 4")},
        message="turns the access log off",
    ),
    ok({**_WEB, "app.json": _ENV.format('"GUNICORN_CMD_ARGS"', "--threads 4 --access-logfile -")}),
    ok(
        {
            "Procfile": "web: gunicorn app:app --access-logfile -\n",
            "app.json": _ENV.format('"GUNICORN_CMD_ARGS"', "-w 2"),
        }
    ),
    ok(
        {**_WEB, "app.json": _ENV.format('"GUNICORN_CMD_ARGS"', "")},
        title="an empty value does not count as set",
    ),
    ok({**_WEB, "app.json": _ENV.format('"GUNICORN_CMD_ARGS"', "$MORE")}, title="not known"),
    ok(_WEB, title="the buildpack sets it"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a variable that takes the log away which the platform had put there."""
    setup = app.gunicorn(web)
    if setup is None or setup.given("accesslog") is not None:
        return
    for placed in app.env:
        on = [t for t in placed.targets if t in web.targets and _logs(t.platform.sets(CMD_ARGS))]
        if placed.name != CMD_ARGS or not placed.run or not placed.value or not on:
            continue
        yield META.found(
            placed.source,
            placed.setting.name_span,
            f"GUNICORN_CMD_ARGS turns the access log off that {titles(on)} had turned on",
            help="add --access-logfile - to its value",
            fix=Fix("Add --access-logfile -", Safety.DISPLAY, reason="the log may not be wanted"),
            evidence=[
                *known(on, f"sets.{CMD_ARGS}", "GUNICORN_CMD_ARGS"),
                fact("accesslog is off by default"),
            ],
            on=on if len(on) < len(web.targets) else (),
        )


def _logs(default: object) -> bool:
    """Whether the platform's own value turns the log on, as far as that is certain."""
    return getattr(default, "verified", False) and "--access-logfile" in str(getattr(default, "value", ""))

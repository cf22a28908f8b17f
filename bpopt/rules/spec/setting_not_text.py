"""A setting in app.json is a number or a boolean.

## What it does

Finds values of `env` in app.json that are not in quotes.

## Why is this bad

The values of environment variables are text. Dokku reads app.json into text fields, so a number there is
an error and the deploy ends; Heroku's schema asks for a string as well.

## Fix safety

Safe: quotes are put around what is written.

## References

- [Heroku: app.json schema, env](https://devcenter.heroku.com/articles/app-json-schema#env)
- [Dokku: app.json, env](https://dokku.com/docs/appendices/file-formats/app-json/#env)
- [Dokku: how app.json is read](https://github.com/dokku/dokku/blob/master/plugins/app-json/appjson.go)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

META = Rule("BP818", "setting-not-text", "app", Severity.ERROR)

EXAMPLES = (
    bad(
        {"app.json": '{"env": {"WEB_CONCURRENCY": «3»}}\n'},
        on="dokku",
        fixed={"app.json": '{"env": {"WEB_CONCURRENCY": "3"}}\n'},
        severity="error",
    ),
    bad(
        {"app.json": '{"env": {"DEBUG": {"description": "x", "value": «false»}}}\n'},
        fixed={"app.json": '{"env": {"DEBUG": {"description": "x", "value": "false"}}}\n'},
        severity="warning",
    ),
    ok(
        {
            "app.json": '{"env": {"A": "3", "B": {"generator": "secret"}, "C": {"required": true}, "D": null}}\n'
        }
    ),
    ok({"app.json": '{"env": {"A": 3}}\n'}, on="digitalocean", title="not read there"),
)

_URL = (
    "https://github.com/dokku/dokku/blob/33896f5d7efc3b03d0ea94934d8413cddbce07fd/plugins/app-json/appjson.go"
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each value that is not text."""
    for placed in app.env:
        if placed.origin != "app_json" or not placed.targets or placed.value is None:
            continue
        written = placed.source.text[slice(*placed.setting.value_span)]
        if written[:1] in ('"', ""):
            continue
        fails = any(t.platform.name == "dokku" for t in placed.targets)
        edit = Edit(placed.source.path, placed.setting.value_span, f'"{written}"')
        yield META.found(
            placed.source,
            placed.setting.value_span,
            f"the value of {placed.name} is no text" + (": Dokku refuses the file" if fails else ""),
            help=f'write "{written}"' if len(written) < 40 else "put it into quotes",
            fix=Fix("Put it into quotes", Safety.SAFE, (edit,)),
            severity=Severity.ERROR if fails else Severity.WARNING,
            evidence=[Evidence("fact", "values are read as text", _URL, "2026-11-24")],
            on=placed.targets,
        )

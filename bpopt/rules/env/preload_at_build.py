"""LD_PRELOAD names a library that is not there during the build.

## What it does

Finds `LD_PRELOAD` with a path below `/app` or `.apt` among settings that the build sees as well.

## Why is this bad

Libraries of the Aptfile lie in `/app/.apt` only when the app runs; during the build the app is in another
folder. Every program that the build starts then prints "object ... from LD_PRELOAD cannot be preloaded",
and the log drowns in it.

## Fix safety

There is no fix: set it in the Procfile line, before the program, or in an app spec with the scope RUN_TIME.

## References

- [heroku-buildpack-apt #131](https://github.com/heroku/heroku-buildpack-apt/issues/131)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

META = Rule("BP613", "preload-at-build", "app", Severity.WARNING)

_PATH = "/app/.apt/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"

EXAMPLES = (
    bad({"app.json": f'{{"env": {{"LD_PRELOAD": «"{_PATH}"»}}}}\n'}),
    bad({".env": f"LD_PRELOAD=«{_PATH}»\n"}, on="dokku"),
    ok(
        {"Procfile": f"web: LD_PRELOAD={_PATH} gunicorn app:app\n"}, title="in the command, where it is there"
    ),
    ok({"app.json": '{"env": {"LD_PRELOAD": "libjemalloc.so.2"}}\n'}, title="by name"),
    ok(
        {".do/app.yaml": f"envs:\n- key: LD_PRELOAD\n  value: {_PATH}\n  scope: RUN_TIME\n"},
        on="digitalocean",
    ),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each LD_PRELOAD that a build would see."""
    for placed in app.env:
        value = placed.value or ""
        if (
            placed.name != "LD_PRELOAD"
            or not placed.build
            or not placed.targets
            or placed.origin == "command"
        ):
            continue
        if "/.apt/" in value or value.startswith("/app/"):
            yield META.found(
                placed.source,
                placed.setting.value_span,
                "this library is not there while the app is built: every program of the build complains",
                help=f"set it in the Procfile instead: web: LD_PRELOAD={value} ...",
                on=placed.targets,
            )

"""gunicorn leaves the foreground, and the container ends.

## What it does

Finds `--daemon` (`-D`) in the command of a platform.

## Why is this bad

The command returns at once with exit code 0 while gunicorn goes on in the background (tried with 27.0.1). The platform
watches the command: when it ends, the container is stopped, gunicorn with it.

## Fix safety

Safe: the option goes, so that gunicorn stays in the foreground.

## References

- [gunicorn settings: daemon](https://docs.gunicorn.org/en/stable/settings.html#daemon)
- [Heroku: a dyno lives as long as its command](https://devcenter.heroku.com/articles/dynos)
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

META = Rule("BP312", "daemon-on-platform", "web", Severity.ERROR)

EXAMPLES = (
    bad("web: gunicorn app:app «--daemon»\n", fixed="web: gunicorn app:app\n"),
    bad("web: gunicorn «-D» app:app\n", fixed="web: gunicorn app:app\n"),
    bad({"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "daemon = «True»\n"}),
    ok("web: gunicorn app:app\n"),
    ok("web: gunicorn app:app --daemon && nginx -g 'daemon off;'\n", title="another program stays in front"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a command that returns while the server goes on."""
    setup = app.gunicorn(web)
    given = setup.given("daemon") if setup is not None else None
    if setup is None or given is None or given.value != "true" or given.source is None or given.span is None:
        return
    if web.script.commands[-1].span != web.final.span:
        return
    yield META.found(
        given.source,
        given.span,
        "--daemon ends the command at once, and the platform then stops the container",
        help="remove it: the platform keeps the process running",
        fix=removal(setup, "daemon", "Remove --daemon"),
        evidence=[
            fact(
                "detaches the server from the terminal",
                "https://docs.gunicorn.org/en/stable/settings.html#daemon",
            )
        ],
    )

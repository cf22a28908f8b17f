"""gunicorn does not stay in the foreground, and the container ends.

## What it does

Finds `--daemon` (`-D`), `--check-config` and `--print-config` in the command of a platform.

## Why is this bad

The command returns at once with exit code 0: with `--daemon` gunicorn goes on in the background, with the other two it
never serves (tried with 27.0.1). The platform watches the command: when it ends, the container is stopped.

## Fix safety

Safe: the option goes, so that gunicorn serves in the foreground.

## References

- [gunicorn settings: daemon](https://docs.gunicorn.org/en/stable/settings.html#daemon)
- [Heroku: a dyno lives as long as its command](https://devcenter.heroku.com/articles/dynos)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import SETTINGS, fact, removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP312", "daemon-on-platform", "web", Severity.ERROR)

EXAMPLES = (
    bad("web: gunicorn app:app «--daemon»\n", fixed="web: gunicorn app:app\n"),
    bad("web: gunicorn «-D» app:app\n", fixed="web: gunicorn app:app\n"),
    bad({"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "daemon = «True»\n"}),
    bad("web: gunicorn app:app «--check-config»\n", fixed="web: gunicorn app:app\n", message="never serves"),
    bad("web: gunicorn «--print-config» app:app\n", fixed="web: gunicorn app:app\n"),
    ok("web: gunicorn app:app\n"),
    ok("web: gunicorn --check-config app:app && gunicorn app:app\n", title="a check before the server"),
    ok("web: gunicorn app:app --daemon && nginx -g 'daemon off;'\n", title="another program stays in front"),
)


# Setting -> what it does instead of serving in the foreground.
_ENDS = {
    "daemon": "ends the command at once, and the platform then stops the container",
    "check_config": "ends the command after a look at the settings: it never serves",
    "print_config": "ends the command after printing the settings: it never serves",
}


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a command that returns while the server goes on, or before there is one."""
    setup = app.gunicorn(web)
    if setup is None or web.script.commands[-1].span != web.final.span:
        return
    for name, what in _ENDS.items():
        given = setup.given(name)
        if given is None or given.value != "true" or given.source is None or given.span is None:
            continue
        flag = f"--{name.replace('_', '-')}"
        yield META.found(
            given.source,
            given.span,
            f"{flag} {what}",
            help="remove it: the platform keeps the process running",
            fix=removal(setup, name, f"Remove {flag}"),
            evidence=[fact(f"what {flag} does", f"{SETTINGS}#{name.replace('_', '-')}")],
        )

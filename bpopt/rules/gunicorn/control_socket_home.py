"""gunicorn's control socket has nowhere to go.

## What it does

Finds a gunicorn of 25.1 or newer, with its control socket on, whose home cannot be written to: `HOME` set to a place
outside the app, or `--user`, which gives up the rights to the home it started with.

## Why is this bad

Since 25.1 gunicorn opens a socket in `$XDG_RUNTIME_DIR` or `$HOME/.gunicorn`. Where it cannot, it logs `[ERROR] Control
server error: Permission denied` (or `Read-only file system`) and goes on: an alarm for nothing at each start.

## Fix safety

Safe: `--no-control-socket` is added, where the requirements certainly lead to a release that has it (older ones end
with an error). `--control-socket-disable`, which some pages name, does not exist.

## References

- [gunicorn settings: control_socket](https://docs.gunicorn.org/en/stable/settings.html#control-socket)
- [mozilla/sumo: Control server error](https://github.com/mozilla/sumo/issues/2882)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import releases
from bpopt.documents.gunicorn import before
from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import appended, fact, name_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP327", "control-socket-home", "web", Severity.WARNING)

_WEB = {"Procfile": "web: «gunicorn» app:app\n", "requirements.txt": "gunicorn\n"}
_QUIET = {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "gunicorn\n"}
_HOME = {"app.json": '{"env": {"HOME": "/nonexistent"}}\n'}

EXAMPLES = (
    bad({**_WEB, **_HOME}, fixed={"Procfile": "web: gunicorn app:app --no-control-socket\n"}),
    bad(
        {"Procfile": "web: «gunicorn» -u nobody app:app\n", "requirements.txt": "gunicorn==26.2.0\n"},
        fixed={"Procfile": "web: gunicorn -u nobody app:app --no-control-socket\n"},
    ),
    ok({**_QUIET, **_HOME, "requirements.txt": "gunicorn==23.0.0\n"}, title="before the socket"),
    ok({**_QUIET, **_HOME, "Procfile": "web: gunicorn app:app --no-control-socket\n"}),
    ok({**_QUIET, **_HOME, "Procfile": "web: gunicorn app:app --control-socket /tmp/g.ctl\n"}),
    ok(_QUIET, title="the home of these platforms can be written to"),
    ok({**_QUIET, "app.json": '{"env": {"HOME": "/app"}}\n'}),
)

_WRITABLE = ("/app", "/tmp", "/workspace", "/home", "$")


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a socket that cannot be made."""
    setup = app.gunicorn(web)
    if (
        setup is None
        or setup.given("control_socket") is not None
        or setup.given("control_socket_disable") is not None
    ):
        return
    if before(releases(app)[-1], "25.1"):
        return
    homes = [p for p in app.env if p.name == "HOME" and p.run and set(p.targets) & set(web.targets)]
    unwritable = next((p.value for p in homes if p.value and not p.value.startswith(_WRITABLE)), None)
    user = setup.given("user")
    if unwritable is None and (user is None or user.value in (None, "root", "0")):
        return
    why = (
        f"HOME is {unwritable}"
        if unwritable is not None
        else f"--user {user.value if user else ''} owns no home here"
    )
    option = "--no-control-socket"
    certain = not before(releases(app)[0], "25.1")
    fix = (
        appended(web, option, f"Add {option}", Safety.SAFE)
        if certain
        else Fix(f"Add {option}", Safety.DISPLAY)
    )
    yield META.found(
        web.source,
        name_span(web),
        f"gunicorn logs an error at each start as it cannot make its control socket: {why}",
        help=f"add {option}",
        fix=fix,
        evidence=[fact("the control socket came with 25.1.0 and is on by default")],
    )

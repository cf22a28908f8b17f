"""The app spec decides, not the Procfile.

## What it does

Finds a `web` line in the Procfile that DigitalOcean never runs, as the service has a `run_command` that says something
else.

## Why is this bad

A component's `run_command` takes the place of the Procfile. Whoever edits the Procfile changes nothing there.

## Fix safety

Advice only: which of the two commands is meant is for you to say.

## References

- [App Platform: build and run commands](https://docs.digitalocean.com/products/app-platform/how-to/build-run-commands/)
- [godo: run_command overrides the default](https://github.com/digitalocean/godo/blob/main/apps.gen.go)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Label, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import Procfile

META = Rule("BP215", "overridden-procfile", "procfile", Severity.INFO)

_SPEC = "services:\n- name: site\n  run_command: gunicorn app:app --workers 4\n"

EXAMPLES = (
    bad(
        {"Procfile": "«web»: gunicorn app:app\n", ".do/app.yaml": _SPEC},
        on="digitalocean",
        severity="warning",
    ),
    bad(
        {"Procfile": "«web»: gunicorn app:app\n", ".do/app.yaml": _SPEC},
        on=("heroku", "digitalocean"),
        severity="info",
        title="Heroku runs it",
    ),
    ok(
        {"Procfile": "web: gunicorn app:app --workers 4\n", ".do/app.yaml": _SPEC},
        on="digitalocean",
        title="the same",
    ),
    ok(
        {"Procfile": "web: gunicorn app:app\n", ".do/app.yaml": "services:\n- name: site\n"},
        on="digitalocean",
    ),
    ok(
        {"Procfile": "web: gunicorn app:app\n", ".do/app.yaml": _SPEC},
        on="heroku",
        title="not DigitalOcean's",
    ),
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report a web line that a run_command replaces."""
    process = procfile.process("web")
    on = app.where(lambda t: t.platform.name == "digitalocean")
    services = app.app_spec.services if app.app_spec is not None and on else ()
    commands = [s.run_command for s in services if s.run_command is not None]
    if process is None or not commands or len(commands) != len(services):
        return
    if any(" ".join(c.value.split()) == " ".join(process.command.split()) for c in commands):
        return
    assert app.app_spec is not None
    alone = len(on) == len(app.targets)
    yield META.found(
        procfile.source,
        process.name_span,
        "DigitalOcean runs the run_command of the app spec instead of this",
        help="keep the command in one place: remove run_command, or this line",
        severity=Severity.WARNING if alone else META.severity,
        labels=[Label(app.app_spec.tree.source, commands[0].span, "this is run")],
        evidence=known(on, "procfile.overridden_by", "what takes precedence over the Procfile"),
        on=on if not alone else (),
    )

"""A process type has no blank after its colon.

## What it does

Finds lines like `web:gunicorn app:app` for platforms whose grammar wants a blank there.

## Why is this bad

On Heroku the line does not match, so there is no such process type: without `web` nothing serves the app.

## Fix safety

Safe: the blank is put in.

## References

- [heroku/procfile, Heroku's own regular expression](https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md)
- [Heroku: the Procfile](https://devcenter.heroku.com/articles/procfile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, having, known, readers, some, titles
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import Procfile

META = Rule("BP202", "missing-blank", "procfile", Severity.ERROR)

EXAMPLES = (
    bad(
        "«web:»gunicorn app:app\n", fixed="web: gunicorn app:app\n", message="Heroku sees no process type web"
    ),
    ok("web: gunicorn app:app\n"),
    ok("web:\tgunicorn app:app\n"),
    ok("web:gunicorn app:app\n", on="dokku"),
    ok("web:gunicorn app:app\n", on="heroku-fir"),
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report each command that follows its colon at once."""
    targets = readers(app)
    on = having(targets, "procfile.blank_after_colon_required")
    if not on or another_format(procfile):
        return
    for process in procfile.processes:
        if process.colon and not process.gap and process.command:
            at = process.command_span.start
            edit = Edit(procfile.source.path, Span(at, at), " ")
            yield META.found(
                procfile.source,
                Span(process.name_span.start, at),
                f"no blank after the colon: {titles(on)} sees no process type {process.name}",
                help="put a blank after the colon",
                fix=Fix("Put a blank there", Safety.SAFE, (edit,)),
                evidence=known(on, "procfile.blank_after_colon_required", "a blank is required"),
                on=some(on, targets),
            )

"""A process type has no colon.

## What it does

Finds lines of a Procfile like `web gunicorn app:app`, which lack the colon after the process type.

## Why is this bad

Heroku takes such a line. Dokku rejects the whole Procfile over it, Heroku's Cloud Native Buildpack fails the build, and
Scalingo documents the colon.

## Fix safety

Safe for process types of the usual names: the colon is put in. Elsewhere the line may be something else altogether.

## References

- [heroku/procfile, grammar](https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md)
- [procfile-util](https://github.com/dokku/procfile-util)
- [Heroku: the Procfile](https://devcenter.heroku.com/articles/procfile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, continued, having, known, plausible, readers, some
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import Procfile

META = Rule("BP201", "missing-colon", "procfile", Severity.WARNING)

EXAMPLES = (
    bad("«web» gunicorn app:app\n", fixed="web: gunicorn app:app\n", on="dokku", severity="error"),
    bad("«web» gunicorn app:app\n", fixed="web: gunicorn app:app\n", on="heroku", severity="warning"),
    bad("web: gunicorn app:app\n«daphne» -p 8001 shop.asgi\n", title="a command on a line of its own"),
    ok("web: gunicorn app:app\n"),
    ok("# web gunicorn app:app\nweb: gunicorn app:app\n"),
    ok("web: gunicorn app:app\n.listen(1) x\n", title="no name at all, unreadable-procfile-line"),
    ok("web: gunicorn app:app \\\n  --workers 2\n", title="a continued line"),
)

_USUAL = frozenset(
    {"web", "worker", "release", "beat", "clock", "scheduler", "celery", "postdeploy", "bot", "rq"}
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report each process type without its colon."""
    if another_format(procfile):
        return
    targets, skipped = readers(app), continued(procfile)
    strict = having(targets, "procfile.colon_required")
    for process in procfile.processes:
        if process.colon or process.line.span.start in skipped or not plausible(process.name):
            continue
        usual = process.name in _USUAL
        taken = (
            f"Heroku takes {process.name} for the process type" if not usual else "only Heroku takes it so"
        )
        edit = Edit(procfile.source.path, Span(process.name_span.end, process.name_span.end), ":")
        failing = bool(strict) and len(strict) == len(targets)
        yield META.found(
            procfile.source,
            process.name_span,
            f"no colon after {process.name}: {taken if not failing else 'the Procfile is rejected'}",
            help=f"write {process.name}: {process.command.split(' ')[0]} ..."
            if usual
            else "write `name: command`",
            fix=Fix("Add the colon", Safety.SAFE, (edit,)) if usual else None,
            severity=Severity.ERROR if failing else META.severity,
            evidence=known(strict or targets, "procfile.colon_required", "a colon is required"),
            on=some(strict, targets),
        )

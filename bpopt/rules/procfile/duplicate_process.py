"""Two lines have the same process type.

## What it does

Finds process types that a Procfile names more than once.

## Why is this bad

The platforms disagree on what that means: Dokku refuses the whole file, herokuish takes the first line, Cloud Native
Buildpacks the last, Scalingo calls it undefined. One of the two commands is never run.

## Fix safety

Safe where both lines say the same: the second goes. Otherwise which one is meant is for you to say.

## References

- [procfile-util: process names must be unique](https://github.com/dokku/procfile-util)
- [heroku/procfile: the last one wins](https://github.com/heroku/buildpacks-procfile)
- [Dokku: duplicate entries](https://github.com/dokku/dokku/issues/5687)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, continued, having, known, readers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import ProcessType, Procfile

META = Rule("BP207", "duplicate-process", "procfile", Severity.WARNING)

EXAMPLES = (
    bad(
        "web: gunicorn app:app\n«web»: gunicorn app:app\n",
        fixed="web: gunicorn app:app\n",
        on="dokku",
        severity="error",
    ),
    bad(
        "worker: python a.py\n«worker»: python b.py\n",
        severity="warning",
        message="one of the two is never run",
    ),
    ok("worker1: python a.py\nworker2: python a.py\n"),
    ok("# web: python a.py\nweb: python a.py\n"),
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report each process type after its first line."""
    if another_format(procfile):
        return
    targets, skipped = readers(app), continued(procfile)
    failing = having(targets, "procfile.duplicates", "error")
    first: dict[str, ProcessType] = {}
    for process in procfile.processes:
        earlier = first.setdefault(process.name, process)
        if earlier is process or process.line.span.start in skipped:
            continue
        fatal = bool(failing) and len(failing) == len(targets)
        gone = Edit(procfile.source.path, procfile.source.whole_line(process.line.span), "")
        same = process.command == earlier.command
        yield META.found(
            procfile.source,
            process.name_span,
            f"{process.name} stands here twice: "
            f"{'the Procfile is rejected' if fatal else 'one of the two is never run'}",
            help="keep one of the lines",
            fix=Fix(f"Remove the second {process.name}", Safety.SAFE, (gone,)) if same else None,
            severity=Severity.ERROR if fatal else META.severity,
            labels=[Label(procfile.source, earlier.name_span, "first here")],
            evidence=known(targets, "procfile.duplicates", "a second line of the same process type"),
        )

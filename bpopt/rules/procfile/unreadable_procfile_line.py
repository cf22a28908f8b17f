"""A line of the Procfile is no process type.

## What it does

Finds lines that are neither `name: command`, nor a comment, nor blank: the rest of a paste, a merge marker, a name with
nothing behind its colon.

## Why is this bad

Dokku rejects the whole Procfile over one such line. Heroku's Cloud Native Buildpack fails the build over an empty
command. Elsewhere the line is passed over, with whatever it was meant to start.

## Fix safety

Unsafe: the line goes.

## References

- [procfile-util](https://github.com/dokku/procfile-util)
- [heroku/procfile, grammar](https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md)
- [Dokku: Procfile refused](https://github.com/dokku/dokku/issues/5687)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, continued, having, known, plausible, readers, some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import Procfile

META = Rule("BP203", "unreadable-procfile-line", "procfile", Severity.WARNING)

EXAMPLES = (
    bad(
        "web: gunicorn app:app\n«=======»\n",
        fixed="web: gunicorn app:app\n",
        safety="unsafe",
        severity="warning",
    ),
    bad(
        "web: gunicorn app:app\n«```»\n",
        fixed="web: gunicorn app:app\n",
        safety="unsafe",
        on="dokku",
        severity="error",
    ),
    bad(
        "web: gunicorn app:app\n«worker:»\n",
        fixed="web: gunicorn app:app\n",
        safety="unsafe",
        message="no command",
    ),
    bad(
        "web: gunicorn app:app\n«.listen(process.env.PORT || 5000)»\n",
        fixed="web: gunicorn app:app\n",
        safety="unsafe",
    ),
    ok("web: gunicorn app:app\n\n# worker\n   \n"),
    ok("web: gunicorn app:app \\\n--preload\n", title="a continued line"),
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report each line that starts nothing."""
    if another_format(procfile):
        return
    targets, skipped = readers(app), continued(procfile)
    strict = having(targets, "procfile.unparsable_fails")
    lines = {line.span.start: (line, "is no `name: command`") for line in procfile.unparsed}
    for process in procfile.processes:
        if not process.command:
            lines[process.line.span.start] = (process.line, "has no command")
        elif not process.colon and not plausible(process.name):
            lines[process.line.span.start] = (process.line, "is no `name: command`")
    for start, (line, why) in sorted(lines.items()):
        if start in skipped:
            continue
        bare, span = line.strip()
        failing = bool(strict) and len(strict) == len(targets)
        gone = Edit(procfile.source.path, procfile.source.whole_line(line.span), "")
        yield META.found(
            procfile.source,
            span,
            f"{bare[:40]!r} {why}: {'the whole Procfile is rejected' if failing else 'the line is passed over'}",
            help="remove it, or write `name: command`",
            fix=Fix("Remove the line", Safety.UNSAFE, (gone,), reason="it may have been meant for something"),
            severity=Severity.ERROR if failing else META.severity,
            evidence=known(strict or targets, "procfile.unparsable_fails", "what an unreadable line does"),
            on=some(strict, targets) if failing else (),
        )

"""What looks like a comment is an argument.

## What it does

Finds `//` behind a command, followed by words, on platforms where it begins no comment. A `#` behind a blank and
outside of quotes is a comment everywhere.

## Why is this bad

The line goes to a shell, which knows `#` but not `//`: the words of the comment become arguments of the program.
Dokku's parser of Procfiles takes `//` for a comment, so that a command means one thing there and another elsewhere.

## Fix safety

Safe: `//` becomes `#`.

## References

- [heroku/procfile, grammar](https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md)
- [Dokku: the Procfile format](https://dokku.com/docs/appendices/file-formats/procfile/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, having, known, readers, some, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import Procfile

META = Rule("BP220", "comment-in-command", "procfile", Severity.WARNING)

EXAMPLES = (
    bad("web: gunicorn app:app «//» the site\n", fixed="web: gunicorn app:app # the site\n"),
    bad("web: python w.py «//» later\n", fixed="web: python w.py # later\n", on="heroku-fir"),
    ok("web: gunicorn app:app # the site\n", on=("heroku", "heroku-fir", "dokku")),
    ok("web: gunicorn app:app // the site\n", on="dokku", title="taken for a comment there"),
    ok("web: python fetch.py https://example.org //host/share\n", title="no word of its own"),
    ok('web: gunicorn app:app --name "site // 1"\n', title="in quotes"),
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report marks of comments that the platform does not see."""
    targets = readers(app)
    on = having(targets, "procfile.slash_comments", False)
    if not on or another_format(procfile):
        return
    for process in procfile.processes:
        if " // " not in process.command:
            continue
        script = app.script(process.command, process.command_span.start)
        for word in (w for command in script.commands for w in command.arguments if w.text == "//"):
            edit = Edit(procfile.source.path, word.span, "#")
            yield META.found(
                procfile.source,
                word.span,
                f"`//` is no comment on {titles(on)} but an argument of the program",
                help="write #",
                fix=Fix("Write # instead", Safety.SAFE, (edit,)),
                evidence=known(on, "procfile.slash_comments", "// is no comment"),
                on=some(on, targets),
            )
            break

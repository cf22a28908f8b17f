"""A line of the Procfile goes on in the next one.

## What it does

Finds commands that end in a backslash.

## Why is this bad

A Procfile has one process type a line, and no platform joins lines. The command is started without what follows, and
the lines that follow are taken for process types or rejected.

## Fix safety

Safe: the lines are joined.

## References

- [heroku/procfile, grammar](https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md)
- [procfile-util](https://github.com/dokku/procfile-util)
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, fact
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import Procfile

META = Rule("BP218", "continued-line", "procfile", Severity.ERROR)

EXAMPLES = (
    bad(
        "web: gunicorn app:app «\\»\n  --workers 2 «\\»\n  --preload\nworker: python w.py\n",
        fixed="web: gunicorn app:app --workers 2 --preload\nworker: python w.py\n",
    ),
    bad("web: gunicorn app:app «\\»\n", fixed="web: gunicorn app:app\n", title="nothing follows"),
    ok("web: gunicorn app:app --workers 2\n"),
    ok("# web: gunicorn app:app \\\nweb: gunicorn app:app\n", title="in a comment"),
)

_URL = "https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md"


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report each backslash at the end of a line, comments aside."""
    if another_format(procfile):
        return
    lines = procfile.source.lines
    comments = {line.span.start for line in procfile.comments}
    for line, after in pairwise([*lines, None]):
        assert line is not None
        bare = line.text.rstrip()
        if not bare.endswith("\\") or line.span.start in comments:
            continue
        at = line.span.start + len(bare) - 1
        start = line.span.start + len(bare[:-1].rstrip())
        rest = after.text.strip() if after is not None else ""
        end = (
            after.span.start + len(after.text) - len(after.text.lstrip())
            if after is not None and rest
            else at + 1
        )
        edit = Edit(procfile.source.path, Span(start, end), " " if rest else "")
        yield META.found(
            procfile.source,
            Span(at, at + 1),
            "no platform joins lines of a Procfile: what follows this backslash is lost",
            help="write the command on one line",
            fix=Fix("Join the lines", Safety.SAFE, (edit,)),
            evidence=[fact("one process type a line", _URL)],
        )

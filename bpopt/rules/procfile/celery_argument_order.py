"""Celery refuses its arguments in this order.

## What it does

Finds `celery worker -A app`, the order of Celery 4, where the requirements lead to Celery 5 or do not tell.

## Why is this bad

Since Celery 5 the options of the whole program, `-A` first among them, must stand before the sub-command. Otherwise it
ends with "You are using `-A` as an option of the worker sub-command", and the worker never starts.

## Fix safety

Safe: the option and its value move before the sub-command, where Celery 4 takes them too.

## References

- [Celery 5.0: what's new, the command line](https://docs.celeryq.dev/en/stable/history/whatsnew-5.0.html)
- [Celery: command line](https://docs.celeryq.dev/en/stable/reference/cli.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.web import unwrap
from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, fact
from bpopt.rules.versions import at_least
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.command import Command, Word
    from bpopt.documents.procfile import Procfile
    from bpopt.text import Source

META = Rule("BP217", "celery-argument-order", "procfile", Severity.ERROR)

EXAMPLES = (
    bad(
        {"Procfile": "worker: celery worker «-A app» -l info\n", "requirements.txt": "celery==5.4.0\n"},
        fixed={"Procfile": "worker: celery -A app worker -l info\n"},
        severity="error",
    ),
    bad("worker: celery worker «--app=app»\n", fixed="worker: celery --app=app worker\n", severity="warning"),
    bad("beat: celery beat -l info «-A app»\n", fixed="beat: celery -A app beat -l info\n"),
    ok("worker: celery -A app worker -l info\n"),
    ok({"Procfile": "worker: celery worker -A app\n", "requirements.txt": "celery==4.4.7\n"}),
    ok("worker: python manage.py celery worker -A app\n", title="another program"),
    ok("worker: celery -A app worker -A b\n", title="the first one is in its place"),
)

_SUBCOMMANDS = frozenset(
    {"worker", "beat", "events", "inspect", "control", "purge", "status", "multi", "flower"}
)
_APP = ("-A", "--app")
_RELEASES = ("5.6.0", "5.5.3", "5.4.0", "5.3.6", "5.2.7", "5.1.2", "5.0.5")
_URL = "https://docs.celeryq.dev/en/stable/history/whatsnew-5.0.html"


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report an app that is named behind the sub-command."""
    if another_format(procfile):
        return
    new = at_least(app, "celery", "5", _RELEASES)
    if new is False:
        return
    for process in procfile.processes:
        script = app.script(process.command, process.command_span.start)
        for command in script.commands if "celery" in process.command else ():
            misplaced = _misplaced(unwrap(command))
            if misplaced is None or script.errors:
                continue
            sub, span = misplaced
            yield META.found(
                procfile.source,
                span,
                f"Celery 5 takes {procfile.source.text[slice(*span)].split('=')[0].split()[0]} only before {sub.text}",
                help=f"write celery {procfile.source.text[slice(*span)]} {sub.text} ...",
                fix=_fix(procfile.source, sub, span),
                severity=META.severity if new else Severity.WARNING,
                evidence=[fact("global options stand before the sub-command", _URL)],
            )


def _misplaced(command: Command) -> tuple[Word, Span] | None:
    """The sub-command of celery, and the option behind it that belongs before it."""
    words = command.words
    if command.program != "celery" or len(words) < 2 or words[1].value not in _SUBCOMMANDS:
        return None
    for at, word in enumerate(words[2:], 2):
        if word.text.startswith("--app="):
            return words[1], word.span
        if word.text in _APP and at + 1 < len(words):
            return words[1], Span(word.span.start, words[at + 1].span.end)
    return None


def _fix(source: Source, sub: Word, span: Span) -> Fix:
    text = source.text[slice(*span)]
    before = len(source.text[: span.start].rstrip(" \t"))
    edits = (
        Edit(source.path, Span(sub.span.start, sub.span.start), f"{text} "),
        Edit(source.path, Span(before, span.end), ""),
    )
    return Fix(f"Move {text} before {sub.text}", Safety.SAFE, edits)

"""A process runs others in the background.

## What it does

Finds commands that send a program to the background with `&` and go on with another.

## Why is this bad

The platform watches one program for each container. When the one in the background ends nobody notices and nobody
starts it again; its memory counts for the other; it cannot be scaled by itself.

## Fix safety

Advice only: the program belongs into a process type of its own.

## References

- [Heroku: process types](https://devcenter.heroku.com/articles/procfile)
- [Docker: one concern for each container](https://docs.docker.com/engine/containers/multi-service_container/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, fact
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import Procfile

META = Rule("BP213", "background-process", "procfile", Severity.WARNING)

EXAMPLES = (
    bad("web: «celery -A a worker» & gunicorn app:app\n", message="celery runs in the background of web"),
    bad("web: «python bot.py» & «gunicorn app:app» & wait -n\n"),
    ok("web: gunicorn app:app\nworker: celery -A a worker\n"),
    ok("web: python seed.py && gunicorn app:app\n"),
    ok('web: sh -c "echo a & echo b"\n', title="a text"),
)

_SERVERS = frozenset({"gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve", "uwsgi"})


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report each program that nobody watches."""
    if another_format(procfile):
        return
    for process in procfile.processes:
        if "&" not in process.command:
            continue
        for command in app.script(process.command, process.command_span.start).commands:
            if command.background and command.words:
                yield META.found(
                    procfile.source,
                    Span(command.words[0].span.start, command.words[-1].span.end),
                    f"{command.program or 'a program'} runs in the background of {process.name}: "
                    "nobody notices when it ends",
                    help="leave its & out"
                    if command.program in _SERVERS
                    else f"give it a line of its own, such as `worker: {command.program or '...'} ...`",
                    evidence=[
                        fact(
                            "one process type, one program", "https://devcenter.heroku.com/articles/procfile"
                        )
                    ],
                )

"""The platform does not run the command in a shell.

## What it does

Finds `&&`, `||`, `;`, pipes and quoted blanks in commands for Dokku's herokuish, where the app is known to go there.

## Why is this bad

herokuish starts a process by `exec $(eval echo ...)`. Of `cd src && gunicorn app:app` it prints `cd src` instead of
running it, and starts gunicorn in the wrong folder; of `migrate && serve` the migration is only printed. What is
printed is cut at blanks, so quotes do not hold words together.

## Fix safety

Advice only: the command belongs into a script of the app, which the process then starts.

## References

- [herokuish, procfile.bash](https://github.com/gliderlabs/herokuish/blob/master/include/procfile.bash)
- [Dokku: a Procfile with cd](https://github.com/dokku/dokku/issues/5687)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, having, known, readers, some, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.command import Script
    from bpopt.documents.procfile import Procfile

META = Rule("BP214", "shell-not-supported", "procfile", Severity.ERROR)

EXAMPLES = (
    bad("web: «cd src && gunicorn app:app»\n", on="dokku", message="what stands before `&&` is printed"),
    bad("web: «python a.py | tee log»\n", on="dokku"),
    bad('web: «gunicorn app:app --access-logformat "%(h)s %(r)s"»\n', on="dokku", message="quotes"),
    ok("web: cd src && gunicorn app:app\n", on="heroku"),
    ok("web: gunicorn app:app --bind 0.0.0.0:${PORT:-5000}\n", on="dokku", title="expanded once"),
    ok('web: gunicorn "app:create_app()"\n', on="heroku-fir"),
    ok("web: cd src && gunicorn app:app\n", on=("heroku", "scalingo")),
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report what only a shell understands."""
    targets = readers(app)
    on = having(targets, "procfile.shell", "eval-words")
    if not on or not app.knows_target or another_format(procfile):
        return
    for process in procfile.processes:
        if not process.colon:
            continue  # no process type at all: another rule speaks
        script = app.script(process.command, process.command_span.start)
        why = _shell_only(script)
        if why:
            yield META.found(
                procfile.source,
                process.command_span,
                f"{titles(on)} starts this without a shell: {why}",
                help="put it into a script and start that, such as `web: bash bin/web`",
                severity=Severity.WARNING if why.startswith("the quotes") else META.severity,
                evidence=known(on, "procfile.shell", "how commands are run"),
                on=some(on, targets),
            )


def _shell_only(script: Script) -> str:
    operators = [o for o in ("&&", "||", "|", ";", "&") if o in script.operators]
    if operators:
        return f"what stands before `{operators[0]}` is printed and not run"
    words = (word for command in script.commands for word in command.words)
    quoted = next((w for w in words if w.text[:1] in ("'", '"') and " " in w.text), None)
    return f"the quotes of {quoted.text[:30]} do not hold its words together" if quoted is not None else ""

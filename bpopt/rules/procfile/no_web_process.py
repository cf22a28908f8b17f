"""Nothing serves the web.

## What it does

Finds Procfiles without a `web` process in apps whose requirements name a web framework.

## Why is this bad

Only `web` gets requests and a port. The buildpacks start nothing by themselves, so the app answers with an error page
(H14 on Heroku: no web processes running).

## Fix safety

No fix: what serves the app is for you to say. For a misspelt name see `process-name`.

## References

- [Heroku: the web process type](https://devcenter.heroku.com/articles/procfile#the-web-process-type)
- [Dokku: Procfile not found](https://github.com/dokku/dokku/issues/5747)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, having, known, readers, some, titles
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import Procfile

META = Rule("BP208", "no-web-process", "procfile", Severity.WARNING)

EXAMPLES = (
    bad(
        {"Procfile": "«worker»: celery -A a worker\n", "requirements.txt": "flask\n"},
        message="the app has flask",
    ),
    bad({"Procfile": "«release»: python manage.py migrate\n", "requirements.txt": "Django==5.2\ngunicorn\n"}),
    bad({"Procfile": "«»# to do\n", "requirements.txt": "flask\n"}, title="nothing at all"),
    ok({"Procfile": "worker: python bot.py\n", "requirements.txt": "aiogram\n"}, title="a bot serves nobody"),
    ok({"Procfile": "web: gunicorn app:app\n", "requirements.txt": "flask\n"}),
    ok({"Procfile": "Web: gunicorn app:app\n", "requirements.txt": "flask\n"}, title="process-name tells it"),
    ok({"Procfile": "worker: python bot.py\n", "requirements.txt": "flask\n", "heroku.yml": "build:\n"}),
    ok(
        {
            "Procfile": "worker: python bot.py\n",
            "requirements.txt": "flask\n",
            ".do/app.yaml": "services:\n- name: web\n  run_command: gunicorn app:app\n",
        },
        on="digitalocean",
        title="the app spec has the command",
    ),
)

_FRAMEWORKS = (
    "flask",
    "django",
    "fastapi",
    "starlette",
    "falcon",
    "bottle",
    "pyramid",
    "streamlit",
    "dash",
    "quart",
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report a Procfile of a web app that starts no web process."""
    if another_format(procfile) or app.webs or app.has("heroku.yml") or app.has("Dockerfile"):
        return
    if any(p.name.lower() == "web" for p in procfile.processes):
        return
    framework = next((r for name in _FRAMEWORKS if (r := app.requirement(name)) is not None), None)
    targets = readers(app)
    on = having(targets, "procfile.web_default", False)
    if framework is None or not on:
        return
    yield META.found(
        procfile.source,
        procfile.processes[0].name_span if procfile.processes else Span(0, 0),
        f"no web process, though the app has {framework.written}: nothing answers requests on {titles(on)}",
        help="add a line `web: ...` with the command that serves the app",
        evidence=known(on, "procfile.web_default", "no web process by default"),
        on=some(on, targets),
    )

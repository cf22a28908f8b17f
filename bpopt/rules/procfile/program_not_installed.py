"""A process starts a program that nothing installs.

## What it does

Finds commands whose program comes from a Python package that the requirements do not name: gunicorn, uvicorn,
celery, waitress and others. Quiet where the requirements do not tell everything: other package managers, folders and
addresses among them, packages that are known to bring the program along.

## Why is this bad

The build goes well and the process ends at once: `gunicorn: command not found`.

## Fix safety

Unsafe: the package is added at the end of requirements.txt, without a version.

## References

- [Dokku: gunicorn not found](https://github.com/dokku/dokku/issues/3542)
- [Heroku: deploying with gunicorn](https://devcenter.heroku.com/articles/python-gunicorn)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.web import unwrap
from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.packages import adding, installs
from bpopt.rules.procfile import fact, scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.command import Script
    from bpopt.text import Span

META = Rule("BP209", "program-not-installed", "app", Severity.ERROR)

EXAMPLES = (
    bad(
        {"Procfile": "web: «gunicorn» app:app\n", "requirements.txt": "flask==3.1.3\n"},
        fixed={"requirements.txt": "flask==3.1.3\ngunicorn\n"},
        safety="unsafe",
        severity="error",
    ),
    bad(
        {
            "Procfile": "web: waitress-serve app:app\nworker: «celery» -A a worker\n",
            "requirements.txt": "waitress",
        },
        fixed={"requirements.txt": "waitress\ncelery\n"},
        safety="unsafe",
        severity="warning",
        title="celery may come with another package",
    ),
    bad(
        {".do/app.yaml": "services:\n- run_command: «gunicorn» app:app\n", "requirements.txt": "flask\n"},
        on="digitalocean",
        fixed={"requirements.txt": "flask\ngunicorn\n"},
        safety="unsafe",
    ),
    ok({"Procfile": "web: gunicorn app:app\n", "requirements.txt": "flask\ngunicorn==27.0.1\n"}),
    ok({"Procfile": "web: gunicorn app:app\n"}, title="no requirements to look in"),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "-r requirements/prod.txt\n"},
        title="an include",
    ),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "-e .\n"}, title="its needs are not known"
    ),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "mlflow\n"},
        title="mlflow brings gunicorn",
    ),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "flask\n", "Pipfile": ""},
        title="Pipenv decides",
    ),
    ok(
        {"Procfile": "web: uvicorn app:app\n", "requirements.txt": "fastapi[standard]\n"},
        title="an extra brings it",
    ),
    ok(
        {"Procfile": "web: bin/gunicorn app:app\n", "requirements.txt": "flask\n"},
        title="a program of the app",
    ),
    ok(
        {"Procfile": "web: pip install gunicorn && gunicorn a:a\n", "requirements.txt": "flask\n"},
        title="installed there",
    ),
)

# Program -> the distribution that has it, then those known to bring it along.
_PROGRAMS = {
    "gunicorn": ("gunicorn", "mlflow", "uvicorn-worker", "seldon-core", "apache-superset", "apache-airflow"),
    "waitress-serve": ("waitress", "pyramid"),
    "hypercorn": ("hypercorn", "quart"),
    "daphne": ("daphne", "channels"),
    "uwsgi": ("uwsgi", "pyuwsgi"),
    "uvicorn": (
        *(
            "uvicorn",
            "uvicorn-worker",
            "gradio",
            "chainlit",
            "mlflow",
            "litellm",
            "prefect",
            "chromadb",
            "starlite",
        ),
        *(
            "fastapi-cli",
            "sanic",
            "ray",
            "reflex",
            "nicegui",
            "jupyverse",
            "zeroconf",
            "mcp",
            "fastmcp",
            "langserve",
        ),
    ),
    "celery": (
        "celery",
        "django-celery-beat",
        "django-celery-results",
        "flower",
        "celery-redbeat",
        "apache-airflow",
    ),
    "alembic": ("alembic", "flask-migrate", "mlflow", "optuna", "apache-airflow"),
    "streamlit": ("streamlit",),
    "rq": ("rq", "django-rq", "flask-rq2", "rq-scheduler"),
    "newrelic-admin": ("newrelic",),
    "ddtrace-run": ("ddtrace",),
    "opentelemetry-instrument": ("opentelemetry-instrumentation", "opentelemetry-distro"),
}
# Few packages bring these along, and they are in the table.
_SURE = frozenset({"gunicorn", "waitress-serve", "hypercorn", "daphne", "newrelic-admin", "ddtrace-run"})


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each program once."""
    seen: set[str] = set()
    for source, script in scripts(app):
        for program, span in _programs(script):
            names = _PROGRAMS[program]
            if program in seen or installs(app, names) is not False or _by_extra(app, names[0]):
                continue
            seen.add(program)
            yield META.found(
                source,
                span,
                f"{program} is not found: {names[0]} is not in the requirements",
                help=f"add {names[0]} to requirements.txt",
                fix=adding(names[0], app),
                severity=META.severity if program in _SURE else Severity.WARNING,
                evidence=[fact(f"{program} comes with {names[0]}", f"https://pypi.org/project/{names[0]}/")],
            )


def _programs(script: Script) -> Iterator[tuple[str, Span]]:
    """The known programs that a command starts, wrappers too; not if it installs something itself."""
    texts = [word.value for command in script.commands for word in command.words]
    if script.errors or "install" in texts or "sync" in texts:
        return
    for command in script.commands:
        for words in (command.words, unwrap(command).words):
            if words and words[0].value in _PROGRAMS:
                yield words[0].value or "", words[0].span


def _by_extra(app: App, name: str) -> bool:
    """Whether an extra of another requirement may bring a distribution."""
    extras = {
        e.lower() for document in app.requirement_files for r in document.requirements for e in r.extras
    }
    return bool(
        extras & {name, "standard", "all", "full", "server", "web", "daphne", "celery", "asgi", "wsgi"}
    )

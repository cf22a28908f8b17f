"""The worker class cannot be loaded.

## What it does

Finds worker classes that the gunicorn of the requirements does not have (`eventlet` since 26, `asgi` before 24,
`gaiohttp` since 20, names that never were), and those whose package the requirements do not name.

## Why is this bad

gunicorn ends with an error when it loads the class, after a build that went well: `--check-config` does not notice it.
Removing eventlet broke apps that had not changed a line, at their next build, because gunicorn was not pinned.

## Fix safety

Unsafe: a gunicorn that is not pinned is kept below 26 for eventlet, and a package that is missing is added to
requirements.txt. Which other class to use is for you to say.

## References

- [gunicorn news: 26.0.0 removes eventlet](https://gunicorn.org/news/)
- [gunicorn settings: worker_class](https://docs.gunicorn.org/en/stable/settings.html#worker-class)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import releases
from bpopt.documents.gunicorn import before
from bpopt.documents.requirements import allows
from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact
from bpopt.rules.packages import adding, installs
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP309", "unavailable-worker-class", "web", Severity.ERROR)

_EVENTLET = "web: gunicorn app:app -k «eventlet»\n"

EXAMPLES = (
    bad(
        {"Procfile": _EVENTLET, "requirements.txt": "eventlet\ngunicorn  # newest\n"},
        fixed={"requirements.txt": "eventlet\ngunicorn<26  # newest\n"},
        safety="unsafe",
        message="gunicorn 26 has no eventlet worker any more",
    ),
    bad(
        {"Procfile": _EVENTLET, "requirements.txt": "gunicorn[eventlet]\n"},
        fixed={"requirements.txt": "gunicorn[eventlet]<26\n"},
        safety="unsafe",
    ),
    bad(
        {"Procfile": _EVENTLET, "requirements.txt": "eventlet\ngunicorn>=20.1  # web\n"},
        fixed={"requirements.txt": "eventlet\ngunicorn>=20.1,<26  # web\n"},
        safety="unsafe",
    ),
    bad({"Procfile": _EVENTLET, "requirements.txt": "gunicorn==27.0.1\n"}, message="no eventlet"),
    bad({"Procfile": "web: gunicorn app:app -k «asgi»\n", "requirements.txt": "gunicorn==23.0.0\n"}),
    bad("web: gunicorn app:app -k «gthreads»\n", message="did you mean 'gthread'?"),
    bad(
        {"Procfile": "web: gunicorn app:app -k «gevent»\n", "requirements.txt": "gunicorn\nflask\n"},
        fixed={"requirements.txt": "gunicorn\nflask\ngevent\n"},
        safety="unsafe",
        severity="warning",
        message="gevent is not in the requirements",
    ),
    bad(
        {
            "Procfile": "web: gunicorn m:app -k «uvicorn.workers.UvicornWorker»\n",
            "requirements.txt": "gunicorn\n",
        },
        fixed={"requirements.txt": "gunicorn\nuvicorn\n"},
        safety="unsafe",
        severity="warning",
    ),
    ok(
        {
            "Procfile": "web: gunicorn app:app -k eventlet\n",
            "requirements.txt": "gunicorn==25.3.0\neventlet\n",
        }
    ),
    ok({"Procfile": "web: gunicorn app:app -k eventlet\n"}, title="no requirements to tell the release"),
    ok({"Procfile": "web: gunicorn app:app -k gevent\n", "requirements.txt": "gunicorn[gevent]\n"}),
    ok({"Procfile": "web: gunicorn app:app -k gevent\n", "requirements.txt": "gunicorn\ngevent-websocket\n"}),
    ok({"Procfile": "web: gunicorn app:app -k mine.Worker\n", "requirements.txt": "gunicorn\n"}),
    ok("web: gunicorn app:app -k $WORKER\n"),
)

_ALWAYS = ("sync", "gthread", "gevent", "gevent_wsgi", "gevent_pywsgi", "tornado")
_WITH_EVENTLET = "25.3.0"  # the last such release
_NEWS = "https://gunicorn.org/news/"
# Worker classes -> the distributions that bring what they need (the first is the one to name).
_NEEDS = {
    "gevent": ("gevent", "gevent-websocket", "grequests", "locust", "geventhttpclient"),
    "gevent_wsgi": ("gevent", "gevent-websocket", "grequests", "locust"),
    "gevent_pywsgi": ("gevent", "gevent-websocket", "grequests", "locust"),
    "eventlet": ("eventlet",),
    "tornado": ("tornado", "jupyter", "notebook", "bokeh", "streamlit", "flower"),
    "geventwebsocket.gunicorn.workers.GeventWebSocketWorker": ("gevent-websocket",),
    "uvicorn_worker.UvicornWorker": ("uvicorn-worker",),
    "uvicorn_worker.UvicornH11Worker": ("uvicorn-worker",),
}
_UVICORN = ("uvicorn", "uvicorn-worker", "gradio", "chainlit", "mlflow", "prefect", "litellm", "chromadb")


class _Wrong(NamedTuple):
    message: str
    help: str
    severity: Severity = Severity.ERROR
    fix: Fix | None = None


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a class that gunicorn cannot load."""
    setup = app.gunicorn(web)
    given = setup.given("worker_class") if setup is not None else None
    if given is None or given.value is None or given.source is None or given.span is None:
        return
    wrong = _absent(given.value, app) or _not_installed(given.value, app)
    if wrong is None:
        return
    at = given.source.text.find(given.value, given.span.start, given.span.end)
    span = Span(at, at + len(given.value)) if at >= 0 else given.span
    yield META.found(
        given.source,
        span,
        wrong.message,
        help=wrong.help,
        fix=wrong.fix,
        severity=wrong.severity,
        evidence=[fact("worker classes of gunicorn 27.0.1 and when they came and went", _NEWS)],
    )


def _absent(name: str, app: App) -> _Wrong | None:
    """A class that no release the app may get has."""
    may = releases(app)
    if name == "eventlet":
        gone = [not before(version, "26") for version in may]
        if not all(gone):
            return None
        # The pin alone would be no help without eventlet itself.
        fix = _pin(app) if _not_installed(name, app) is None else None
        advice = "keep gunicorn below 26, or use gevent or gthread"
        return _Wrong("gunicorn 26 has no eventlet worker any more", advice, fix=fix)
    if name == "asgi":
        old = all(before(version, "24") for version in may)
        return _Wrong("gunicorn has an asgi worker since release 24", "use a newer gunicorn") if old else None
    if name in _ALWAYS or "." in name or name.startswith("egg:"):
        return None
    from bpopt.suggest import meant

    classes = ", ".join(_ALWAYS[:3])
    return _Wrong(
        f"gunicorn has no worker class {name}{meant(name, (*_ALWAYS, 'asgi'))}", f"use {classes} or a path"
    )


def _not_installed(name: str, app: App) -> _Wrong | None:
    """A class whose package none of the requirements brings, as far as that is known."""
    needed = _NEEDS.get(name, _UVICORN if name.startswith("uvicorn.workers.") else ())
    extra = app.requirement("gunicorn")
    if not needed or installs(app, needed) is not False or (extra is not None and needed[0] in extra.extras):
        return None
    # eventlet alone is no help where the newest gunicorn, which has no such worker, is what pip installs.
    fix = adding(needed[0], app) if name != "eventlet" or before(releases(app)[-1], "26") else None
    message = f"the worker class needs {needed[0]}, and {needed[0]} is not in the requirements"
    return _Wrong(message, f"add {needed[0]} to requirements.txt", Severity.WARNING, fix)


def _pin(app: App) -> Fix | None:
    entry = app.requirement("gunicorn")
    source = next((d.source for d in app.requirement_files if entry in d.requirements), None)
    if entry is None or source is None or entry.url or not allows(entry, _WITH_EVENTLET):
        return None
    at = entry.specifier_span.end if entry.specifier else entry.name_span.end
    if entry.extras and not entry.specifier:
        at = source.text.find("]", at) + 1
    edit = Edit(source.path, Span(at, at), ",<26" if entry.specifier else "<26")
    return Fix("Keep gunicorn below 26", Safety.UNSAFE, (edit,), reason="an older gunicorn is installed")

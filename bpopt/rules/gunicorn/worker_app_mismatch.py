"""The worker speaks another protocol than the app.

## What it does

Finds ASGI apps (FastAPI, Starlette, Quart, Django's `asgi.py`) on a WSGI worker, and WSGI apps (Flask, Bottle,
Django's `wsgi.py`) on an ASGI worker. What the app is, is read from the source of the module that gunicorn loads.

## Why is this bad

gunicorn starts, `--check-config` is content, and every request is answered with 500: tried with 27.0.1 for ASGI on
the sync and gthread workers and for WSGI on the asgi worker.

## Fix safety

Unsafe: for an ASGI app gunicorn's own asgi worker (24 and newer) or that of `uvicorn-worker`, if the requirements
have it. A WSGI app just needs its worker class taken out.

## References

- [gunicorn settings: worker_class](https://docs.gunicorn.org/en/stable/settings.html#worker-class)
- [Uvicorn: running with gunicorn](https://www.uvicorn.org/deployment/#gunicorn)
- [ASGI: the application interface](https://asgi.readthedocs.io/en/latest/specs/main.html#applications)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.gunicorn_setup import releases
from bpopt.documents.gunicorn import before
from bpopt.finding import Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import appended, name_span, removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.web import Web

META = Rule("BP310", "worker-app-mismatch", "web", Severity.ERROR)

_API = "from fastapi import FastAPI\napp = FastAPI()\n"
_FLASK = "import flask\napp = flask.Flask(__name__)\n"

EXAMPLES = (
    bad(
        {
            "Procfile": "web: «gunicorn» main:app\n",
            "main.py": _API,
            "requirements.txt": "fastapi\ngunicorn\n",
        },
        fixed={"Procfile": "web: gunicorn main:app -k asgi\n"},
        safety="unsafe",
        message="main:app is an ASGI app",
    ),
    bad(
        {
            "Procfile": "web: «gunicorn» main:app\n",
            "main.py": _API,
            "requirements.txt": "gunicorn<24\nuvicorn-worker\n",
        },
        fixed={"Procfile": "web: gunicorn main:app -k uvicorn_worker.UvicornWorker\n"},
        safety="unsafe",
    ),
    bad(
        {"Procfile": "web: gunicorn app:app «-k uvicorn.workers.UvicornWorker»\n", "app.py": _FLASK},
        fixed={"Procfile": "web: gunicorn app:app\n"},
        safety="unsafe",
        message="app:app is a WSGI app",
    ),
    bad(
        {
            "Procfile": "web: «gunicorn» shop.asgi:application\n",
            "shop/asgi.py": "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n",
            "requirements.txt": "gunicorn==23.0.0\n",
        },
    ),
    ok({"Procfile": "web: gunicorn main:app -k uvicorn.workers.UvicornWorker\n", "main.py": _API}),
    ok({"Procfile": "web: gunicorn main:app -k asgi\n", "main.py": _API}),
    ok({"Procfile": "web: gunicorn app:app\n", "app.py": _FLASK}),
    ok(
        {
            "Procfile": "web: gunicorn main:app\n",
            "main.py": _API + "from a2wsgi import ASGIMiddleware\napp = ASGIMiddleware(app)\n",
        },
        title="wrapped for the other protocol",
    ),
    ok("web: gunicorn main:app\n", title="nothing to read"),
)

_ASGI = frozenset({
    "fastapi.FastAPI", "starlette.applications.Starlette", "quart.Quart", "litestar.Litestar", "starlite.Starlite",
    "django.core.asgi.get_asgi_application", "channels.routing.ProtocolTypeRouter", "fastapi.applications.FastAPI",
    "blacksheep.Application", "sanic.Sanic",
})  # fmt: skip
_WSGI = frozenset({
    "flask.Flask", "bottle.Bottle", "django.core.wsgi.get_wsgi_application", "falcon.App", "falcon.API",
    "pyramid.config.Configurator().make_wsgi_app", "flask.app.Flask",
})  # fmt: skip
_WSGI_WORKERS = frozenset({"sync", "gthread", "gevent", "gevent_wsgi", "gevent_pywsgi", "eventlet"})
_ASGI_WORKERS = frozenset({"asgi", "uvicornworker", "uvicornh11worker"})


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report an app that its worker cannot call."""
    setup = app.gunicorn(web)
    worker = setup.worker if setup is not None else None
    if setup is None or worker is None or setup.wsgi is None:
        return
    kind = _kind(setup, app)
    if (kind == "ASGI" and worker in _WSGI_WORKERS) or (kind == "WSGI" and worker in _ASGI_WORKERS):
        given = setup.given("worker_class")
        yield META.found(
            given.source if given is not None and given.source is not None else web.source,
            given.span if given is not None and given.span is not None else name_span(web),
            f"{setup.wsgi} is {'an' if kind == 'ASGI' else 'a'} {kind} app, "
            f"which the {setup.worker_name} worker cannot call: every request ends with 500",
            help="use an ASGI worker" if kind == "ASGI" else "leave the worker class out, or wrap the app",
            fix=_fix(kind, setup, web, app),
            evidence=[
                Evidence(
                    "measurement", "an app of each kind on each worker, gunicorn 27.0.1", "", "2026-11-24"
                )
            ],
        )


def _kind(setup: Setup, app: App) -> str:
    """ASGI or WSGI, empty if the source does not say."""
    made = app.made_of(setup)
    if made is None:
        return ""
    return "ASGI" if made in _ASGI else "WSGI" if made in _WSGI else ""


def _fix(kind: str, setup: Setup, web: Web, app: App) -> Fix | None:
    given = setup.given("worker_class")
    if kind == "WSGI":
        title = "Leave the worker class out"
        return (
            removal(setup, "worker_class", title, Safety.UNSAFE, "the kind of worker changes")
            if given is not None
            else None
        )
    if given is not None:
        return None
    if app.requirement("uvicorn-worker") is not None:
        name = "uvicorn_worker.UvicornWorker"
    elif not before(releases(app)[0], "24"):
        name = "asgi"
    else:
        return None
    return appended(web, f"-k {name}", f"Use the worker {name}", Safety.UNSAFE, "the kind of worker changes")

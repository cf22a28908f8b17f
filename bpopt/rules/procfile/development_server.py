"""The web process is a development server.

## What it does

Finds web commands that start the server of a framework made for development: `python app.py` where that file calls
Flask's or Dash's `run()`, `flask run`, Django's `manage.py runserver`, and Python's own `http.server`. The file is read
as syntax, not run.

## Why is this bad

These servers are made for one developer: Flask and Django say themselves not to use them in production. Without
a host they listen on 127.0.0.1, where the platform cannot reach them, so the deploy ends with R10 on Heroku or a
failed health check on DigitalOcean; then this is an error.

## Fix safety

Unsafe: gunicorn takes its place where the requirements have it and the WSGI app can be told. What else the script
does before `run()` would not happen any more.

## References

- [Flask: deploying to production](https://flask.palletsprojects.com/en/stable/deploying/)
- [Django: runserver](https://docs.djangoproject.com/en/stable/ref/django-admin/#runserver)
- [Python: http.server is not for production](https://docs.python.org/3/library/http.server.html)
- [R10 with app.run() in the Procfile](https://github.com/keeganhines/snowman/issues/4)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.app.servers import LOCAL, PORT, behind_proxy, expected
from bpopt.finding import Edit, Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import fact
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web
    from bpopt.documents.python_source import PythonSource

META = Rule("BP205", "development-server", "web", Severity.WARNING)

_FLASK = "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run({})\n"
_REQUIREMENTS = {"requirements.txt": "flask\ngunicorn\n"}
_WEB = "web: «python app.py»\n"

EXAMPLES = (
    bad(
        {"Procfile": _WEB, "app.py": _FLASK.format("debug=True"), **_REQUIREMENTS},
        fixed={"Procfile": "web: gunicorn app:app\n"},
        safety="unsafe",
        severity="error",
        message="listens on 127.0.0.1",
    ),
    bad(
        {
            "Procfile": _WEB,
            "app.py": _FLASK.format("host='0.0.0.0', port=5000"),
            "requirements.txt": "flask\n",
        },
        severity="error",
        title="a port that nobody asks, and no gunicorn to use instead",
    ),
    bad(
        {"Procfile": _WEB, "app.py": _FLASK.format("'0.0.0.0', int(os.environ['PORT'])"), **_REQUIREMENTS},
        fixed={"Procfile": "web: gunicorn app:app\n"},
        safety="unsafe",
        severity="warning",
        title="it can be reached",
    ),
    bad("web: «flask run»\n", severity="error"),
    bad("web: «flask run --host 0.0.0.0 --port $PORT»\n", severity="warning"),
    bad(
        {
            "Procfile": "web: «python manage.py runserver»\n",
            "shop/wsgi.py": "",
            "requirements.txt": "gunicorn\n",
        },
        fixed={"Procfile": "web: gunicorn shop.wsgi\n"},
        safety="unsafe",
        severity="error",
    ),
    bad("web: «python manage.py runserver 0.0.0.0:$PORT»\n", severity="warning"),
    bad("web: python -m «http.server»\n", severity="error", message="listens on port 8000"),
    bad("web: python -m «http.server $PORT»\n", severity="warning"),
    ok("web: python app.py\n", title="a file that is not there tells nothing"),
    ok({"Procfile": "web: python bot.py\n", "bot.py": "import bot\nbot.run()\n"}, title="no web framework"),
    ok({"Procfile": "web: python app.py\n", "app.py": "from waitress import serve\nserve(app, port=1)\n"}),
    ok({"Procfile": "web: gunicorn app:app\n", "app.py": _FLASK.format("")}, title="run() is for the desk"),
    ok(
        {"Procfile": "web: python app.py\n", "app.py": "from gevent import pywsgi\n" + _FLASK.format("")},
        title="either",
    ),
    ok("web: python manage.py migrate && gunicorn shop.wsgi\n", title="the server comes after it"),
)

_FLASK_URL = "https://flask.palletsprojects.com/en/stable/deploying/"
_HTTP_URL = "https://docs.python.org/3/library/http.server.html"
_DJANGO_URL = "https://docs.djangoproject.com/en/stable/ref/django-admin/#runserver"
_SERVERS = (
    "waitress",
    "gevent",
    "eventlet",
    "hypercorn",
    "uvicorn",
    "gunicorn",
    "cheroot",
    "bjoern",
    "tornado",
)
_FRAMEWORKS = ("flask", "dash", "quart", "flask_restful", "flask_cors")


class Server(NamedTuple):
    """A development server: its name, host and port (PORT for the variable, None if not known), where it is made."""

    name: str
    host: str | None
    port: str | None
    url: str
    label: Label | None = None
    wsgi: str | None = None


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a web command that ends in a development server."""
    server = _server(web, app)
    if server is None:
        return
    unreachable = "" if behind_proxy(web) else _unreachable(server, web, app)
    span = Span(web.final.words[0].span.start, web.final.words[-1].span.end)
    yield META.found(
        web.source,
        span,
        f"{server.name} is a development server{unreachable}",
        help="start the app with gunicorn"
        + ("" if app.requirement("gunicorn") else ", added to the requirements"),
        fix=_fix(server, web, app, span),
        severity=Severity.ERROR if unreachable else META.severity,
        labels=[server.label] if server.label else (),
        evidence=[fact("not for production, by its own documentation", server.url)],
    )


def _server(web: Web, app: App) -> Server | None:
    program, words = web.final.program or "", web.final.words
    values = [word.value for word in words]
    if program == "flask" and "run" in values:
        host = _option(web, ("-h", "--host")) or _env(app, "FLASK_RUN_HOST") or "127.0.0.1"
        port = _option(web, ("-p", "--port")) or _env(app, "FLASK_RUN_PORT") or "5000"
        return Server("flask run", host, port, _FLASK_URL)
    if program == "http.server":
        port = next((w.text for w in web.final.arguments if not w.text.startswith("-")), "8000")
        return Server("Python's http.server", _option(web, ("-b", "--bind")), port, _HTTP_URL)
    if not program.startswith("python"):
        return None
    script = next((v for v in values[1:] if v and v.endswith(".py")), None)
    if script is None:
        return None
    if script.endswith("manage.py"):
        return _runserver(web) if "runserver" in values else None
    return _script(script, web, app)


def _env(app: App, name: str) -> str | None:
    return next((p.value for p in app.env if p.name == name and p.run), None)


def _option(web: Web, flags: tuple[str, ...]) -> str | None:
    texts = [word.text.strip("\"'") for word in web.final.words]
    for at, text in enumerate(texts):
        flag, equals, value = text.partition("=")
        if flag in flags:
            return value if equals else next(iter(texts[at + 1 : at + 2]), None)
    return None


def _runserver(web: Web) -> Server:
    texts = [word.text.strip("\"'") for word in web.final.words]
    after = [t for t in texts[texts.index("runserver") + 1 :] if not t.startswith("-")]
    host, colon, port = after[0].rpartition(":") if after else ("127.0.0.1", ":", "8000")
    name = "Django's runserver"
    return Server(name, host if colon else "127.0.0.1", port, _DJANGO_URL)


def _script(script: str, web: Web, app: App) -> Server | None:
    """The `run()` of Flask or Dash in a script."""
    from bpopt.app.gunicorn_setup import conf_path, started_in

    folder = started_in(web)
    path = conf_path(script, folder or "") if folder is not None else None
    python = app.python(path) if path is not None else None
    if python is None or path is None:
        return None
    frameworks = [i for i in python.imports if i.full.partition(".")[0] in _FRAMEWORKS]
    if any(i.full.startswith(_SERVERS) for i in python.imports):
        return None  # it may choose between the two at run time
    for call in python.calls if frameworks else ():
        base, _, method = call.name.rpartition(".")
        if method in ("run", "run_server") and base in (
            "app",
            "application",
            "server",
            "flask_app",
            "dash_app",
        ):
            host, port = _argument(call.node, "host", 0), _argument(call.node, "port", 1)
            label = Label(python.source, call.span, "started here")
            top = _top_names(python)
            wsgi = f"{path[:-3].replace('/', '.')}:{base}" if base in top and not folder else None
            dash = frameworks[0].full.startswith("dash")
            name = "Dash's run()" if dash else "Flask's run()"
            defaults = ("127.0.0.1", "8050" if dash else "5000")
            wsgi = None if dash else wsgi
            return Server(name, host or defaults[0], port or defaults[1], _FLASK_URL, label, wsgi)
    return None


def _argument(node: Any, name: str, position: int) -> str | None:
    """A literal argument as text, `?` for one that is not, None if it is not given."""
    given = next((k.value for k in node.keywords if k.arg == name), None)
    if given is None and len(node.args) > position:
        given = node.args[position]
    if given is None:
        return "?" if any(k.arg is None for k in node.keywords) else None
    return str(given.value) if type(given).__name__ == "Constant" else "?"


def _top_names(python: PythonSource) -> set[str]:
    """The names that the module has when it is imported."""
    body = python.syntax.module.body if python.syntax.module else ()
    targets = (t for s in body if type(s).__name__ == "Assign" for t in s.targets)  # type: ignore[attr-defined]
    return {t.id for t in targets if type(t).__name__ == "Name"}


def _unreachable(server: Server, web: Web, app: App) -> str:
    """Why the platform does not reach it, to go on with after the message; empty if it may."""
    if server.host is not None and server.host.startswith(LOCAL):
        return f" that listens on {server.host}, where only this container can reach it"
    if server.port is None or not server.port.isdigit():
        return ""
    ports = [expected(web, app, target) for target in web.targets]
    if ports and all(p is not None and str(p) != server.port for p in ports):
        return f" that listens on port {server.port} and not on {ports[0] or PORT}"
    return ""


def _fix(server: Server, web: Web, app: App, span: Span) -> Fix:
    title, reason = "Start the app with gunicorn", "gunicorn runs only what importing the module runs"
    wsgi = server.wsgi or (_django(web, app) if server.url == _DJANGO_URL else None)
    if wsgi is None or app.requirement("gunicorn") is None:
        return Fix(
            title, Safety.DISPLAY, reason=reason if wsgi is None else "gunicorn is not in the requirements"
        )
    return Fix(title, Safety.UNSAFE, (Edit(web.source.path, span, f"gunicorn {wsgi}"),), reason=reason)


def _django(web: Web, app: App) -> str | None:
    """The one `package/wsgi.py` beside manage.py."""
    if web.final.words[1].value != "manage.py":
        return None
    found = [path for path, _ in app.files.walk() if path.endswith("/wsgi.py") and path.count("/") == 1]
    return f"{found[0][:-8]}.wsgi" if len(found) == 1 else None

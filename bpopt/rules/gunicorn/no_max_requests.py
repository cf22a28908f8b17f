"""gunicorn's workers are never renewed.

## What it does

Finds gunicorn commands without `--max-requests`: workers that live as long as the container.

## Why is this bad

A worker that leaks memory grows until the platform kills it, in the middle of requests. `--max-requests 1000`
replaces a worker after about a thousand requests, between two of them; `--max-requests-jitter 100` spreads that,
so that not all workers start anew together. It is a precaution: an app that leaks nothing gains nothing.

## Fix safety

Safe if a new worker is cheap: with `--preload`, or with nothing heavy to import. Where heavy libraries are loaded
again for each worker it is unsafe unless `--preload` is safe too (which the fix of `no-preload` then adds).
Measured with 2 workers that load face-recognition models: a flood of trivial requests fell to 0.18 of its
rate without `--preload` and to 0.48 with it; at 8 photos a second the loss was under 2 %. Unsafe as well with one
worker (nobody answers while it starts), with WebSockets, and where requests keep something in variables of a module.

## References

- [gunicorn settings: max_requests](https://docs.gunicorn.org/en/stable/settings.html#max-requests)
- [gunicorn settings: max_requests_jitter](https://docs.gunicorn.org/en/stable/settings.html#max-requests-jitter)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Impact, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import appended, fact, name_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.web import Web

META = Rule("BP302", "no-max-requests", "web", Severity.INFO)

# Distributions for connections that stay open.
_LONG_LIVED = ("flask-socketio", "python-socketio", "channels", "flask-sock", "gevent-websocket")
_OPTIONS = "--max-requests 1000 --max-requests-jitter 100"
_FLASK = "from flask import Flask\napp = Flask(__name__)\n"
_HEAVY = _FLASK + "import pandas\nfrom pymongo import MongoClient\nclient = MongoClient('x')\n"
_COUNTS = (
    _FLASK + "seen = 0\n@app.get('/')\ndef count():\n    global seen\n    seen += 1\n    return str(seen)\n"
)
_WEB = "web: gunicorn app:app -w 2\n"
_MARKED = "web: «gunicorn» app:app -w 2\n"
_FIXED = {"Procfile": f"web: gunicorn app:app -w 2 {_OPTIONS}\n"}

EXAMPLES = (
    bad({"Procfile": _MARKED, "app.py": _FLASK}, fixed=_FIXED),
    bad(
        {"Procfile": _MARKED, "app.py": _FLASK + "import pandas\n"},
        fixed=_FIXED,
        title="--preload comes with it",
    ),
    bad(
        {"Procfile": _MARKED, "app.py": _HEAVY},
        fixed=_FIXED,
        safety="unsafe",
        title="each worker loads pandas again",
    ),
    bad(
        {"Procfile": _MARKED, "app.py": _COUNTS},
        fixed=_FIXED,
        safety="unsafe",
        title="what is counted is lost",
    ),
    bad({"Procfile": _MARKED}, fixed=_FIXED, safety="unsafe", title="nothing to read"),
    bad(
        {"Procfile": "web: «gunicorn» app:app -w 1\n", "app.py": _FLASK},
        fixed={"Procfile": f"web: gunicorn app:app -w 1 {_OPTIONS}\n"},
        safety="unsafe",
        title="one worker",
    ),
    bad(
        {"Procfile": _MARKED, "app.py": _FLASK, "requirements.txt": "gunicorn\nFlask-SocketIO\n"},
        fixed=_FIXED,
        safety="unsafe",
        title="open connections are cut",
    ),
    ok("web: gunicorn app:app --max-requests 500 --max-requests-jitter 50\n"),
    ok("web: gunicorn app:app --max-requests 0\n", title="turned off on purpose"),
    ok({"Procfile": _WEB, "gunicorn.conf.py": "max_requests = 800\n"}),
    ok("web: gunicorn ${GUNICORN_OPTIONS} app:app\n", title="the variable may hold it"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report workers that are never replaced."""
    setup = app.gunicorn(web)
    if setup is None or setup.given("max_requests") is not None:
        return
    options = "--max-requests 1000" if setup.given("max_requests_jitter") else _OPTIONS
    reason = _against(setup, web, app)
    safety = Safety.UNSAFE if reason else Safety.SAFE
    yield META.found(
        web.source,
        name_span(web),
        "workers are never renewed, so a memory leak grows until the platform kills them: no --max-requests",
        help=f"add {options}",
        fix=appended(web, options, f"Add {options}", safety, reason),
        impact=Impact(
            "a precaution: nothing is gained without a leak; each new worker costs what importing the app costs"
        ),
        evidence=[
            fact(
                "max_requests is 0 (off) by default",
                "https://docs.gunicorn.org/en/stable/settings.html#max-requests",
            ),
            Evidence(
                "measurement", "face-recognition app, 2 workers, 2 cores, gunicorn 27.0.1", "", "2026-11-23"
            ),
        ],
    )


def _against(setup: Setup, web: Web, app: App) -> str:
    """Why new workers may hurt this app, empty if nothing says so."""
    hazards = app.hazards(setup)
    if any(setup.workers(app, target) == 1 for target in web.targets):
        return "there is one worker: while it starts anew nobody answers"
    if any(app.requirement(name) is not None for name in _LONG_LIVED):
        return "each worker that is renewed cuts its open WebSockets"
    if not hazards.complete:
        return f"the app could not be read in full: {hazards.gaps[0]}"
    kept = next((h for h in hazards.threads if h.what.startswith("assigns")), None)
    if kept is not None:
        return f"{kept.place} {kept.what}, and which a new worker does not have"
    if hazards.heavy and setup.given("preload_app") is None and hazards.preload:
        first = hazards.heavy[0]
        return f"each new worker {first.what} again ({first.place}), and --preload is not safe here"
    return ""

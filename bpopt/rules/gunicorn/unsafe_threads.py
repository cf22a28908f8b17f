"""The app breaks when two threads are in it.

## What it does

Finds threads for an app in which requests use something that two threads must not use at once: a detector of dlib or
face_recognition, an SQLite connection or an OpenCV object of the module, pyplot. The app's source is read as
syntax; a lock around it, or one per thread, is no hazard.

## Why is this bad

Measured with face_recognition, whose functions share one detector, and 8 clients that post 4 different photos: with
`--threads 4` there were wrong answers, failed requests and crashed workers within 15 seconds, and none of them without
threads. A load test that repeats one photo does not show it. An SQLite connection of the module refuses every thread
but the one that made it.

## Fix safety

Advice only: keep one such thing per thread (`threading.local`), or take a lock around it. Without `--threads` the app
is right too, and answers one request at a time in each worker.

## References

- [face_recognition: one detector, several threads](https://github.com/ageitgey/face_recognition/issues/1409)
- [dlib: detectors and threads](https://github.com/davisking/dlib/issues/340)
- [sqlite3: check_same_thread](https://docs.python.org/3/library/sqlite3.html#sqlite3.connect)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Impact, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import THREADED, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP329", "unsafe-threads", "web", Severity.WARNING)

_FACES = "import face_recognition as fr\n@app.post('/')\ndef find():\n    {}return fr.face_locations(1)\n"
_SQLITE = "import sqlite3\ndb = sqlite3.connect('x')\n@app.get('/')\ndef find():\n    return db.execute('')\n"

EXAMPLES = (
    bad(
        {"Procfile": "web: gunicorn app:app «--threads 4»\n", "app.py": _FACES.format("")},
        message="app.py:4 uses face_recognition's one detector",
    ),
    bad(
        {"Procfile": "web: gunicorn app:app -w 2 «--threads=2»\n", "app.py": _SQLITE},
    ),
    ok({"Procfile": "web: gunicorn app:app\n", "app.py": _FACES.format("")}, title="one thread"),
    ok({"Procfile": "web: gunicorn app:app --threads 4\n", "app.py": _FACES.format("with lock: ")}),
    ok({"Procfile": "web: gunicorn app:app --threads 1\n", "app.py": _SQLITE}),
    ok(
        {
            "Procfile": "web: gunicorn app:app --threads 4\n",
            "app.py": "n = 0\ndef count():\n    global n\n    n += 1\n",
        },
        title="a counter of the module may be meant so",
    ),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report threads in an app that cannot have them."""
    setup = app.gunicorn(web)
    given = setup.given("threads") if setup is not None else None
    if setup is None or given is None or (given.number or 0) < 2 or setup.worker not in THREADED:
        return
    found = tuple(h for h in app.hazards(setup).threads if not h.what.startswith("assigns"))
    if not found or given.source is None or given.span is None:
        return
    yield META.found(
        given.source,
        given.span,
        f"{given.number} threads run the app at once, and {found[0].place} {found[0].what}",
        help="keep one per thread in a threading.local, or take a lock around it",
        fix=Fix("Remove --threads", Safety.DISPLAY, reason="better to mend that line"),
        labels=[Label(h.source, h.span, h.what) for h in found[:3]],
        impact=Impact("with face_recognition: wrong answers, and crashed workers within 15 seconds of load"),
        evidence=[
            *sources(found),
            Evidence("measurement", "8 clients, 4 photos, gunicorn 27.0.1, dlib 20.0.1", "", "2026-11-23"),
        ],
    )

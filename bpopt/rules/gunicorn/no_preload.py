"""Each gunicorn worker loads the app by itself.

## What it does

Finds gunicorn commands with several workers and without `--preload`.

## Why is this bad

Every worker imports the app and everything it needs, so libraries and models are in memory once for each of them.
With `--preload` the app is imported once, before the workers are forked, and they share those pages. Measured on
a face-recognition app with 2 workers: 0.57 of the memory idle, 0.69 after traffic (as PSS: sums of RSS count shared
pages twice and show the opposite). It starts in 0.94 of the time, and an app that cannot be imported fails at once
instead of again and again.

## Fix safety

The app's own source is read as syntax, from the module that gunicorn loads. Safe if all of it could be read and
importing it opens no connection and starts no thread, since forked workers would share the one and lack the other.
Otherwise unsafe, and the line is named. Unsafe too with gevent, whose patches must come before the imports.

## References

- [gunicorn settings: preload_app](https://docs.gunicorn.org/en/stable/settings.html#preload-app)
- [SQLAlchemy: connection pools and fork](https://docs.sqlalchemy.org/en/20/core/pooling.html#using-connection-pools-with-multiprocessing-or-os-fork)
- [gunicorn: threads and --preload](https://github.com/benoitc/gunicorn/issues/1666)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Impact, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import GREEN, Verdict, appended, fact, name_span, sources, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.hazards import Hazards
    from bpopt.app.web import Web

META = Rule("BP304", "no-preload", "web", Severity.WARNING)

_FLASK = "from flask import Flask\napp = Flask(__name__)\n"
_MARKED = "web: «gunicorn» app:app --workers 2\n"
_FIXED = {"Procfile": "web: gunicorn app:app --workers 2 --preload\n"}

EXAMPLES = (
    bad({"Procfile": _MARKED, "app.py": _FLASK}, fixed=_FIXED, severity="warning"),
    bad(
        {"Procfile": _MARKED, "app.py": _FLASK, "app.json": '{"stack": "heroku-24"}\n'},
        fixed=_FIXED,
        on=("heroku", "digitalocean"),
    ),
    bad(
        {
            "Procfile": _MARKED,
            "app.py": _FLASK + "import db\n",
            "db.py": "import psycopg2\nc = psycopg2.connect('')\n",
        },
        fixed=_FIXED,
        safety="unsafe",
        message="db.py:2 opens a PostgreSQL connection",
    ),
    bad(
        {
            "Procfile": _MARKED,
            "app.py": "from threading import Thread\nThread(target=print).start()\napp = 1\n",
        },
        fixed=_FIXED,
        safety="unsafe",
        message="app.py:2 starts a thread",
    ),
    bad({"Procfile": _MARKED}, fixed=_FIXED, safety="unsafe", severity="info", title="nothing to read"),
    bad(
        {"Procfile": "web: «gunicorn» app:app -k gevent -w 4\n", "app.py": _FLASK},
        fixed={"Procfile": "web: gunicorn app:app -k gevent -w 4 --preload\n"},
        safety="unsafe",
        title="gevent patches what must not be imported yet",
    ),
    bad(
        {"Procfile": "web: «gunicorn» app:app\n", "app.py": _FLASK},
        fixed={"Procfile": "web: gunicorn app:app --preload\n"},
        severity="info",
        title="Heroku chooses the number of workers",
    ),
    ok("web: gunicorn app:app --workers 2 --preload\n"),
    ok("web: gunicorn app:app --workers 1\n", title="one worker shares with nobody"),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "app.json": '{"env": {"WEB_CONCURRENCY": "1"}}\n'},
        title="one worker",
    ),
    ok("web: gunicorn app:app -w 2 --reload\n", title="the two do not go together"),
    ok(
        {"Procfile": "web: gunicorn app:app -w 2\n", "gunicorn.conf.py": "preload_app = False\n"},
        title="refused",
    ),
    ok("web: gunicorn $OPTIONS app:app -w 2\n", title="the variable may hold it"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report several workers that share nothing."""
    setup = app.gunicorn(web)
    if setup is None or setup.given("preload_app") is not None or setup.given("reload") is not None:
        return
    counts = [setup.workers(app, target) for target in web.targets]
    on = [t for t, count in zip(web.targets, counts, strict=True) if count is None or count > 1]
    if not on or 0 in counts:
        return
    hazards = app.hazards(setup)
    allowed = _verdict(setup, hazards)
    certain = all(count is not None for count in counts)
    yield META.found(
        web.source,
        name_span(web),
        f"each worker loads the app by itself: no --preload{allowed.suffix}",
        help="add --preload" + (" after moving that out of the import" if allowed.labels else ""),
        fix=appended(web, "--preload", "Add --preload", allowed.safety, allowed.reason),
        severity=META.severity if certain and allowed.safety is Safety.SAFE else Severity.INFO,
        labels=allowed.labels,
        impact=Impact(
            "measured on a face-recognition app with 2 workers: 0.57 of the memory (PSS) idle, 0.69 after traffic"
        ),
        evidence=[
            fact("preload_app loads the app before the workers are forked"),
            Evidence("measurement", "face-recognition app, 2 workers, gunicorn 27.0.1", "", "2026-11-23"),
            *sources(hazards.preload),
        ],
        on=on if len(on) < len(web.targets) else (),
    )


def _verdict(setup: Setup, hazards: Hazards) -> Verdict:
    worker = setup.worker
    if worker is None or worker in GREEN:
        return Verdict(Safety.UNSAFE, "gevent must patch the standard library before the app is imported")
    return verdict(hazards.preload, hazards)

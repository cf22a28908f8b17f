"""--preload shares what must not be shared.

## What it does

Finds `--preload` for an app whose import opens connections or starts threads; the app's source is read as syntax.

## Why is this bad

What is open when the workers are forked belongs to all of them: two workers talk over one database connection at once
and get each other's answers, or SSL errors. Threads started before the fork do not exist in the workers: a scheduler is
silent, and a lock that one of them held stays locked for ever.

## Fix safety

Advice only: open the connection where it is first used, or in a `post_fork` hook. Without `--preload` the app is right
too, and takes more memory.

## References

- [gunicorn and database connections](https://github.com/benoitc/gunicorn/issues/1953)
- [gunicorn: threads and --preload](https://github.com/benoitc/gunicorn/issues/1666)
- [SQLAlchemy: connection pools and fork](https://docs.sqlalchemy.org/en/20/core/pooling.html#using-connection-pools-with-multiprocessing-or-os-fork)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP328", "unsafe-preload", "web", Severity.WARNING)

_CONNECTS = "import psycopg2\nfrom flask import Flask\ndb = psycopg2.connect('')\napp = Flask(__name__)\n"
_THREAD = "import threading\napp = 1\nthreading.Thread(target=print).start()\n"

EXAMPLES = (
    bad(
        {"Procfile": "web: gunicorn app:app -w 2 «--preload»\n", "app.py": _CONNECTS},
        message="app.py:3 opens a PostgreSQL connection",
    ),
    bad(
        {"Procfile": "web: gunicorn app:app «--preload»\n", "app.py": _THREAD},
        message="starts a thread",
    ),
    bad(
        {
            "Procfile": "web: gunicorn app:app -w 2 «--preload»\n",
            "app.py": "import torch\napp = torch.load('m.pt')\n",
        },
        severity="info",
        title="many models survive it",
    ),
    ok(
        {
            "Procfile": "web: gunicorn app:app -w 2 --preload\n",
            "app.py": "from flask import Flask\napp = Flask('')\n",
        }
    ),
    ok({"Procfile": "web: gunicorn app:app -w 2\n", "app.py": _CONNECTS}, title="each worker opens its own"),
    ok({"Procfile": "web: gunicorn app:app -w 2 --preload\n"}, title="nothing to read"),
    ok(
        {
            "Procfile": "web: gunicorn app:app -w 2 --preload\n",
            "app.py": _CONNECTS,
            "gunicorn.conf.py": "def post_fork(server, worker):\n    reconnect()\n",
        },
        title="a hook sees to it after the fork",
    ),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a preload that the app's import does not allow."""
    setup = app.gunicorn(web)
    given = setup.given("preload_app") if setup is not None else None
    if setup is None or given is None or given.value != "true" or given.source is None or given.span is None:
        return
    found = app.hazards(setup).preload
    hooks = {name for name, _ in setup.conf.functions} if setup.conf is not None else set()
    if not found or hooks & {"post_fork", "post_worker_init"}:
        return
    perhaps = all("may hang" in h.what or "TensorFlow" in h.what for h in found)
    yield META.found(
        given.source,
        given.span,
        f"--preload runs before the workers are forked, and {found[0].place} {found[0].what}",
        help="do that where it is first needed, or in a post_fork hook",
        fix=Fix("Remove --preload", Safety.DISPLAY, reason="better to mend that line"),
        severity=Severity.INFO if perhaps else META.severity,
        labels=[Label(h.source, h.span, h.what) for h in found[:3]],
        evidence=sources(found),
    )

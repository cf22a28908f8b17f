"""--threads does nothing for this worker class.

## What it does

Finds `--threads` with a worker class that has no threads: gevent, eventlet, tornado, and the ASGI workers.

## Why is this bad

Who reads the command believes that each worker answers so many requests at once. gevent's workers say nothing and
take as many as `--worker-connections` allows; gunicorn's own `asgi` worker warns in the log.

## Fix safety

Safe: the option that does nothing goes.

## References

- [gunicorn settings: threads](https://docs.gunicorn.org/en/stable/settings.html#threads)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import THREADLESS, fact, removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP307", "threads-without-effect", "web", Severity.WARNING)

EXAMPLES = (
    bad(
        "web: gunicorn app:app -k gevent «--threads 4» -w 2\n", fixed="web: gunicorn app:app -k gevent -w 2\n"
    ),
    bad(
        "web: gunicorn -k uvicorn.workers.UvicornWorker app:app «--threads=2»\n",
        fixed="web: gunicorn -k uvicorn.workers.UvicornWorker app:app\n",
    ),
    bad(
        {
            "Procfile": "web: gunicorn app:app\n",
            "gunicorn.conf.py": "worker_class = 'gevent'\nthreads = «8»\n",
        },
        title="both in the configuration file",
    ),
    ok("web: gunicorn app:app --threads 4\n"),
    ok("web: gunicorn app:app -k gthread --threads 4\n"),
    ok("web: gunicorn app:app -k gevent --threads 1\n", title="one thread is what it has"),
    ok("web: gunicorn app:app -k mine.Worker --threads 4\n", title="a class of one's own"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report threads for workers that have none."""
    setup = app.gunicorn(web)
    threads = setup.given("threads") if setup is not None else None
    if setup is None or threads is None or (threads.number or 0) < 2 or setup.worker not in THREADLESS:
        return
    assert threads.source is not None
    assert threads.span is not None
    yield META.found(
        threads.source,
        threads.span,
        f"the {setup.worker_name} worker has no threads: this does nothing",
        help="remove it, or use the gthread worker",
        fix=removal(setup, "threads", "Remove --threads"),
        evidence=[fact("threads affects the gthread worker only")],
    )

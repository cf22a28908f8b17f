"""A threaded worker has one thread.

## What it does

Finds `--worker-class gthread` without `--threads`, or with `--threads 1`.

## Why is this bad

The number of threads is 1 unless it is given, whatever the class: each worker still answers one request at a time.

## Fix safety

As for `no-threads`: safe if the app's source was read in full and nothing in it breaks under threads.

## References

- [gunicorn settings: threads](https://docs.gunicorn.org/en/stable/settings.html#threads)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import appended, fact, sources, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP308", "gthread-with-one-thread", "web", Severity.WARNING)

EXAMPLES = (
    bad(
        {"Procfile": "web: gunicorn app:app «-k gthread» -w 2\n", "app.py": "app = 1\n"},
        fixed={"Procfile": "web: gunicorn app:app -k gthread -w 2 --threads 4\n"},
    ),
    bad(
        "web: gunicorn app:app «--worker-class=gthread»\n",
        fixed="web: gunicorn app:app --worker-class=gthread --threads 4\n",
        safety="unsafe",
        title="nothing to read",
    ),
    bad("web: gunicorn app:app «-k gthread» --threads 1\n", title="one, as it is written"),
    ok("web: gunicorn app:app -k gthread --threads 2\n"),
    ok("web: gunicorn app:app -k gthread --threads $THREADS\n"),
    ok({"Procfile": "web: gunicorn app:app -k gthread\n", "gunicorn.conf.py": "threads = 4\n"}),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report gthread with a single thread."""
    setup = app.gunicorn(web)
    given = setup.given("worker_class") if setup is not None else None
    if (
        setup is None
        or given is None
        or given.source is None
        or given.span is None
        or setup.worker != "gthread"
    ):
        return
    threads = setup.given("threads")
    if threads is not None and threads.number != 1:
        return
    hazards = app.hazards(setup)
    allowed = verdict(hazards.threads, hazards)
    yield META.found(
        given.source,
        given.span,
        f"the gthread worker has one thread unless --threads says more{allowed.suffix}",
        help="add --threads 4",
        fix=appended(web, "--threads 4", "Add --threads 4", allowed.safety, allowed.reason)
        if not threads
        else None,
        labels=allowed.labels,
        evidence=[fact("threads is 1 by default"), *sources(hazards.threads)],
    )

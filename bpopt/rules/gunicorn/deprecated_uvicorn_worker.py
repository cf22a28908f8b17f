"""The worker class has moved to another package.

## What it does

Finds `uvicorn.workers.UvicornWorker` and `uvicorn.workers.UvicornH11Worker`.

## Why is this bad

uvicorn has deprecated its module `workers` (0.54.0 still has it, with a DeprecationWarning); a later release without it
would keep the app from starting. The class lives on in the package `uvicorn-worker`.

## Fix safety

Unsafe: the class is taken from `uvicorn-worker`, which is added to requirements.txt where it is missing.

## References

- [Uvicorn: running with gunicorn](https://www.uvicorn.org/deployment/#gunicorn)
- [uvicorn-worker](https://pypi.org/project/uvicorn-worker/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact
from bpopt.rules.packages import adding
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP331", "deprecated-uvicorn-worker", "web", Severity.INFO)

EXAMPLES = (
    bad(
        {
            "Procfile": "web: gunicorn m:app -k «uvicorn.workers.UvicornWorker»\n",
            "requirements.txt": "gunicorn\nuvicorn-worker\n",
        },
        fixed={"Procfile": "web: gunicorn m:app -k uvicorn_worker.UvicornWorker\n"},
        safety="unsafe",
    ),
    bad(
        {
            "Procfile": "web: gunicorn m:app -k «uvicorn.workers.UvicornWorker»\n",
            "requirements.txt": "gunicorn\nuvicorn\n",
        },
        fixed={
            "Procfile": "web: gunicorn m:app -k uvicorn_worker.UvicornWorker\n",
            "requirements.txt": "gunicorn\nuvicorn\nuvicorn-worker\n",
        },
        safety="unsafe",
    ),
    bad("web: gunicorn m:app -k «uvicorn.workers.UvicornWorker»\n", title="nowhere to add it"),
    ok("web: gunicorn m:app -k uvicorn_worker.UvicornWorker\n"),
    ok("web: gunicorn m:app -k gevent\n"),
)

_URL = "https://www.uvicorn.org/deployment/#gunicorn"


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report the old place of uvicorn's workers."""
    setup = app.gunicorn(web)
    given = setup.given("worker_class") if setup is not None else None
    if given is None or given.source is None or given.span is None:
        return
    name = given.value or ""
    at = given.source.text.find(name, given.span.start, given.span.end)
    if not name.startswith("uvicorn.workers.") or at < 0:
        return
    span, new = Span(at, at + len(name)), name.replace("uvicorn.workers", "uvicorn_worker")
    title = f"Use {new}"
    edits: tuple[Edit, ...] = (Edit(given.source.path, span, new),)
    added = adding("uvicorn-worker", app) if app.requirement("uvicorn-worker") is None else None
    if app.requirement("uvicorn-worker") is not None or added is not None:
        edits += added.edits if added is not None else ()
        fix = Fix(title, Safety.UNSAFE, edits, reason="another release of the class is used")
    else:
        fix = Fix(title, Safety.DISPLAY, reason="uvicorn-worker is not in the requirements")
    yield META.found(
        given.source,
        span,
        f"{name} is deprecated: it has moved to the package uvicorn-worker",
        help=f"add uvicorn-worker to the requirements and use {new}",
        fix=fix,
        evidence=[fact("the module is deprecated", _URL)],
    )

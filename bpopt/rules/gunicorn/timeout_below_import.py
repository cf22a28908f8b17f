"""Workers may be killed while they import the app.

## What it does

Finds a `--timeout` of 10 seconds or less for an app that imports heavy libraries in each worker.

## Why is this bad

The time covers the import of the app, during which a worker sends no heartbeat. If that takes longer, gunicorn
kills the worker and starts another, which is killed too: an endless boot loop. With `--preload` the master imports
the app, without a limit. How long these imports take on the platform is not known here, so this is a hint.

## Fix safety

Unsafe: the option goes, so that the usual 30 seconds count.

## References

- [gunicorn settings: timeout](https://docs.gunicorn.org/en/stable/settings.html#timeout)
- [Aptible: health checks failed](https://www.aptible.com/docs/http-health-checks-failed)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact, removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP316", "timeout-below-import", "web", Severity.INFO)

_LONG_ENOUGH = 10  # seconds
_TORCH = {"app.py": "import torch\napp = 1\n"}

EXAMPLES = (
    bad(
        {"Procfile": "web: gunicorn app:app «--timeout 5»\n", **_TORCH},
        fixed={"Procfile": "web: gunicorn app:app\n"},
        safety="unsafe",
        message="app.py:1 imports torch",
    ),
    ok({"Procfile": "web: gunicorn app:app --timeout 5 --preload\n", **_TORCH}, title="the master imports"),
    ok({"Procfile": "web: gunicorn app:app --timeout 60\n", **_TORCH}),
    ok({"Procfile": "web: gunicorn app:app --timeout 5\n", "app.py": "import flask\napp = 1\n"}),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a short time-out for a long import."""
    setup = app.gunicorn(web)
    given = setup.given("timeout") if setup is not None else None
    if setup is None or given is None or not given.number or given.source is None or given.span is None:
        return
    heavy = app.hazards(setup).heavy
    if given.number > _LONG_ENOUGH or not heavy or setup.given("preload_app") is not None:
        return
    yield META.found(
        given.source,
        given.span,
        f"a worker has {given.number} s to import the app, and {heavy[0].place} {heavy[0].what}",
        help="leave --timeout out, or add --preload",
        fix=removal(setup, "timeout", "Remove --timeout", Safety.UNSAFE, "requests may then take 30 s"),
        labels=[Label(h.source, h.span, h.what) for h in heavy[:3]],
        evidence=[fact("workers silent for more than this many seconds are killed and restarted")],
    )

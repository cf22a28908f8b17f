"""gunicorn runs one worker.

## What it does

Finds gunicorn commands without a number of workers on platforms that set no `WEB_CONCURRENCY` either.

## Why is this bad

With one sync worker every request waits for the one before it, health checks too, and the second processor is idle.
Heroku and Scalingo compute the number from the memory; Dokku's hosts usually do not, as the buildpack reads
the memory of cgroup v1 only.

## Fix safety

Unsafe: `--workers 2` takes twice the memory unless `--preload` shares it.

## References

- [heroku-buildpack-python, WEB_CONCURRENCY](https://github.com/heroku/heroku-buildpack-python/blob/main/vendor/WEB_CONCURRENCY.sh)
- [gunicorn settings: workers](https://docs.gunicorn.org/en/stable/settings.html#workers)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import THREADED, appended, fact, name_span
from bpopt.rules.procfile import known, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP320", "single-worker", "web", Severity.INFO)

EXAMPLES = (
    bad(
        "web: «gunicorn» app:app\n", on="dokku", fixed="web: gunicorn app:app --workers 2\n", safety="unsafe"
    ),
    ok("web: gunicorn app:app\n", on="heroku", title="set from the memory"),
    ok("web: gunicorn app:app -w 1\n", on="dokku", title="one, as it is written"),
    ok("web: gunicorn app:app --threads 8\n", on="dokku", title="threads answer meanwhile"),
    ok("web: gunicorn app:app -k gevent\n", on="dokku"),
    ok({"Procfile": "web: gunicorn app:app\n", ".env": "WEB_CONCURRENCY=2\n"}, on="dokku"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report the default of one worker where nothing changes it."""
    setup = app.gunicorn(web)
    if setup is None or setup.given("workers") or setup.given("threads") or setup.worker not in THREADED:
        return
    on = [t for t in web.targets if setup.workers(app, t) == 1]
    if not on or not app.knows_target or any(p.name == "WEB_CONCURRENCY" for p in app.env):
        return
    reason = "it takes more memory"
    yield META.found(
        web.source,
        name_span(web),
        f"one worker runs on {titles(on)}: nothing sets WEB_CONCURRENCY there",
        help="add --workers 2, or set WEB_CONCURRENCY",
        fix=appended(web, "--workers 2", "Add --workers 2", Safety.UNSAFE, reason),
        evidence=[*known(on, "concurrency.automatic", "WEB_CONCURRENCY"), fact("workers is 1 by default")],
        on=on if len(on) < len(web.targets) else (),
    )

"""Every worker runs the scheduler.

## What it does

Finds apps that start a scheduler (APScheduler and its kin) when they are imported, and run in several workers.

## Why is this bad

Each worker imports the app, so each has a scheduler of its own and every job runs as many times as there are workers:
mails go out twice. With `--preload` it is the other way round: the scheduler's thread stays in the master.

## Fix safety

Advice only: the scheduler belongs into a process of its own (`worker: python scheduler.py`), or `--workers 1`.

## References

- [gunicorn: APScheduler with several workers](https://github.com/benoitc/gunicorn/issues/1045)
- [APScheduler FAQ](https://apscheduler.readthedocs.io/en/3.x/faq.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Label, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import name_span, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP330", "scheduler-in-workers", "web", Severity.WARNING)

_JOBS = "from apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()\n{}app = 1\n"

EXAMPLES = (
    bad(
        {"Procfile": "web: «gunicorn» app:app -w 3\n", "app.py": _JOBS.format("s.start()\n")},
        message="3 workers, and app.py:3 starts a scheduler in each",
    ),
    bad(
        {"Procfile": "web: «gunicorn» app:app\n", "app.py": _JOBS.format("s.start()\n")},
        title="Heroku runs several",
    ),
    ok({"Procfile": "web: gunicorn app:app -w 1\n", "app.py": _JOBS.format("s.start()\n")}),
    ok({"Procfile": "web: gunicorn app:app -w 3\n", "app.py": _JOBS.format("")}, title="not started here"),
    ok(
        {"Procfile": "web: gunicorn app:app -w 3 --preload\n", "app.py": _JOBS.format("s.start()\n")},
        title="once, BP328",
    ),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report jobs that run once for each worker."""
    setup = app.gunicorn(web)
    if setup is None or setup.given("preload_app") is not None:
        return
    started = [h for h in app.hazards(setup).preload if h.what == "starts a scheduler"]
    if not started:
        return
    counts = {target: setup.workers(app, target) for target in web.targets}
    several = [t for t, count in counts.items() if (count or 0) > 1 or (count is None and _automatic(t))]
    if not several:
        return
    number = counts[several[0]]
    yield META.found(
        web.source,
        name_span(web),
        f"{number or 'several'} workers, and {started[0].place} starts a scheduler in each",
        help="run the scheduler in a process of its own, or use --workers 1",
        labels=[Label(h.source, h.span, "each worker runs this") for h in started[:3]],
        evidence=sources(started),
        on=several if len(several) < len(web.targets) else (),
    )


def _automatic(target: object) -> bool:
    platform = getattr(target, "platform", None)
    return platform is not None and platform.holds("concurrency.automatic") is True

"""There are more workers than the plan's memory holds.

## What it does

Compares the number of workers with the memory of the plan that the app's files name (app.json, the app spec). Heroku's
Python buildpack counts 256 MB for a worker; this rule speaks from half of that on, and from the whole where the app
imports heavy libraries.

## Why is this bad

Beyond its memory a Heroku dyno swaps (R14) and is then killed (R15); containers elsewhere are killed at once. A worker
of a face-recognition app took 184 MB (two of them 367 MB, as PSS). What yours take is not known here: a hint.

## Fix safety

Advice only: measure first.

## References

- [Heroku: R14, memory quota exceeded](https://devcenter.heroku.com/articles/error-codes#r14-memory-quota-exceeded)
- [heroku-buildpack-python, WEB_CONCURRENCY](https://github.com/heroku/heroku-buildpack-python/blob/main/vendor/WEB_CONCURRENCY.sh)
- [R14 with too many workers](https://github.com/mozilla/standup/issues/262)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Impact, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import name_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.app.web import Web
    from bpopt.platforms.plans import Plan

META = Rule("BP321", "too-many-workers", "web", Severity.INFO)

_BASIC = '{"formation": {"web": {"quantity": 1, "size": "basic"}}}\n'
_HEAVY = "import torch\napp = 1\n"
_SPEC = (
    "services:\n- name: web\n  instance_size_slug: apps-s-1vcpu-0.5gb\n  run_command: gunicorn app:app {}\n"
)

EXAMPLES = (
    bad(
        {"Procfile": "web: gunicorn app:app «--workers 8»\n", "app.json": _BASIC},
        message="8 workers in 512 MB",
    ),
    bad(
        {"Procfile": "web: gunicorn app:app «-w 3»\n", "app.json": _BASIC, "app.py": _HEAVY},
        message="app.py:1",
    ),
    bad({".do/app.yaml": _SPEC.format("«-w 6»")}, on="digitalocean"),
    ok({"Procfile": "web: gunicorn app:app --workers 3\n", "app.json": _BASIC}),
    ok({"Procfile": "web: gunicorn app:app --workers 9\n"}, title="no plan is named"),
    ok({"Procfile": "web: gunicorn app:app -w $WORKERS\n", "app.json": _BASIC}),
)

_SHARE = 256 * 1024 * 1024  # bytes for a worker, as the buildpack counts
_CONCURRENCY = "https://github.com/heroku/heroku-buildpack-python/blob/main/vendor/WEB_CONCURRENCY.sh"


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a number of workers that the buildpack would not choose for this plan."""
    setup = app.gunicorn(web)
    for target in web.targets if setup is not None else ():
        assert setup is not None
        count, plan = setup.workers(app, target), plan_of(target, app, web)
        if count is None or plan is None:
            continue
        heavy = app.hazards(setup).heavy
        fits = max(1, plan.memory // _SHARE) * (1 if heavy else 2)
        if count <= fits:
            continue
        given = setup.given("workers")
        why = f", each of which imports what {heavy[0].place} does" if heavy else ""
        yield META.found(
            given.source if given is not None and given.source is not None else web.source,
            given.span if given is not None and given.span is not None else name_span(web),
            f"{count} workers in {plan.memory // 1024**2} MB ({plan.title}){why}",
            help=f"start with {max(1, plan.memory // _SHARE)} and measure; threads take less memory than workers",
            impact=Impact("swapping and restarts when the memory is full"),
            evidence=[
                Evidence("fact", "the buildpack counts 256 MB for a worker", _CONCURRENCY, "2026-11-23"),
                Evidence("fact", f"memory of {plan.title}", plan.source, plan.date),
            ],
            on=[target] if len(web.targets) > 1 else (),
        )
        return


def plan_of(target: Target, app: App, web: Web) -> Plan | None:
    """The plan that the web process runs on, told or named by the app's files."""
    name = target.plan
    if name is None and target.platform.name == "heroku" and app.app_json is not None:
        size = app.app_json.view.text("formation", "web", "size")
        name = size.value if size is not None else None
    if name is None and target.platform.name == "digitalocean" and app.app_spec is not None:
        services = app.app_spec.services
        own = next((s for s in services if s.run_command and s.run_command.verbatim == web.span), None)
        service = own or (services[0] if len(services) == 1 else None)
        slug = service.instance_size_slug if service is not None else None
        name = slug.value if slug is not None else None
    return target.platform.plan(name) if name else None

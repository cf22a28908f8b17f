"""gunicorn would wait for its workers longer than the platform lets it live.

## What it does

Finds a `--graceful-timeout` above the time between SIGTERM and SIGKILL: 30 seconds on Heroku and Scalingo, 120 on App
Platform where the app spec is there and has no `grace_period_seconds`. Dokku is left out, for its time is set outside
the repository.

## Why is this bad

At a deploy, a restart or when it is scaled down, the platform sends SIGTERM, and some seconds later SIGKILL, whatever
gunicorn still waits for: requests that were to be finished in the rest of the time are cut off, and the option promises
what does not happen.

## Fix safety

There is no fix: leave the option out (gunicorn waits 30 seconds then), or raise the time on App Platform.

## References

- [Heroku: graceful shutdown with SIGTERM](https://devcenter.heroku.com/articles/dynos#graceful-shutdown-with-sigterm)
- [App Platform: termination, set in the app spec alone](https://docs.digitalocean.com/products/app-platform/how-to/configure-termination)
- [gunicorn settings: graceful_timeout](https://docs.gunicorn.org/en/stable/settings.html#graceful-timeout)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import known, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.app.web import Web

META = Rule("BP332", "graceful-timeout-beyond-kill", "web", Severity.INFO)

_SPEC = "services:\n- name: web\n  run_command: gunicorn app:app {}\n"

EXAMPLES = (
    bad("web: gunicorn app:app «--graceful-timeout 60»\n", message="Heroku kills it after 30 s"),
    bad("web: gunicorn app:app «--graceful-timeout=45»\n", on="scalingo"),
    bad(
        {".do/app.yaml": _SPEC.format("«--graceful-timeout 300»")},
        on="digitalocean",
        message="after 120 s",
    ),
    bad(
        {
            "Procfile": "web: gunicorn -c gunicorn.conf.py app:app\n",
            "gunicorn.conf.py": "graceful_timeout = «90»\n",
        },
    ),
    ok("web: gunicorn app:app --graceful-timeout 30\n", title="as long as Heroku waits"),
    ok("web: gunicorn app:app --timeout 60\n", title="another time"),
    ok("web: gunicorn app:app --graceful-timeout $GRACE\n"),
    ok("web: gunicorn app:app --graceful-timeout 60\n", on="dokku", title="ps:set stop-timeout may allow it"),
    ok({".do/app.yaml": _SPEC.format("--graceful-timeout 60")}, on="digitalocean"),
    ok("web: gunicorn app:app --graceful-timeout 300\n", on="digitalocean", title="its spec is not here"),
    ok(
        {
            ".do/app.yaml": _SPEC.format("--graceful-timeout 300")
            + "  termination:\n    grace_period_seconds: 310\n"
        },
        on="digitalocean",
        title="the time is raised as well",
    ),
)

_SET_ELSEWHERE = ("dokku",)  # ps:set stop-timeout, of which no file tells


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a time for the end of workers that the platform cuts short."""
    setup = app.gunicorn(web)
    given = setup.given("graceful_timeout") if setup is not None else None
    if given is None or given.number is None or given.source is None or given.span is None:
        return
    on = [t for t in web.targets if (limit := _limit(t, app)) is not None and given.number > limit]
    if not on:
        return
    limit = min(_limit(t, app) or 0 for t in on)
    first = [t for t in on if _limit(t, app) == limit]
    verb = "kills" if len({t.platform.name for t in first}) == 1 else "kill"
    yield META.found(
        given.source,
        given.span,
        f"gunicorn would wait {given.number:g} s for its workers, but {titles(first)} {verb} it after {limit:.0f} s",
        help=f"{limit:.0f} s at most; longer work belongs into a process that can begin again",
        evidence=known(on, "shutdown.grace_seconds", f"{limit:.0f} s between SIGTERM and SIGKILL"),
        on=on if len(on) < len(web.targets) else (),
    )


def _limit(target: Target, app: App) -> float | None:
    """Seconds between SIGTERM and SIGKILL, None where the repository does not tell."""
    if target.platform.name in _SET_ELSEWHERE:
        return None
    if target.platform.name == "digitalocean":
        spec = app.app_spec
        if spec is None or "grace_period_seconds" in spec.tree.source.text:
            return None
    return target.platform.number("shutdown.grace_seconds")

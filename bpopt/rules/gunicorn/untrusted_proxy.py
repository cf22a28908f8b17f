"""gunicorn does not trust the platform's router.

## What it does

Finds gunicorn commands on platforms that set no `FORWARDED_ALLOW_IPS` (Heroku's Fir generation; any other that builds
the app from a Dockerfile, since the buildpack sets it) and that do not set it themselves.

## Why is this bad

The router ends TLS and says so in `X-Forwarded-Proto`. gunicorn believes that only from 127.0.0.1, so the app
thinks it is called by http: redirects lead to `http://`, secure cookies and CSRF checks fail.

## Fix safety

Unsafe: `*` trusts whoever can connect, which is right where only the router can.

## References

- [gunicorn settings: forwarded_allow_ips](https://docs.gunicorn.org/en/stable/settings.html#forwarded-allow-ips)
- [heroku/python buildpack for Cloud Native Buildpacks](https://github.com/heroku/buildpacks-python)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import appended, fact, name_span
from bpopt.rules.procfile import titles
from bpopt.rules.run.dead_file import taken_over

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.app.web import Web

META = Rule("BP326", "untrusted-proxy", "web", Severity.INFO)

EXAMPLES = (
    bad(
        "web: «gunicorn» app:app\n",
        on="heroku-fir",
        fixed="web: gunicorn app:app --forwarded-allow-ips='*'\n",
        safety="unsafe",
    ),
    ok("web: gunicorn app:app --forwarded-allow-ips='*'\n", on="heroku-fir"),
    ok("web: gunicorn app:app\n", on="heroku", title="the classic buildpack sets it"),
    bad(
        {"Procfile": "web: «gunicorn» app:app\n", "Dockerfile": "FROM python:3.13\n"},
        on="dokku",
        fixed={"Procfile": "web: gunicorn app:app --forwarded-allow-ips='*'\n"},
        safety="unsafe",
        title="built from a Dockerfile",
    ),
    ok("web: gunicorn app:app\n", on="dokku", title="built by the buildpack"),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "Dockerfile": "FROM x\nENV FORWARDED_ALLOW_IPS=*\n"},
        on="dokku",
        title="the Dockerfile sets it",
    ),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "forwarded_allow_ips = '*'\n"},
        on="heroku-fir",
    ),
    ok("web: gunicorn -k uvicorn.workers.UvicornWorker app:app $MORE\n", on="heroku-fir"),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report where the scheme that the router tells is not believed."""
    setup = app.gunicorn(web)
    on = [
        t for t in web.targets if t.platform.sets("FORWARDED_ALLOW_IPS") is None or _from_dockerfile(app, t)
    ]
    if setup is None or not on or setup.given("forwarded_allow_ips") is not None:
        return
    if any(placed.name == "FORWARDED_ALLOW_IPS" and placed.run for placed in app.env):
        return
    option = "--forwarded-allow-ips='*'"
    yield META.found(
        web.source,
        name_span(web),
        f"nothing on {titles(on)} makes gunicorn trust the router: the app takes https for http",
        help=f"add {option}, or set FORWARDED_ALLOW_IPS",
        fix=appended(web, option, f"Add {option}", Safety.UNSAFE, "it trusts whoever can connect"),
        evidence=[fact("forwarded_allow_ips is 127.0.0.1,::1 by default")],
        on=on if len(on) < len(web.targets) else (),
    )


def _from_dockerfile(app: App, target: Target) -> bool:
    """Whether a Dockerfile that does not set the variable builds the app, and not the buildpack that does."""
    if "Dockerfile" not in taken_over(app, target):
        return False
    return b"FORWARDED_ALLOW_IPS" not in (app.files.read("Dockerfile") or b"FORWARDED_ALLOW_IPS")

"""The web process sets things up before it serves.

## What it does

Finds database migrations and `collectstatic` in front of the server in the web command.

## Why is this bad

They run again at every start of every container, at the same time where there are several, and the app answers only
when they are done: Heroku gives it 60 seconds. Two migrations at once can fail or lock each other out. A release phase
runs them once for a deploy, before the new release serves; the Python buildpack runs collectstatic in the build.

## Fix safety

Advice only: where there is no release phase (DigitalOcean) it is a job of the app spec.

## References

- [Heroku: release phase](https://devcenter.heroku.com/articles/release-phase)
- [Heroku: collectstatic in the build](https://devcenter.heroku.com/articles/django-assets)
- [DigitalOcean: jobs before a deploy](https://docs.digitalocean.com/products/app-platform/how-to/manage-jobs/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import fact
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web
    from bpopt.documents.command import Command

META = Rule("BP211", "setup-in-web", "web", Severity.INFO)

EXAMPLES = (
    bad("web: «python manage.py migrate» && gunicorn shop.wsgi\n", message="at every start"),
    bad("web: «flask db upgrade»; gunicorn app:app\n"),
    bad("web: «alembic upgrade head» && uvicorn main:app --host 0.0.0.0 --port $PORT\n"),
    bad("web: «python manage.py collectstatic --noinput» && gunicorn shop.wsgi\n", message="collectstatic"),
    ok("release: python manage.py migrate\nweb: gunicorn shop.wsgi\n"),
    ok("web: cd shop && gunicorn shop.wsgi\n"),
    ok("web: python seed.py && gunicorn shop.wsgi\n", title="what it does is not known"),
)

_URL = "https://devcenter.heroku.com/articles/release-phase"


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report the setting-up before the last command."""
    for command in web.script.commands:
        what = setting_up(command)
        if not what or command.span == web.final.span:
            continue
        static = what == "collectstatic"
        where = "the build, where the buildpack runs it" if static else "a release process"
        yield META.found(
            web.source,
            Span(command.words[0].span.start, command.words[-1].span.end),
            f"{what} runs at every start of every web container",
            help=f"leave it to {where}" + ("" if static else ", or to a job of the app spec on DigitalOcean"),
            fix=Fix(f"Move it to {where}", Safety.DISPLAY, reason="what it needs there is not known"),
            evidence=[fact("a release phase runs once, before the new release", _URL)],
        )


def setting_up(command: Command) -> str:
    """What a command sets up: `the migration`, `collectstatic`, `makemigrations`; empty for any other."""
    values = [word.value or "" for word in command.words]
    manage = next((at for at, value in enumerate(values) if value.endswith("manage.py")), None)
    sub = values[manage + 1] if manage is not None and len(values) > manage + 1 else ""
    sub = values[1] if values[:1] == ["django-admin"] and len(values) > 1 else sub
    if sub in ("collectstatic", "makemigrations"):
        return sub
    if sub in ("migrate", "migrate_schemas") or values[:3] == ["flask", "db", "upgrade"]:
        return "the migration"
    return "the migration" if values[:2] == ["alembic", "upgrade"] else ""

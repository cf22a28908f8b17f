"""A process makes files that the app never sees.

## What it does

Finds `collectstatic` and `makemigrations` in processes other than `web`: in `release`, in a worker.

## Why is this bad

Each process runs in a container of its own, whose files are gone when it ends. The static files collected in the
release phase do not exist in the web containers, and migrations made there are neither kept nor committed.

## Fix safety

Advice only: the buildpack runs collectstatic in the build; migrations are made at the desk and committed.

## References

- [Heroku: release phase and the file system](https://devcenter.heroku.com/articles/release-phase)
- [Heroku: collectstatic in the build](https://devcenter.heroku.com/articles/django-assets)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, fact
from bpopt.rules.procfile.setup_in_web import setting_up
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.procfile import Procfile

META = Rule("BP212", "lost-files", "procfile", Severity.WARNING)

EXAMPLES = (
    bad(
        "release: «python manage.py collectstatic --noinput»\nweb: gunicorn a.wsgi\n",
        message="its files are lost",
    ),
    bad("release: «python manage.py makemigrations» && python manage.py migrate\nweb: gunicorn a.wsgi\n"),
    bad("web: gunicorn a.wsgi\nworker: «python manage.py collectstatic --noinput»\n"),
    bad("web: «python manage.py makemigrations» && gunicorn a.wsgi\n"),
    ok("release: python manage.py migrate\nweb: gunicorn a.wsgi\n"),
    ok(
        "web: python manage.py collectstatic --noinput && gunicorn a.wsgi\n",
        title="there the files are, setup-in-web",
    ),
)

_URL = "https://devcenter.heroku.com/articles/release-phase"


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report what writes files into a container that ends."""
    if another_format(procfile):
        return
    for process in procfile.processes:
        if "manage.py" not in process.command and "django-admin" not in process.command:
            continue
        for command in app.script(process.command, process.command_span.start).commands:
            what = setting_up(command)
            if what == "makemigrations" or (what == "collectstatic" and process.name != "web"):
                yield META.found(
                    procfile.source,
                    Span(command.words[0].span.start, command.words[-1].span.end),
                    f"{what} in {process.name}: its files are lost with the container",
                    help="the buildpack runs collectstatic in the build"
                    if what == "collectstatic"
                    else "make migrations at your desk and commit them",
                    evidence=[fact("each process has a file system of its own", _URL)],
                )

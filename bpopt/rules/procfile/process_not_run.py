"""A platform does not run this process type.

## What it does

Finds `release` lines for Scalingo, which calls it `postdeploy`, and `release` and worker lines for DigitalOcean,
which makes jobs and workers from the app spec only. Speaks only where the platform is known.

## Why is this bad

The migration of `release` is never run there, the queue never worked off, and nothing says so.

## Fix safety

Advice only: on Scalingo a `postdeploy` line, on DigitalOcean a job of kind `PRE_DEPLOY` or a worker in the app spec.

## References

- [Scalingo: postdeploy hook](https://doc.scalingo.com/platform/app/postdeploy-hook)
- [Scalingo: compatibility with Heroku](https://doc.scalingo.com/platform/getting-started/heroku-compatibility)
- [App Platform: jobs](https://docs.digitalocean.com/products/app-platform/how-to/manage-jobs/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, known, readers, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.procfile import Procfile

META = Rule("BP216", "process-not-run", "procfile", Severity.WARNING)

_BOTH = "release: python manage.py migrate\nweb: gunicorn app:app\n"
_SPEC = "services:\n- name: web\n"

EXAMPLES = (
    bad("«release»: python manage.py migrate\nweb: gunicorn app:app\n", on="scalingo", message="postdeploy"),
    bad(
        {"Procfile": "web: gunicorn app:app\n«worker»: celery -A a worker\n", ".do/app.yaml": _SPEC},
        on="digitalocean",
        severity="info",
        message="workers in the app spec",
    ),
    bad("«release»: python manage.py migrate\nweb: gunicorn app:app\n", on="digitalocean", severity="info"),
    ok(_BOTH, on=("heroku", "digitalocean"), title="Heroku runs it, and no app spec is here to look in"),
    ok(_BOTH, on=("heroku", "dokku")),
    ok(_BOTH + "postdeploy: python manage.py migrate\n", on="scalingo", title="its counterpart is there"),
    ok(
        {"Procfile": _BOTH, ".do/app.yaml": _SPEC + "jobs:\n- name: migrate\n  kind: PRE_DEPLOY\n"},
        on="digitalocean",
        title="the app spec has a job",
    ),
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report process types that nobody starts."""
    if not app.knows_target or another_format(procfile):
        return
    postdeploy = procfile.process("postdeploy") is not None
    for process in procfile.processes:
        if process.name in ("web", "postdeploy", "tcp") or not process.colon:
            continue
        key = "procfile.release" if process.name == "release" else "procfile.worker"
        on = tuple(t for t in readers(app) if _not_run(t, key, postdeploy, app))
        certain = all(t.platform.holds(key) is False for t in on)
        if on:
            yield META.found(
                procfile.source,
                process.name_span,
                f"{titles(on)} does not run {process.name} lines: {_instead(on, process.name)}",
                help="add a line `postdeploy: ...`"
                if on[0].platform.name == "scalingo"
                else "add it to the app spec",
                fix=Fix("Move it there", Safety.DISPLAY, reason="other platforms may run this line"),
                severity=META.severity if certain else Severity.INFO,
                evidence=known(on, key, "what becomes of it"),
                on=on if len(on) < len(app.targets) else (),
            )


def _not_run(target: Target, key: str, postdeploy: bool, app: App) -> bool:
    """Whether a platform ignores a kind of process (certain or not) and has no counterpart of it here."""
    fact = target.platform.fact(key)
    if fact is None or fact.value is not False:
        return False
    if target.platform.name == "digitalocean" and app.app_spec is not None:
        return not app.app_spec.of_kind("job" if key.endswith("release") else "worker")
    if target.platform.name == "digitalocean":
        return len(app.targets) == 1  # elsewhere the line may have its use, and a spec may be kept outside
    return target.platform.name == "scalingo" and not postdeploy


def _instead(on: tuple[Target, ...], name: str) -> str:
    if any(t.platform.name == "scalingo" for t in on):
        return "there it is a postdeploy line"
    return (
        "there it is one of the jobs in the app spec"
        if name == "release"
        else "there are workers in the app spec"
    )

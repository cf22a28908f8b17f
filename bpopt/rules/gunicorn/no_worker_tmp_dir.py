"""gunicorn's heartbeat goes to the disk on DigitalOcean.

## What it does

Finds gunicorn commands that run on DigitalOcean App Platform without `--worker-tmp-dir`.

## Why is this bad

DigitalOcean's documentation requires the option: without it the app is said not to run. gunicorn's workers show that
they live by touching a file there; on a disk that stalls they look dead and are killed at random.

## Fix safety

Safe for a command that only DigitalOcean runs. For one that other platforms run too it is advice: `/dev/shm` must exist
where gunicorn starts, or it ends with an error.

## References

- [DigitalOcean: the Python buildpack](https://docs.digitalocean.com/products/app-platform/reference/buildpacks/python/)
- [gunicorn FAQ: blocking os.fchmod](https://docs.gunicorn.org/en/stable/faq.html#blocking-os-fchmod)
- [common gotchas on App Platform](https://deferredexception.com/common-gotchas-when-deploying-apps-on-digital-ocean/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import appended, fact, name_span
from bpopt.rules.procfile import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.web import Web

META = Rule("BP317", "no-worker-tmp-dir", "web", Severity.WARNING)

_SPEC = "services:\n- name: web\n  run_command: {}\n"

EXAMPLES = (
    bad(
        {".do/app.yaml": _SPEC.format("«gunicorn» app:app")},
        on="digitalocean",
        fixed={".do/app.yaml": _SPEC.format("gunicorn app:app --worker-tmp-dir /dev/shm")},
    ),
    bad("web: «gunicorn» app:app\n", on=("digitalocean", "heroku"), title="one command for two platforms"),
    ok("web: gunicorn app:app --worker-tmp-dir /dev/shm\n", on="digitalocean"),
    ok(
        {"Procfile": "web: gunicorn app:app\n", "gunicorn.conf.py": "worker_tmp_dir = '/dev/shm'\n"},
        on="digitalocean",
    ),
    ok("web: gunicorn app:app\n", on="heroku", title="not asked for there"),
    ok("web: gunicorn app:app $OPTIONS\n", on="digitalocean"),
)

_OPTION = "--worker-tmp-dir /dev/shm"


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a heartbeat directory that is missing where it is required."""
    setup = app.gunicorn(web)
    on = [t for t in web.targets if t.platform.holds("gunicorn.worker_tmp_dir_required")]
    if setup is None or not on or not app.knows_target or setup.given("worker_tmp_dir") is not None:
        return
    if len(on) == len(web.targets):
        fix = appended(web, _OPTION, f"Add {_OPTION}", Safety.SAFE)
    else:
        fix = Fix(
            f"Add {_OPTION}",
            Safety.DISPLAY,
            reason="the other platforms that run this command do not need it",
        )
    yield META.found(
        web.source,
        name_span(web),
        "DigitalOcean requires --worker-tmp-dir /dev/shm",
        help=f"add {_OPTION}, in the run_command of the app spec if other platforms read this file",
        fix=fix,
        evidence=[
            *known(on, "gunicorn.worker_tmp_dir_required", "required"),
            fact("worker_tmp_dir holds the heartbeat files of the workers"),
        ],
        on=on if len(on) < len(web.targets) else (),
    )

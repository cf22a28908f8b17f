"""A component of an app spec has nothing to run.

## What it does

Finds Python services without `run_command` where there is no Procfile with a `web` process, and workers
and jobs without one.

## Why is this bad

App Platform finds no command for a Python app by itself: "A run command is required". A Procfile's
`worker` and `release` lines make no workers and jobs; each of these needs its own run_command.

## Fix safety

There is no fix: what to run is not in the files.

## References

- [App Platform: Python buildpack](https://docs.digitalocean.com/products/app-platform/reference/buildpacks/python/)
- [App Platform: app spec reference](https://docs.digitalocean.com/products/app-platform/reference/app-spec/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.app_spec import AppSpec, Component
    from bpopt.documents.procfile import Procfile

META = Rule("BP807", "missing-run-command", "app_spec", Severity.ERROR)

EXAMPLES = (
    bad(
        {
            ".do/app.yaml": "services:\n- name: «web»\n  environment_slug: python\n",
            "requirements.txt": "flask\n",
        },
        on="digitalocean",
        severity="error",
    ),
    bad(
        {
            ".do/app.yaml": "workers:\n- name: «queue»\n  environment_slug: python\n",
            "Procfile": "worker: celery\n",
        },
        on="digitalocean",
        severity="warning",
        message="worker",
    ),
    ok(
        {
            ".do/app.yaml": "services:\n- name: web\n  environment_slug: python\n",
            "Procfile": "web: gunicorn a:b\n",
        },
        on="digitalocean",
    ),
    ok(
        {
            ".do/app.yaml": "services:\n- name: web\n  run_command: gunicorn a:b\n",
            "requirements.txt": "flask\n",
        },
        on="digitalocean",
    ),
    ok(
        {".do/app.yaml": "services:\n- name: web\n  dockerfile_path: Dockerfile\n", "requirements.txt": ""},
        on="digitalocean",
    ),
    ok(
        {".do/app.yaml": "services:\n- name: api\n  environment_slug: node-js\n"},
        on="digitalocean",
        title="no Python",
    ),
    ok(
        {".do/app.yaml": "services:\n- name: api\n  source_dir: api\n  environment_slug: python\n"},
        on="digitalocean",
        title="another folder",
    ),
    ok({".do/app.yaml": "static_sites:\n- name: site\n"}, on="digitalocean"),
)

_URL = "https://docs.digitalocean.com/products/app-platform/reference/buildpacks/python/"


def check(spec: AppSpec, app: App) -> Iterator[Finding]:
    """Report each component that has neither a command nor a Procfile line."""
    on = app.where(lambda t: t.platform.name == "digitalocean")
    for component in spec.components:
        if (
            not on
            or component.kind not in ("service", "worker", "job")
            or not _runs_python_here(component, app)
        ):
            continue
        if component.run_command is not None or component.view.at("run_command").node is not None:
            continue
        serves = component.kind == "service"
        if serves and _web(app.procfile):
            continue
        name = component.name
        yield META.found(
            spec.tree.source,
            name.span if name else component.span,
            f"this {component.kind} has no run_command"
            + (
                ", and there is no Procfile with a web process"
                if serves
                else ": the Procfile makes no such component"
            ),
            help="add run_command"
            + (", or a Procfile with a line web: gunicorn module:app" if serves else ""),
            severity=Severity.ERROR if serves else Severity.WARNING,
            evidence=[Evidence("fact", "a run command is required", _URL, "2026-11-23")],
            on=on,
        )


def _runs_python_here(component: Component, app: App) -> bool:
    """Whether a component is built by the Python buildpack from this folder, as far as is certain."""
    if (
        component.dockerfile_path is not None
        or component.view.at("image").node is not None
        or app.has("Dockerfile")
    ):
        return False
    if component.source_dir is not None and component.source_dir.value.strip("/.") != "":
        return False
    slug = component.environment_slug
    return slug.value == "python" if slug is not None else app.has("requirements.txt")


def _web(procfile: Procfile | None) -> bool:
    return procfile is not None and procfile.process("web") is not None

"""A service has no HTTP health check.

## What it does

Finds services of an app spec without `health_check.http_path`.

## Why is this bad

Without it App Platform only looks whether something accepts connections on the port. gunicorn does that
before the app answers, and while all workers are stuck, so a broken release takes the place of a working
one.

## Fix safety

There is no fix: the path of a page that shows whether the app is well is not in the files.

## References

- [App Platform: manage health checks](https://docs.digitalocean.com/products/app-platform/how-to/manage-health-checks/)
- [godo: health_check](https://github.com/digitalocean/godo/blob/main/apps.gen.go)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.app_spec import AppSpec

META = Rule("BP808", "missing-health-check", "app_spec", Severity.INFO)

EXAMPLES = (
    bad("services:\n- name: «web»\n  http_port: 8080\n", on="digitalocean"),
    bad("services:\n- name: web\n  «health_check»:\n    initial_delay_seconds: 20\n", on="digitalocean"),
    ok("services:\n- name: web\n  health_check:\n    http_path: /health\n", on="digitalocean"),
    ok("services:\n- name: grpc\n  protocol: HTTP2\n", on="digitalocean", title="not HTTP/1"),
    ok("workers:\n- name: queue\n", on="digitalocean", title="answers nobody"),
)

_GODO = "https://github.com/digitalocean/godo/blob/3fce660c40164d739042422abd984198ea680c63/apps.gen.go"


def check(spec: AppSpec, app: App) -> Iterator[Finding]:
    """Report each service that is asked by TCP only."""
    on = app.where(lambda t: t.platform.name == "digitalocean")
    for service in spec.services if on else ():
        check_node = service.view.node.entry("health_check") if service.view.node else None
        asked = service.health_check is not None and service.health_check.http_path is not None
        if asked or service.view.at("health_check", "path").node or service.view.at("protocol").node:
            continue
        place = check_node.key_span if check_node else service.name.span if service.name else service.span
        yield META.found(
            spec.tree.source,
            place,
            "only the port is checked: a service whose workers all fail still counts as healthy",
            help="add health_check with http_path: /health, a page that answers quickly",
            evidence=[Evidence("fact", "TCP unless http_path is set", _GODO, "2026-11-24")],
            on=on,
        )

"""A key that is deprecated in app specs.

## What it does

Finds `routes` in components and `health_check.path` in app specs.

## Why is this bad

They still work, and DigitalOcean's own types mark them as deprecated: what is new (rewrites, redirects,
matching by host) comes to `ingress` only.

## Fix safety

Unsafe: `health_check.path` becomes `http_path`. The others need a person: rules of `ingress` are for the
whole app.

## References

- [App Platform: app spec reference](https://docs.digitalocean.com/products/app-platform/reference/app-spec/)
- [godo: deprecated fields](https://github.com/digitalocean/godo/blob/main/apps.gen.go)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.app_spec import AppSpec
    from bpopt.documents.tree import Entry

META = Rule("BP809", "deprecated-key", "app_spec", Severity.INFO)

EXAMPLES = (
    bad("services:\n- name: web\n  «routes»:\n  - path: /\n", on="digitalocean", message="routes"),
    bad(
        "services:\n- name: web\n  health_check:\n    «path»: /health\n",
        on="digitalocean",
        fixed="services:\n- name: web\n  health_check:\n    http_path: /health\n",
        safety="unsafe",
    ),
    ok("services:\n- name: web\n  health_check:\n    http_path: /\n", on="digitalocean"),
    ok(
        "ingress:\n  rules:\n  - component:\n      name: web\n    match:\n      path:\n        prefix: /\n",
        on="digitalocean",
    ),
)

_GODO = "https://github.com/digitalocean/godo/blob/3fce660c40164d739042422abd984198ea680c63/apps.gen.go"
_MOVED = {"routes": "ingress.rules of the app"}


def check(spec: AppSpec, app: App) -> Iterator[Finding]:
    """Report what is deprecated in each component."""
    if not app.where(lambda t: t.platform.name == "digitalocean"):
        return
    for component in spec.components:
        node = component.view.node
        for entry in node.entries if node is not None else ():
            if entry.key in _MOVED:
                yield _key(
                    spec,
                    entry,
                    f"`{entry.key}` of a component is deprecated",
                    f"use {_MOVED[entry.key]}",
                    None,
                )
        old = component.view.at("health_check").node
        path = old.entry("path") if old is not None else None
        if old is not None and path is not None and old.get("http_path") is None:
            edit = Edit(spec.tree.source.path, path.key_span, "http_path")
            fix = Fix(
                "Rename path to http_path", Safety.UNSAFE, (edit,), reason="the check becomes one by HTTP"
            )
            yield _key(spec, path, "`path` of a health check is deprecated", "use http_path", fix)


def _key(spec: AppSpec, entry: Entry, message: str, help_text: str, fix: Fix | None) -> Finding:
    evidence = Evidence("fact", "marked as deprecated", _GODO, "2026-11-24")
    return META.found(spec.tree.source, entry.key_span, message, help=help_text, fix=fix, evidence=[evidence])

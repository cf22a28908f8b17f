"""A value that an app spec cannot have.

## What it does

Holds values of an app spec against what is allowed: scopes and types of settings, kinds of jobs, counts and times, and
sizes of instances that are nearly, but not quite, one that is known.

## Why is this bad

App Platform refuses the whole spec over one such value, so nothing is deployed.

## Fix safety

Unsafe where a word is misspelled or in lower case: the one it resembles takes its place. No fix for
numbers.

## References

- [App Platform: app spec reference](https://docs.digitalocean.com/products/app-platform/reference/app-spec/)
- [godo: values and limits](https://github.com/digitalocean/godo/blob/main/apps.gen.go)
- [openapi: settings](https://github.com/digitalocean/openapi/blob/main/specification/resources/apps/models/app_variable_definition.yml)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.app_spec import AppSpec, Component
    from bpopt.documents.tree import Node
    from bpopt.documents.view import View
    from bpopt.text import Source

META = Rule("BP813", "invalid-value", "app_spec", Severity.ERROR)

_ENV = "services:\n- name: web\n  envs:\n  - key: A\n    value: b\n    scope: {}\n"

EXAMPLES = (
    bad(_ENV.format("«RUNTIME»"), on="digitalocean", fixed=_ENV.format("RUN_TIME"), safety="unsafe"),
    bad(
        "jobs:\n- name: migrate\n  kind: «PREDEPLOY»\n",
        on="digitalocean",
        fixed="jobs:\n- name: migrate\n  kind: PRE_DEPLOY\n",
        safety="unsafe",
    ),
    bad("services:\n- name: web\n  instance_count: «0»\n", on="digitalocean", message="from 1 to 250"),
    bad("services:\n- name: web\n  termination:\n    drain_seconds: «300»\n", on="digitalocean"),
    bad(
        "services:\n- name: web\n  instance_size_slug: «apps-s-1vcpu-1g»\n",
        on="digitalocean",
        fixed="services:\n- name: web\n  instance_size_slug: apps-s-1vcpu-1gb\n",
        safety="unsafe",
        severity="warning",
    ),
    ok(
        "services:\n- name: web\n  instance_size_slug: gpu-h100x1-80gb\n",
        on="digitalocean",
        title="a new one",
    ),
    ok(_ENV.format("RUN_AND_BUILD_TIME"), on="digitalocean"),
    ok(_ENV.format("${SCOPE}"), on="digitalocean", title="filled in by somebody else"),
    ok(
        "services:\n- name: web\n  instance_count: 2\n  termination:\n    drain_seconds: 30\n",
        on="digitalocean",
    ),
)

_GODO = "https://github.com/digitalocean/godo/blob/3fce660c40164d739042422abd984198ea680c63/apps.gen.go"
# Path in a component or setting -> the words it may be.
_WORDS = {
    "scope": ("RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME", "UNSET"),
    "type": ("GENERAL", "SECRET"),
    "kind": ("PRE_DEPLOY", "POST_DEPLOY", "FAILED_DEPLOY", "SCHEDULED", "UNSPECIFIED"),
}
# Path in a component -> lowest and highest number.
_RANGES = {
    ("instance_count",): (1, 250),
    ("http_port",): (1, 65535),
    ("termination", "drain_seconds"): (1, 110),
    ("termination", "grace_period_seconds"): (1, 600),
    ("health_check", "initial_delay_seconds"): (0, 3600),
    ("health_check", "period_seconds"): (1, 300),
    ("health_check", "timeout_seconds"): (1, 120),
    ("health_check", "success_threshold"): (1, 50),
    ("health_check", "failure_threshold"): (1, 50),
}


def check(spec: AppSpec, app: App) -> Iterator[Finding]:
    """Report each value that is out of its list or range."""
    if not app.where(lambda t: t.platform.name == "digitalocean"):
        return
    source = spec.tree.source
    settings = [
        item for view in (spec.view, *(c.view for c in spec.components)) for item in view.items("envs")
    ]
    for item in settings:
        yield from _words(source, item, ("scope", "type"))
    for component in spec.components:
        if component.kind == "job":
            yield from _words(source, component.view, ("kind",))
        yield from _size(source, component, app)
        for path, bounds in _RANGES.items():
            yield from _number(source, component, path, *bounds)


def _words(source: Source, view: View, keys: tuple[str, ...]) -> Iterator[Finding]:
    for key in keys:
        node = view.at(key).node
        value = node.value if node is not None else None
        if node is not None and isinstance(value, str) and value not in _WORDS[key] and "$" not in value:
            yield _word(source, node, key, value)


def _word(source: Source, node: Node, key: str, value: str) -> Finding:
    allowed = _WORDS[key]
    bare = value.upper().replace("_", "").replace("-", "")
    meant = next((word for word in allowed if word.replace("_", "") == bare), None)
    fix = None
    if meant is not None:
        edit = Edit(source.path, node.span, source.text[slice(*node.span)].replace(value, meant))
        fix = Fix(f"Write {meant}", Safety.UNSAFE, (edit,), reason="the spec is then accepted")
    listed = ", ".join(word for word in allowed if word not in ("UNSET", "UNSPECIFIED"))
    return _finding(source, node, f"{value} is no {key}: the spec is refused", f"one of {listed}", fix)


def _size(source: Source, component: Component, app: App) -> Iterator[Finding]:
    """A size that nobody has, where one that is known differs in a letter or two; the list may not be whole."""
    from bpopt.suggest import closest

    size = component.instance_size_slug
    target = next(t for t in app.targets if t.platform.name == "digitalocean")
    if size is None or "$" in size.value or target.platform.plan(size.value) is not None:
        return
    meant = closest(size.value, (plan.name for plan in target.platform.plans), 0.9)
    if meant is not None:
        edit = Edit(source.path, size.span, source.text[slice(*size.span)].replace(size.value, meant))
        yield META.found(
            source,
            size.span,
            f"no instance size {size.value} is known: {meant} may be meant",
            help=f"write {meant}; doctl apps tier instance-size list shows all",
            fix=Fix(f"Write {meant}", Safety.UNSAFE, (edit,), reason="another size costs another price"),
            severity=Severity.WARNING,
            on=[target],
        )


def _number(
    source: Source, component: Component, path: tuple[str, ...], lowest: int, highest: int
) -> Iterator[Finding]:
    node = component.view.at(*path).node
    value = node.value if node is not None else None
    if node is not None and type(value) is int and not lowest <= value <= highest:
        message = f"{path[-1]} goes from {lowest} to {highest}, not {value}: the spec is refused"
        yield _finding(source, node, message, "choose a number in that range", None)


def _finding(source: Source, node: Node, message: str, help_text: str, fix: Fix | None) -> Finding:
    evidence = Evidence("fact", "what the field may hold", _GODO, "2026-11-24")
    return META.found(source, node.span, message, help=help_text, fix=fix, evidence=[evidence])

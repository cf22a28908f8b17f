"""The app spec of DigitalOcean's App Platform: .do/app.yaml, and .do/deploy.template.yaml under its `spec:`.

Fields: https://docs.digitalocean.com/products/app-platform/reference/app-spec/ (read 2026-11-23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents import yaml_tree
from bpopt.documents.env_setting import EnvSetting
from bpopt.documents.view import Number, Text, View, listed_setting
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.documents.tree import Tree
    from bpopt.text import Source

KINDS = {
    "services": "service",
    "workers": "worker",
    "jobs": "job",
    "static_sites": "static_site",
    "functions": "function",
}


class HealthCheck(NamedTuple):
    """How the platform asks a service whether it lives; seconds and counts as written."""

    span: Span
    http_path: Text | None
    port: Number | None
    initial_delay_seconds: Number | None
    period_seconds: Number | None
    timeout_seconds: Number | None
    success_threshold: Number | None
    failure_threshold: Number | None


class Component(NamedTuple):
    """One part of an app; `kind` is a value of `KINDS`, `job_kind` such as PRE_DEPLOY; `view` has all."""

    kind: str
    view: View
    span: Span
    name: Text | None
    run_command: Text | None
    build_command: Text | None
    source_dir: Text | None
    environment_slug: Text | None
    dockerfile_path: Text | None
    instance_size_slug: Text | None
    instance_count: Number | None
    http_port: Number | None
    job_kind: Text | None
    health_check: HealthCheck | None
    envs: tuple[EnvSetting, ...]


class AppSpec(NamedTuple):
    """What bpopt asks of an app spec: `view` is its root (that under `spec` in a template)."""

    tree: Tree
    view: View
    name: Text | None
    region: Text | None
    components: tuple[Component, ...]
    envs: tuple[EnvSetting, ...]

    def of_kind(self, kind: str) -> tuple[Component, ...]:
        """The components of one kind, in order."""
        return tuple(c for c in self.components if c.kind == kind)

    @property
    def services(self) -> tuple[Component, ...]:
        """The components that answer HTTP."""
        return self.of_kind("service")


def parse(source: Source) -> AppSpec:
    """Read an app spec; what is missing or of a wrong type has no value."""
    tree = yaml_tree.parse(source)
    root = View(source, tree.root)
    if root.at("spec").node and not root.at("services").node:
        root = root.at("spec")
    components = [_component(kind, item) for key, kind in KINDS.items() for item in root.items(key)]
    found = tuple(sorted((c for c in components if c), key=lambda c: c.span))
    return AppSpec(tree, root, root.text("name"), root.text("region"), found, _envs(root))


def _component(kind: str, item: View) -> Component | None:
    if item.node is None or item.node.kind != "map":
        return None
    return Component(
        kind,
        item,
        item.node.span,
        item.text("name"),
        item.text("run_command"),
        item.text("build_command"),
        item.text("source_dir"),
        item.text("environment_slug"),
        item.text("dockerfile_path"),
        item.text("instance_size_slug"),
        item.number("instance_count"),
        item.number("http_port"),
        item.text("kind"),
        _health_check(item.at("health_check")),
        _envs(item),
    )


def _envs(view: View) -> tuple[EnvSetting, ...]:
    return tuple(found for item in view.items("envs") if (found := listed_setting(item, "key")))


def _health_check(view: View) -> HealthCheck | None:
    if view.node is None or view.node.kind != "map":
        return None
    numbers = (view.number(field) for field in HealthCheck._fields[2:])
    return HealthCheck(view.node.span, view.text("http_path"), *numbers)

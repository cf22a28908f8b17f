"""A key that the file's format does not have.

## What it does

Holds each key of an app spec, app.json and project.toml against the keys that their formats know, and says
what may have been meant.

## Why is this bad

`doctl` refuses an app spec with an unknown field, so nothing is deployed. Heroku, Dokku and Cloud Native
Buildpacks pass over what they do not know: the setting is written and does nothing.

## Fix safety

Unsafe: the key is renamed to the one it resembles, which then takes effect. No fix without such a key.

## References

- [App Platform: app spec reference](https://docs.digitalocean.com/products/app-platform/reference/app-spec/)
- [godo: the fields of an app spec](https://github.com/digitalocean/godo/blob/main/apps.gen.go)
- [doctl: unknown fields are refused](https://github.com/digitalocean/doctl/blob/main/internal/apps/apps.go)
- [Heroku: app.json schema](https://devcenter.heroku.com/articles/app-json-schema)
- [Dokku: app.json](https://dokku.com/docs/appendices/file-formats/app-json/)
- [Scalingo: scalingo.json](https://doc.scalingo.com/platform/app/app-manifest)
- [Project descriptor](https://github.com/buildpacks/spec/blob/main/extensions/project-descriptor.md)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.spec import schemas
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.tree import Entry, Node
    from bpopt.text import Source

META = Rule("BP805", "unknown-key", "app", Severity.WARNING)

_SPEC = "name: faces\nservices:\n- name: web\n  {}: 8080\n  http_port: 8080\n"

EXAMPLES = (
    bad(
        {".do/app.yaml": "services:\n- name: web\n  «instance_size»: apps-s-1vcpu-1gb\n"},
        on="digitalocean",
        fixed={".do/app.yaml": "services:\n- name: web\n  instance_size_slug: apps-s-1vcpu-1gb\n"},
        safety="unsafe",
        severity="error",
        message="instance_size_slug",
    ),
    bad(
        {".do/app.yaml": "services:\n- name: web\n  «build_timeout»: 1800\n"},
        on="digitalocean",
        severity="warning",
    ),
    bad(
        {"app.json": '{"env": {}, «"buildpack"»: [{"url": "heroku/python"}]}\n'},
        fixed={"app.json": '{"env": {}, "buildpacks": [{"url": "heroku/python"}]}\n'},
        safety="unsafe",
        severity="warning",
    ),
    bad(
        {"project.toml": '[_]\nschema-version = "0.2"\n[io.buildpacks]\n«excludes» = ["docs"]\n'},
        on="heroku-fir",
        fixed={"project.toml": '[_]\nschema-version = "0.2"\n[io.buildpacks]\nexclude = ["docs"]\n'},
        safety="unsafe",
    ),
    bad(
        {"scalingo.json": '{"formation": {"web": {«"quantity"»: 2, "size": "L"}}}\n'},
        on="scalingo",
        fixed={"scalingo.json": '{"formation": {"web": {"amount": 2, "size": "L"}}}\n'},
        safety="unsafe",
        message="amount",
    ),
    ok(
        {".do/app.yaml": "name: x\nregion: fra\nservices:\n- name: web\n  envs:\n  - key: A\n    value: b\n"},
        on="digitalocean",
    ),
    ok({".do/deploy.template.yaml": "spec:\n  name: x\n  services:\n  - name: web\n"}, on="digitalocean"),
    ok(
        {"app.json": '{"env": {"ANY_NAME": "1"}, "formation": {"web": {"quantity": 1}}}\n'},
        title="free names",
    ),
    ok({"app.json": '{"expo": {"name": "mobile"}}\n'}, title="an app.json of React Native"),
    ok(
        {"app.json": '{"name": "HelloWorld", "displayName": "HelloWorld"}\n'},
        on="dokku",
        title="another React Native one",
    ),
    ok({"project.toml": '[com.example]\nanything = 1\n[_]\nschema-version = "0.2"\n'}, on="heroku-fir"),
)

_DOCTL = "https://github.com/digitalocean/doctl/blob/168188d3e016be2768406a0b3dc615966f6555a9/internal/apps/apps.go"
# Most files named app.json in the world are React Native's or a mini program's: one of these tells ours.
_OURS = {
    "env",
    "addons",
    "buildpacks",
    "formation",
    "stack",
    "scripts",
    "environments",
    "healthchecks",
    "success_url",
}
_SAME = {"quantity": "amount", "amount": "quantity"}  # Heroku's and Scalingo's word for the same


class Unknown(NamedTuple):
    """A key that its type does not have, and the one that may be meant."""

    entry: Entry
    where: str
    meant: str | None


def check(app: App, context: App) -> Iterator[Finding]:
    """Report unknown keys in each spec that one of the targets reads."""
    for spec in app.documents("app_spec"):
        targets = app.where(lambda t: t.platform.name == "digitalocean")
        for unknown in _unknown(spec.view.node, schemas.APP_SPEC, "spec", folded=True):
            yield _finding(spec.tree.source, unknown, targets, strict=spec.view.node is spec.tree.root)
    for manifest in app.documents("app_json"):
        root = manifest.tree.root
        targets = app.where(lambda t: t.platform.name in ("heroku", "heroku-fir", "dokku"))
        if root is not None and _OURS & set(root.keys()):
            for unknown in _unknown(root, schemas.APP_JSON, "root"):
                yield _finding(manifest.tree.source, unknown, targets, strict=False)
    for tree in app.documents("scalingo_json"):
        formation = tree.root.get("formation") if tree.root is not None else None
        targets = app.where(lambda t: t.platform.name == "scalingo")
        for entry in formation.entries if formation is not None else ():
            for unknown in _unknown(entry.value, schemas.SCALINGO_FORMATION, "root"):
                yield _finding(tree.source, unknown._replace(where="formation"), targets, strict=False)
    for project in app.documents("project_toml"):
        targets = app.where(lambda t: t.platform.name in ("heroku-fir", "dokku"))
        found = list(_unknown(project.deb_packages.node, schemas.DEB_PACKAGES, "root"))
        if project.view.at("io").node is not None:
            found += _unknown(project.view.at("io").node, schemas.PROJECT_TOML, "io")
        for unknown in found:
            yield _finding(project.tree.source, unknown, targets, strict=False)


def _unknown(root: Node | None, schema: dict[str, str], top: str, folded: bool = False) -> Iterator[Unknown]:
    for found in schemas.walk(root, schema, top, folded):
        if found.name not in found.known and found.entry.key != "<<":
            yield Unknown(found.entry, found.where, _meant(found.entry.key, found.known))


def _meant(key: str, known: dict[str, str]) -> str | None:
    from difflib import get_close_matches

    if _SAME.get(key) in known:
        return _SAME[key]
    folded = key.lower().replace("-", "_")
    same = next((k for k in known if k.replace("-", "_") == folded), None)
    close = get_close_matches(key.lower(), list(known), 1, 0.8)
    longer = [k for k in known if len(key) > 5 and k.startswith(f"{key.lower()}_")]
    return same or (close[0] if close else None) or (longer[0] if len(longer) == 1 else None)


def _finding(source: Source, unknown: Unknown, targets: tuple[Target, ...], strict: bool) -> Finding:
    entry, where, meant = unknown
    of = "the top level" if where in ("spec", "root") else f"`{where.replace('_', ' ')}`"
    advice = f"; `{meant}` may be meant" if meant else ""
    certain = strict and meant is not None
    effect = "doctl refuses fields that it does not know" if strict else "it has no effect"
    return META.found(
        source,
        entry.key_span,
        f"there is no key `{entry.key}` in {of}: {effect}{advice}",
        help=f"write {meant}" if meant else "remove it, or see the reference for where it belongs",
        fix=_fix(source, entry, meant) if meant else None,
        severity=Severity.ERROR if certain else Severity.WARNING if meant or strict else Severity.INFO,
        evidence=[Evidence("fact", "unknown fields are refused", _DOCTL, "2026-11-24")] if certain else (),
        on=targets,
    )


def _fix(source: Source, entry: Entry, meant: str) -> Fix:
    text = source.text[slice(*entry.key_span)].replace(entry.key, meant)
    edit = Edit(source.path, entry.key_span, text)
    return Fix(
        f"Rename {entry.key} to {meant}", Safety.UNSAFE, (edit,), reason="the setting then takes effect"
    )

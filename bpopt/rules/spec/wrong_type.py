"""A value of an app spec is of the wrong type.

## What it does

Finds numbers and booleans without quotes where an app spec wants text (the values of settings above all),
and quoted ones where it wants a number or a boolean.

## Why is this bad

`value: 1` is a number in YAML. doctl turns the file into JSON and reads it strictly: "cannot unmarshal
number into Go struct field of type string", and nothing is deployed.

## Fix safety

Safe: quotes are put around what is written, or taken away.

## References

- [doctl: how a spec is read](https://github.com/digitalocean/doctl/blob/main/internal/apps/apps.go)
- [godo: the types of an app spec](https://github.com/digitalocean/godo/blob/main/apps.gen.go)
- [YAML 1.1: booleans such as yes and off](https://yaml.org/type/bool.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.spec import schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.app_spec import AppSpec
    from bpopt.documents.tree import Node
    from bpopt.text import Source

META = Rule("BP817", "wrong-type", "app_spec", Severity.ERROR)

EXAMPLES = (
    bad(
        "envs:\n- key: WORKERS\n  value: «4» # processes\n- key: DEBUG\n  value: «off»\n",
        on="digitalocean",
        fixed='envs:\n- key: WORKERS\n  value: "4" # processes\n- key: DEBUG\n  value: "off"\n',
        message="the number 4",
    ),
    bad(
        "databases:\n- name: db\n  version: «16»\n",
        on="digitalocean",
        fixed='databases:\n- name: db\n  version: "16"\n',
    ),
    bad(
        "services:\n- name: web\n  http_port: «'8080'»\n  github: {repo: a/b, deploy_on_push: «\"true\"»}\n",
        on="digitalocean",
        fixed="services:\n- name: web\n  http_port: 8080\n  github: {repo: a/b, deploy_on_push: true}\n",
    ),
    bad(
        {".do/deploy.template.yaml": "spec:\n  envs:\n  - {key: A, value: «1»}\n"},
        on="digitalocean",
        severity="warning",
        fixed={".do/deploy.template.yaml": 'spec:\n  envs:\n  - {key: A, value: "1"}\n'},
    ),
    ok("envs:\n- key: A\n  value: '1'\n- key: B\n  value: text\n- key: C\n  value:\n", on="digitalocean"),
    ok(
        "services:\n- name: web\n  http_port: 8080\n  instance_count: 2\n  internal_ports: [81]\n",
        on="digitalocean",
    ),
    ok("alerts:\n- rule: CPU_UTILIZATION\n  value: 80\n", on="digitalocean", title="a number in an alert"),
    ok(
        "services:\n- name: web\n  http_port: ${PORT}\n",
        on="digitalocean",
        title="filled in by somebody else",
    ),
    ok("x: &one 1\nenvs:\n- key: A\n  value: *one\n", on="digitalocean", title="an alias"),
    ok("envs:\n- key: DAY\n  value: 2026-11-24\n", on="digitalocean", title="a date is text to most readers"),
)

_DOCTL = "https://github.com/digitalocean/doctl/blob/168188d3e016be2768406a0b3dc615966f6555a9/internal/apps/apps.go"
_NAMES = {int: "the number", float: "the number", bool: "the boolean", str: "the text"}


def check(spec: AppSpec, app: App) -> Iterator[Finding]:
    """Report each scalar of another type than its key wants."""
    if not app.where(lambda t: t.platform.name == "digitalocean"):
        return
    template = spec.view.node is not spec.tree.root
    for found in schemas.walk(spec.view.node, schemas.APP_SPEC, "spec", folded=True):
        node = found.entry.value
        if node.kind != "scalar" or node.value is None or found.known.get(found.name) != "":
            continue
        wanted = _wanted(found.name, found.where)
        if spec.tree.source.text[node.span.start] in "*&!":
            continue  # an alias or a tag: the value stands elsewhere
        if wanted is not None and not _is(node.value, wanted):
            yield _finding(spec.tree.source, node, found.entry.key, wanted, template)


def _wanted(name: str, where: str) -> str | None:
    """What a key wants: `text`, `number` or `boolean`; None for lists and for what is not looked into."""
    if name in schemas.keys(schemas.LISTS):
        return None
    if name in schemas.keys(schemas.INTEGERS) or (where == "alert" and name == "value"):
        return "number"
    return "boolean" if name in schemas.keys(schemas.BOOLEANS) else "text"


def _is(value: object, wanted: str) -> bool:
    if isinstance(value, str):
        return wanted == "text" or "$" in value
    if isinstance(value, bool):
        return wanted == "boolean"
    return wanted == "number"


def _finding(source: Source, node: Node, key: str, wanted: str, template: bool) -> Finding:
    written = source.text[slice(*node.span)]
    bare = written.strip("\"'")
    wrong = f"{_NAMES[type(node.value)]} {bare}" if len(bare) <= 30 else _NAMES[type(node.value)]
    return META.found(
        source,
        node.span,
        f"`{key}` is {wrong}, and has to be {'text' if wanted == 'text' else f'a {wanted}'}: doctl refuses the spec",
        help=f'write "{bare}"' if wanted == "text" else "write it without quotes",
        fix=_fix(source, node, bare, wanted),
        severity=Severity.WARNING if template else Severity.ERROR,
        evidence=[Evidence("fact", "read strictly, after a conversion to JSON", _DOCTL, "2026-11-24")],
    )


def _fix(source: Source, node: Node, bare: str, wanted: str) -> Fix | None:
    if wanted == "text":
        return Fix("Put it into quotes", Safety.SAFE, (Edit(source.path, node.span, f'"{bare}"'),))
    if (wanted == "number" and bare.isdecimal()) or (wanted == "boolean" and bare in ("true", "false")):
        return Fix("Take the quotes away", Safety.SAFE, (Edit(source.path, node.span, bare),))
    return None

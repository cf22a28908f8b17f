"""Missing settings written into .do/app.yaml and app.json in place: only lines are added, comments and order stay.

What is written is read again; a file that would not come out as meant (an alias, a template) is refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from bpopt.finding import Edit
from bpopt.fixer import splice
from bpopt.report.env_text import SCOPES
from bpopt.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpopt.app import App
    from bpopt.documents.tree import Node
    from bpopt.documents.view import View
    from bpopt.report.env_plan import Row

_JSON_PLATFORMS = ("heroku", "heroku-fir", "dokku")
INDENT = "  "


class Refused(Exception):
    """A file cannot be changed in place; the message says which and why."""


class Written(NamedTuple):
    """New bytes by path, and which settings went where."""

    changes: dict[str, bytes]
    added: tuple[tuple[str, str], ...]
    homeless: tuple[str, ...]


def written(app: App, rows: Iterable[Row]) -> Written:
    """What the files become with the missing settings; Refused where that is not possible in place."""
    missing = [row for row in rows if row.state == "missing"]
    changes: dict[str, bytes] = {}
    added: list[tuple[str, str]] = []
    homeless: list[str] = []
    spec, manifest = app.app_spec, app.app_json
    for_spec = [r for r in missing if r.platform == "digitalocean"]
    for_json = _once([r for r in missing if r.platform in _JSON_PLATFORMS])
    if spec is not None and for_spec:
        source = spec.tree.source
        changes[source.path] = _checked(source, _spec_edits(app, for_spec), "app_spec", for_spec)
        added += [(row.name, source.path) for row in for_spec]
    if manifest is not None and for_json:
        source = manifest.tree.source
        changes[source.path] = _checked(source, [_json_edit(app, for_json)], "app_json", for_json)
        added += [(row.name, source.path) for row in for_json]
    placed = {name for name, _ in added}
    homeless = [row.name for row in missing if row.name not in placed]
    return Written(changes, tuple(added), tuple(dict.fromkeys(homeless)))


def _once(rows: list[Row]) -> list[Row]:
    return list({row.name: row for row in rows}.values())


def _checked(source: Source, edits: list[Edit], kind: str, rows: list[Row]) -> bytes:
    """The new bytes, if reading them gives the old settings and the new ones and nothing else."""
    from bpopt.documents import kinds

    raw = source.encode(splice(source, edits))
    before, after = (_pairs(kinds.parse(kind, s), kind) for s in (source, Source(source.path, raw)))
    if sorted(after) != sorted(before + [(row.name, row.value) for row in rows]):
        raise Refused(
            f"{source.path}: cannot be changed in place; add {', '.join(r.name for r in rows)} by hand"
        )
    return raw


def _pairs(document: object, kind: str) -> list[tuple[str, str]]:
    if kind == "app_json":
        return [(own.name, own.value or "") for own in document.env]  # type: ignore[attr-defined]
    components = [own for component in document.components for own in component.envs]  # type: ignore[attr-defined]
    return [(own.name, own.value or "") for own in (*document.envs, *components)]  # type: ignore[attr-defined]


def _spec_edits(app: App, rows: list[Row]) -> list[Edit]:
    """What the build needs goes to the whole app if several components are built, the rest to the web service."""
    spec = app.app_spec
    assert spec is not None
    for_all = [row for row in rows if row.scope == "build" and len(spec.components) > 1]
    for_web = [row for row in rows if row not in for_all]
    source, top = spec.tree.source, spec.view
    edits = [_spec_edit(source, [top], for_all)] if for_all else []
    return (
        [*edits, _spec_edit(source, [*(s.view for s in spec.services[:1]), top], for_web)]
        if for_web
        else edits
    )


def _spec_edit(source: Source, owners: list[View], rows: list[Row]) -> Edit:
    """Behind the last setting of the first owner that has some, else as a new list of the first."""
    for owner in owners:
        node = owner.node.get("envs") if owner.node is not None else None
        if node is not None and source.text[node.span.start : node.span.end] == "[]":
            return Edit(source.path, node.span, f"[{', '.join(map(_flow, rows))}]")
        items = owner.items("envs")
        if items and (last := items[-1].node) is not None:
            return _behind(source, last, rows)
    owner = owners[0]
    if owner.node is None or owner.node.kind != "map" or not owner.node.entries:
        raise Refused(f"{source.path}: has no service to hold settings")
    return _new_list(source, owner, rows)


def _behind(source: Source, last: Node, rows: list[Row]) -> Edit:
    line = source.text[source.whole_line(Span(last.span.start, last.span.start)).start : last.span.start]
    indent, dash, _ = line.partition("-")
    if indent.strip() or not dash:
        flow = "".join(f", {_flow(row)}" for row in rows)
        return Edit(source.path, Span(last.span.end, last.span.end), flow)
    return _lines(source, last.span.end, "".join(_item(row, indent) for row in rows))


def _item(row: Row, indent: str) -> str:
    return f"{indent}- key: {row.name}\n{indent}  value: {_yaml(row.value)}\n{indent}  scope: {SCOPES[row.scope]}\n"


def _flow(row: Row) -> str:
    return f"{{key: {row.name}, value: {_yaml(row.value)}, scope: {SCOPES[row.scope]}}}"


def _yaml(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _new_list(source: Source, owner: View, rows: list[Row]) -> Edit:
    assert owner.node is not None
    first, last = owner.node.entries[0], owner.node.entries[-1]
    column = source.position(first.key_span.start).column - 1
    indent = " " * column
    items = "".join(_item(row, indent + INDENT) for row in rows)
    return _lines(source, last.span.end, f"{indent}envs:\n{items}")


def _lines(source: Source, end: int, text: str) -> Edit:
    """Insert whole lines behind the line that holds the last character before `end`."""
    at = len(source.text[:end].rstrip())
    newline = source.text.find("\n", at)
    if newline < 0:
        return Edit(source.path, Span(len(source.text), len(source.text)), "\n" + text.removesuffix("\n"))
    return Edit(source.path, Span(newline + 1, newline + 1), text)


def _json_edit(app: App, rows: list[Row]) -> Edit:
    """Behind the last entry of `env`, with the blanks that stand before it; else a new `env`."""
    manifest = app.app_json
    assert manifest is not None
    source, root = manifest.tree.source, manifest.tree.root
    if root is None or root.kind != "map" or manifest.tree.problems:
        raise Refused(f"{source.path}: is no JSON object")
    env = root.get("env")
    if env is not None and env.kind == "map":
        return _json_entries(source, env, {row.name: row.value for row in rows})
    if env is not None:
        raise Refused(f"{source.path}: env is no object")
    return _json_entries(source, root, {"env": {row.name: row.value for row in rows}})


def _json_entries(source: Source, parent: Node, entries: dict[str, object]) -> Edit:
    if not parent.entries:
        column = len(source.line_at(source.position(parent.span.start).line)) - len(
            source.line_at(source.position(parent.span.start).line).lstrip()
        )
        inner, outer = "\n" + " " * (column + 2), "\n" + " " * column
        body = ",".join(f"{inner}{json.dumps(k)}: {_value(v, inner)}" for k, v in entries.items())
        return Edit(source.path, Span(parent.span.start + 1, parent.span.end - 1), f"{body}{outer}")
    last = parent.entries[-1].span
    before = parent.entries[-2].span.end if len(parent.entries) > 1 else parent.span.start + 1
    gap = source.text[before : last.start].lstrip(",").replace("\r\n", "\n")
    gap = gap if not gap.strip() else " "
    text = "".join(f",{gap or ' '}{json.dumps(k)}: {_value(v, gap)}" for k, v in entries.items())
    return Edit(source.path, Span(last.end, last.end), text)


def _value(value: object, gap: str) -> str:
    """A value as JSON, its lines indented like those around it."""
    if isinstance(value, str) or "\n" not in gap:
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n" + gap.rpartition("\n")[2])

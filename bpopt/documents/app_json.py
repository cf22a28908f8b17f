"""app.json, the manifest of an app for Heroku, Dokku and Scalingo.

Schema: https://devcenter.heroku.com/articles/app-json-schema (read 2026-11-23).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents import json_tree
from bpopt.documents.env_setting import EnvSetting
from bpopt.documents.view import Number, Text, View, setting
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.documents.tree import Entry, Tree
    from bpopt.text import Source


class Buildpack(NamedTuple):
    """One buildpack: its address or name, and the span of the whole list item."""

    url: Text
    span: Span


class Formation(NamedTuple):
    """How many dynos of which size a process type gets."""

    name: str
    name_span: Span
    quantity: Number | None
    size: Text | None
    entry_span: Span


class AppJson(NamedTuple):
    """What bpopt asks of an app.json; everything else is in `tree`."""

    tree: Tree
    name: Text | None
    stack: Text | None
    buildpacks: tuple[Buildpack, ...]
    env: tuple[EnvSetting, ...]
    formation: tuple[Formation, ...]
    addons: tuple[Text, ...]
    scripts: tuple[tuple[str, Text], ...]

    @property
    def view(self) -> View:
        """The root, to ask for what has no field."""
        return View(self.tree.source, self.tree.root)


def parse(source: Source) -> AppJson:
    """Read an app.json; what is missing or of a wrong type has no value."""
    tree = json_tree.parse(source)
    root = View(source, tree.root)
    return AppJson(
        tree,
        root.text("name"),
        root.text("stack"),
        tuple(b for item in root.items("buildpacks") if (b := _buildpack(item))),
        tuple(_setting(entry, view) for entry, view in root.entries("env")),
        tuple(
            Formation(e.key, e.key_span, v.number("quantity"), v.text("size"), e.span)
            for e, v in root.entries("formation")
        ),
        tuple(t for item in root.items("addons") if (t := item.text() or item.text("plan"))),
        tuple((e.key, text) for e, v in root.entries("scripts") if (text := v.text())),
    )


def _buildpack(item: View) -> Buildpack | None:
    url = item.text("url") if item.node and item.node.kind == "map" else item.text()
    return Buildpack(url, item.node.span) if url and item.node else None


def _setting(entry: Entry, view: View) -> EnvSetting:
    """An environment entry is either the value itself or a map with `value` or `generator`."""
    if entry.value.kind != "map":
        return setting(entry, view)
    value, end = view.at("value"), entry.span.end
    generator = view.text("generator")
    return EnvSetting(
        entry.key,
        value.written(),
        entry.key_span,
        value.node.span if value.node else Span(end, end),
        entry.span,
        secret=generator is not None and generator.value == "secret",
    )

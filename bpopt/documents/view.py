"""A typed look at a tree: ask for a text, a number or a list at a path; a wrong type is simply no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.env_setting import EnvSetting
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.documents.tree import Entry, Node
    from bpopt.text import Source


class Text(NamedTuple):
    """A string in a document.

    `span` includes its quotes; `entry_span` the key too (the same as `span` in a list).
    """

    value: str
    span: Span
    entry_span: Span
    source: Source

    @property
    def verbatim(self) -> Span | None:
        """Where the value without blanks around it stands letter for letter, None if escapes or folding lie between."""
        bare = self.value.strip()
        at = self.source.text.find(bare, self.span.start, self.span.end) if bare else -1
        return Span(at, at + len(bare)) if at >= 0 else None


class Number(NamedTuple):
    """A whole number in a document, and where."""

    value: int
    span: Span
    entry_span: Span


class View:
    """One node of a document, or none: every question then has the answer None or nothing."""

    __slots__ = ("node", "source")

    def __init__(self, source: Source, node: Node | None) -> None:
        self.source = source
        self.node = node

    def at(self, *path: str | int) -> View:
        """The view at a path."""
        return View(self.source, self.node.get(*path) if self.node else None)

    def text(self, *path: str | int) -> Text | None:
        """The string at a path."""
        node = self.node
        if node is None:
            return None
        entry = node.entry(*path) if path else None
        if entry:
            node = entry.value
        elif path:  # an item of a list has no entry
            node = node.get(*path) if isinstance(path[-1], int) else None
        if node is None or not isinstance(node.value, str):
            return None
        return Text(node.value, node.span, entry.span if entry else node.span, self.source)

    def number(self, *path: str) -> Number | None:
        """The whole number at a path; `true` is none."""
        entry = self.node.entry(*path) if self.node else None
        if entry is None or type(entry.value.value) is not int:
            return None
        return Number(entry.value.value, entry.value.span, entry.span)

    def items(self, *path: str | int) -> list[View]:
        """A view of each item of the list at a path."""
        node = self.node.get(*path) if self.node else None
        return [View(self.source, item) for item in node.items] if node else []

    def texts(self, *path: str | int) -> tuple[Text, ...]:
        """The strings in the list at a path."""
        return tuple(text for item in self.items(*path) if (text := item.text()))

    def entries(self, *path: str | int) -> list[tuple[Entry, View]]:
        """The entries of the map at a path, each with a view of its value."""
        node = self.node.get(*path) if self.node else None
        return [(e, View(self.source, e.value)) for e in node.entries] if node else []

    def written(self) -> str | None:
        """A scalar as an environment would hold it: a string by its value, a number as written."""
        node = self.node
        if node is None or node.kind != "scalar" or node.value is None:
            return None
        return node.value if isinstance(node.value, str) else self.source.text[slice(*node.span)]


def setting(entry: Entry, view: View, scope: str | None = None) -> EnvSetting:
    """The environment setting of a map entry `NAME: value`."""
    return EnvSetting(entry.key, view.written(), entry.key_span, entry.value.span, entry.span, scope)


def listed_setting(view: View, name_key: str, scope: str | None = None) -> EnvSetting | None:
    """The environment setting of a list item with a name, a `value` and perhaps a `scope` and a `type`."""
    name = view.text(name_key)
    if name is None or view.node is None:
        return None
    value, span = view.at("value"), view.node.span
    own_scope, kind = view.text("scope"), view.text("type")
    return EnvSetting(
        name.value,
        value.written(),
        name.span,
        value.node.span if value.node else Span(span.end, span.end),
        span,
        own_scope.value if own_scope else scope,
        kind is not None and kind.value.upper() == "SECRET",
    )

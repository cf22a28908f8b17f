"""Helpers for tests of parsers: what stands at a span, and all spans of a parsed document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bpopt.documents.tree import Node
from bpopt.documents.view import View
from bpopt.text import Source, Span


def source(text: str, path: str = "file") -> Source:
    return Source.of(path, text)


def at(where: Source | str, span: Span) -> str:
    """What stands at a span; a span that Python would bend to fit is an error."""
    text = where if isinstance(where, str) else where.text
    assert 0 <= span.start <= span.end <= len(text), span
    return text[span.start : span.end]


def spans(value: Any) -> Iterator[Span]:
    """Every span in a parsed document, found through its values; sources are not entered."""
    todo, seen = [value], set()
    while todo:
        part = todo.pop()
        if isinstance(part, Span):
            yield part
        elif isinstance(part, tuple | list):
            todo += part
        elif isinstance(part, View):
            todo.append(part.node)
        elif isinstance(part, Node) and id(part) not in seen:
            seen.add(id(part))
            todo += [part.span, *part.entries, *part.items]


def plain(node: Node | None) -> Any:
    """A tree as Python's own dicts and lists; the last of equal keys counts."""
    if node is None or node.kind == "scalar":
        return node.value if node else None
    if node.kind == "map":
        return {e.key: plain(e.value) for e in node.entries}
    return [plain(item) for item in node.items]

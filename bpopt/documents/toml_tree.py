"""TOML into a tree with exact spans, through the TOML grammar of tree-sitter.

Tables, arrays of tables and dotted keys become nested nodes. The span of a table runs from its header (or the
dotted key that makes it) to its last value, and is widened where the file comes back to it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bpopt.documents.offsets import ByteOffsets
from bpopt.documents.tree import DEEPEST, TOO_DEEP, Entry, Node, Problem, Scalar, Tree, too_large, undecodable
from bpopt.patterns import Pattern
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node as Syntax

    from bpopt.text import Source

_PLACE = Pattern(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_KINDS = {"inline_table": "map", "array": "list"}
_PLAINER = (
    ("Cannot overwrite a value", "this key is there twice"),
    ("Cannot declare", "this table is there twice"),
    ("Invalid value", "this is no TOML value: text needs quotes"),
    ("Invalid statement", "this begins neither a key nor a table: a key with such characters needs quotes"),
)
_Key = tuple[str, Span]


def parse(source: Source) -> Tree:
    """Read a TOML file; one with a syntax error has no root."""
    if problem := too_large(source):
        return Tree(source, None, (problem,))
    problems = [p for p in [undecodable(source)] if p]
    root = _parser()(source.text.encode("utf-8", "surrogateescape"))
    builder = _Builder(source.text)
    if not root.has_error:
        builder.document(root)
    fault = Problem(TOO_DEEP, Span(0, 1)) if builder.too_deep else _fault(source)
    if root.has_error:
        error = next((n for n in root.children if n.is_error or n.is_missing or n.has_error), root)
        fault = fault or Problem("is not TOML 1.0", _first(builder.span(error)))
    if fault:
        problems.append(fault)
    broken = root.has_error or builder.too_deep
    return Tree(source, None if broken else builder.root, tuple(sorted(problems, key=lambda p: p.span)))


def _first(span: Span) -> Span:
    return Span(span.start, min(span.start + 1, span.end))


@cache
def _parser() -> Callable[[bytes], Syntax]:
    from tree_sitter import Parser

    from bpopt.documents.grammar import load_language

    parser = Parser(load_language("tree_sitter_toml"))
    return lambda data: parser.parse(data).root_node


def _fault(source: Source) -> Problem | None:
    """What a strict reader refuses first: syntax, or a key that is there twice."""
    # Its time grows with the square of the parts of a dotted key.
    if any(line.text.count(".") > DEEPEST for line in source.lines):
        return None
    from tomli import loads

    try:
        loads(source.text)
    except RecursionError:
        return Problem(TOO_DEEP, Span(0, 1))
    except ValueError as error:
        said = str(error)
        place = _PLACE.search(said)
        at = len(source.text.rstrip()) - 1
        if place and place["line"]:
            at = source.offset(int(place["line"]), int(place["column"]))
        at = max(0, min(at, len(source.text) - 1))
        said = said[: place.start()] if place else said
        plain = next((plain for start, plain in _PLAINER if said.startswith(start)), said)
        return Problem(plain, Span(at, min(at + 1, len(source.text))))
    return None


class _Builder:
    """Turns syntax into nodes; `known` finds the value of a key in a node without a search."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets = ByteOffsets(text)
        self.root = Node("map", Span(0, len(text)))
        self.known: dict[tuple[int, str], Node] = {}
        self.too_deep = False

    def span(self, syntax: Syntax) -> Span:
        return Span(self.offsets.at(syntax.start_byte), self.offsets.at(syntax.end_byte))

    def document(self, root: Syntax) -> None:
        for part in root.named_children:
            if part.type == "pair":
                self.pair(part, [self.root])
            elif part.type in ("table", "table_array_element"):
                self.table(part)

    def table(self, syntax: Syntax) -> None:
        """A header with the pairs below it."""
        header, *pairs = [n for n in syntax.named_children if n.type != "comment"]
        keys = self.keys(header)
        start = self.offsets.at(syntax.start_byte)
        where = Span(start, self.text.find("]", keys[-1][1].end) + 1)
        many = syntax.type == "table_array_element"
        if many:
            where = Span(start, where.end + 1)
        path = self.descend([self.root], keys[:-1], where)
        path += (
            self.element(path[-1], keys[-1], where) if many else self.descend(path[-1:], keys[-1:], where)[1:]
        )
        for pair in pairs:
            self.pair(pair, path)

    def element(self, parent: Node, key: _Key, where: Span) -> list[Node]:
        """A new last element of an array of tables."""
        found = self.known.get((id(parent), key[0]))
        if found is None or found.kind != "list":
            found = self.put(parent, key, Node("list", where))
        item = Node("map", where)
        found.items.append(item)
        _widen([found], where.end)
        return [found, item]

    def keys(self, syntax: Syntax) -> list[_Key]:
        """The parts of a key, dots and quotes taken away; the spans include quotes."""
        parts: list[Syntax] = []
        while syntax.type == "dotted_key":
            syntax, *rest = (n for n in syntax.named_children if n.type != "comment")
            parts += reversed(rest)
        spans = [self.span(part) for part in reversed([*parts, syntax])]
        self.too_deep = self.too_deep or len(spans) > DEEPEST
        return [(_string(self.text[slice(*span)]), span) for span in spans[:DEEPEST]]

    def descend(self, path: list[Node], keys: list[_Key], where: Span) -> list[Node]:
        """The path prolonged through tables, which are made where they are missing."""
        path = list(path)
        for key in keys:
            found = self.known.get((id(path[-1]), key[0]))
            if found and found.kind == "list" and found.items:
                path.append(found)
                found = found.items[-1]
            if found is None or found.kind != "map":
                found = self.put(path[-1], key, Node("map", where))
            path.append(found)
        _widen(path, where.end)
        return path

    def put(self, parent: Node, key: _Key, node: Node) -> Node:
        parent.entries.append(Entry(key[0], key[1], node))
        self.known[id(parent), key[0]] = node
        return node

    def pair(self, syntax: Syntax, path: list[Node]) -> None:
        """One `key = value`, and whatever lies in the value, without recursion."""
        stack: list[tuple[Syntax, list[Node], int]] = [(syntax, path, 0)]
        while stack:
            part, above, depth = stack.pop()
            below = [n for n in part.named_children if n.type != "comment"]
            if part.type == "pair":
                keys, span = self.keys(below[0]), self.span(below[1])
                above = self.descend(above, keys[:-1], Span(keys[0][1].start, span.end))
                value, part = self.node(below[1], span), below[1]
                self.put(above[-1], keys[-1], value)
                _widen(above, span.end)
                below = [n for n in part.named_children if n.type != "comment"]
            else:
                value = self.node(part, self.span(part))
                above[-1].items.append(value)
            if depth > DEEPEST:
                self.too_deep = True
            elif value.kind != "scalar":
                stack += [(n, [value], depth + 1) for n in reversed(below)]

    def node(self, syntax: Syntax, span: Span) -> Node:
        kind = _KINDS.get(syntax.type, "scalar")
        value = None if kind != "scalar" else _scalar(syntax.type, self.text[slice(*span)])
        return Node(kind, span, value)


def _widen(path: list[Node], end: int) -> None:
    for node in path:
        if node.span.end < end:
            node.span = Span(node.span.start, end)


def _scalar(kind: str, raw: str) -> Scalar:
    """The value of a scalar; dates stay text."""
    if kind == "string":
        return _string(raw)
    if kind == "boolean":
        return raw == "true"
    try:
        if kind == "integer":
            return int(raw, 0)
        return float(raw) if kind == "float" else raw
    except ValueError:  # more digits than Python converts
        return raw


def _string(raw: str) -> str:
    """A string or key without its quotes and escapes."""
    if raw[:1] not in ("'", '"'):
        return raw
    if "\\" not in raw and raw[:3] not in ('"""', "'''"):
        return raw[1:-1]
    from tomli import loads

    try:
        return str(loads(f"x = {raw}")["x"])
    except ValueError:
        return raw

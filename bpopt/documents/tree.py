"""One tree for YAML, JSON and TOML: nodes with spans, so that a fix replaces a slice and nothing else.

Parsers build it without recursion and with a bound on depth and size. A YAML alias is a node with its own
span that shares the lists of the node it names, so that a few lines cannot grow into gigabytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.text import Source

Scalar = str | int | float | bool | None
DEEPEST = 200  # levels; no app spec has more than ten
LARGEST = 1_000_000  # characters; no app spec has a tenth of it


class Node:
    """A value in a document: `kind` is `map`, `list` or `scalar`; `span` covers its text, quotes included.

    `entries` of a map are in order and may repeat a key; `items` are those of a list; `value` is that of a
    scalar, as its format types it.
    """

    __slots__ = ("entries", "items", "kind", "span", "value")

    def __init__(self, kind: str, span: Span, value: Scalar = None) -> None:
        self.kind = kind
        self.span = span
        self.value = value
        self.entries: list[Entry] = []
        self.items: list[Node] = []

    def entry(self, *path: str | int) -> Entry | None:
        """The map entry at the end of a path such as `("services", 0, "http_port")`, None if absent."""
        last = path[-1]
        node = self if len(path) == 1 else self.get(*path[:-1])
        if node is None or not isinstance(last, str):
            return None
        for entry in node.entries:
            if entry.key == last:
                return entry
        return None

    def get(self, *path: str | int) -> Node | None:
        """The node at a path of keys and indices, None if any step is absent."""
        node: Node = self
        for step in path:
            if isinstance(step, int):
                if not -len(node.items) <= step < len(node.items):
                    return None
                node = node.items[step]
            else:
                for entry in node.entries:
                    if entry.key == step:
                        node = entry.value
                        break
                else:
                    return None
        return node

    def scalar(self, *path: str | int) -> Scalar:
        """The scalar value at a path, None if absent or not a scalar."""
        node = self.get(*path)
        return node.value if node is not None and node.kind == "scalar" else None

    def text(self, *path: str | int) -> str | None:
        """The string at a path; numbers and booleans are no strings."""
        value = self.scalar(*path)
        return value if isinstance(value, str) else None

    def keys(self) -> tuple[str, ...]:
        """The keys of a map, in order."""
        return tuple(e.key for e in self.entries)

    def walk(self) -> Iterator[Node]:
        """This node and every node below it, each once, without recursion."""
        stack, seen = [self], {id(self)}
        while stack:
            node = stack.pop()
            yield node
            below = [e.value for e in node.entries] + node.items
            fresh = {id(n): n for n in below if id(n) not in seen}
            seen.update(fresh)
            stack.extend(reversed(fresh.values()))


class Entry(NamedTuple):
    """A key of a map and its value."""

    key: str
    key_span: Span
    value: Node

    @property
    def span(self) -> Span:
        """From the key to the end of the value."""
        return Span(self.key_span.start, max(self.value.span.end, self.key_span.end))


class Problem(NamedTuple):
    """Why a document is not what it claims to be, at a place."""

    message: str
    span: Span


class Tree(NamedTuple):
    """A parsed document: its root (None if it could not be read) and its syntax problems.

    `rest` is what follows the first document of a YAML file, which nobody reads.
    """

    source: Source
    root: Node | None
    problems: tuple[Problem, ...] = ()
    rest: Span | None = None


TOO_DEEP = f"is nested deeper than {DEEPEST} levels"


def too_large(source: Source) -> Problem | None:
    """The problem of a file that is no configuration, by its size alone."""
    if len(source.text) <= LARGEST:
        return None
    return Problem(f"is larger than {LARGEST:,} characters, so it is not read", Span(0, 1))


def undecodable(source: Source) -> Problem | None:
    """The first byte that is not UTF-8, as a problem with its place."""
    if source.plain:
        return None
    at = next((i for i, char in enumerate(source.text) if "\udc80" <= char <= "\udcff"), -1)
    if at < 0:
        return None
    return Problem(f"byte 0x{ord(source.text[at]) - 0xDC00:02X} is not UTF-8", Span(at, at + 1))

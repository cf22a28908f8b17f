"""YAML into a tree with exact spans, through the events of libyaml (or of PyYAML where that is missing).

Only the first document of a file is read, as Go's and Ruby's parsers do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bpopt.documents.tree import DEEPEST, TOO_DEEP, Entry, Node, Problem, Scalar, Tree, too_large, undecodable
from bpopt.patterns import Pattern
from bpopt.text import Span

if TYPE_CHECKING:
    from bpopt.text import Source

MOST_MERGED = 10_000  # entries that `<<` may copy in one file
# Characters that YAML refuses. Compiling the set for all of Unicode takes 3 ms, which ASCII need not pay.
_REFUSED = "[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_REFUSED_ASCII = Pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PROPERTIES = Pattern(r"(?:[&!][^\s,\[\]{}]*(?:\s|(?<=\s)#[^\n]*)*){1,2}")
_BLANKS = " \t\r\n"
_PLAINER = (
    ("found character '\\t'", "a tab stands where YAML allows only blanks"),
    ("found character that cannot start any token", "this character begins no value: put it all in quotes"),
    (
        "mapping values are not allowed",
        "a second `: ` in one value: quote the value, or mend the indentation",
    ),
    ("could not find expected ':'", "this is not `key: value`"),
    ("did not find expected key", "this line does not fit: its indentation, or a quote before it, is wrong"),
    ("did not find expected '-' indicator", "this line does not fit: `- ` is expected at this indentation"),
    ("did not find expected ',' or", "a bracket is not closed"),
    ("unexpected end of stream", "a quote is not closed"),
)


def parse(source: Source) -> Tree:
    """Read the first document; an empty one has no root and no problem."""
    if problem := too_large(source):
        return Tree(source, None, (problem,))
    from yaml import YAMLError

    builder = _Builder(source)
    try:
        builder.read()
    except YAMLError as error:
        builder.fail(*_explain(error, source))
    except (ValueError, RecursionError, MemoryError):
        builder.fail("cannot be read as YAML", Span(0, 0))
    problems = sorted(builder.problems, key=lambda p: p.span)
    return Tree(source, builder.root, tuple(problems), builder.rest)


def _explain(error: Any, source: Source) -> tuple[str, Span]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = getattr(error, "problem", None) or "cannot be read as YAML"
    # At the end of the file the last character is shown: there is nothing to see behind it.
    at = max(0, min(mark.index if mark else 0, len(source.text.rstrip()) - 1))
    plain = next((plain for part, plain in _PLAINER if part in said), said)
    if source.text[at : at + 1] == "\t":
        plain = _PLAINER[0][1]
    return plain, Span(at, min(at + 1, len(source.text)))


class _Frame:
    """A map or list that is still open, with the key that waits for its value."""

    __slots__ = ("anchor", "flow", "key", "merged", "node")

    def __init__(self, node: Node, anchor: str | None, flow: bool) -> None:
        self.node = node
        self.anchor = anchor
        self.flow = flow
        self.key: tuple[str, Span] | None = None
        self.merged: list[Node] = []


class _Builder:
    """Turns events into nodes; `stack` holds the open collections."""

    def __init__(self, source: Source) -> None:
        self.text = source.text
        self.root: Node | None = None
        self.rest: Span | None = None
        self.problems: list[Problem] = []
        self.stack: list[_Frame] = []
        self.anchors: dict[str, Node] = {}
        self.merged = 0
        if problem := undecodable(source):
            self.problems.append(problem)

    def fail(self, message: str, span: Span) -> None:
        self.root = None
        self.problems.append(Problem(message, span))

    def read(self) -> None:
        import yaml

        pattern = _REFUSED_ASCII if self.text.isascii() else re.compile(_REFUSED)
        refused = pattern.search(self.text)
        if refused and not self.problems:
            message = f"the character U+{ord(refused[0]):04X} is not allowed in YAML"
            self.problems.append(Problem(message, Span(*refused.span())))
        # One character for one, so that places stay what they are.
        clean = pattern.sub("\ufffd", self.text) if refused else self.text
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(clean)
        try:
            while loader.check_event():
                event = loader.get_event()
                if type(event).__name__ == "DocumentEndEvent":
                    self.end_document(event.end_mark.index)
                    return
                if not self.take(event, loader):
                    return
        finally:
            loader.dispose()

    def end_document(self, at: int) -> None:
        rest = self.text[at:]
        body = rest.lstrip(_BLANKS)
        if body.startswith("---") and body[3:].strip():
            self.rest = Span(at + len(rest) - len(body), len(self.text.rstrip()))

    def take(self, event: Any, loader: Any) -> bool:
        """Handle one event; False when the document is refused."""
        kind = type(event).__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            node = Node("map" if kind[0] == "M" else "list", self.span(event))
            self.stack.append(_Frame(node, event.anchor, bool(event.flow_style)))
            if len(self.stack) > DEEPEST:
                self.fail(TOO_DEEP, node.span)
                return False
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.close(event)
        elif kind == "ScalarEvent":
            node = Node("scalar", self.span(event), _typed(event, loader))
            self.name(event.anchor, node)
            self.add(node, event.value)
        elif kind == "AliasEvent":
            self.add(self.alias(event))
        return True

    def span(self, event: Any) -> Span:
        """The text of a value, without the anchor or tag before it and blanks behind it."""
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor or event.tag:
            properties = _PROPERTIES.match(self.text, start)
            if type(event).__name__ == "ScalarEvent":
                start = min(properties.end(), end) if properties else start
            elif properties:
                start = properties.end()
        while end > start and self.text[end - 1] in _BLANKS:
            end -= 1
        return Span(start, end)

    def name(self, anchor: str | None, node: Node) -> None:
        if anchor:
            self.anchors[anchor] = node

    def close(self, event: Any) -> None:
        frame = self.stack.pop()
        node = frame.node
        below = [e.span.end for e in node.entries[-1:]] + [n.span.end for n in node.items[-1:]]
        # A block ends where its last value does: its own end mark lies at the next token.
        end = event.end_mark.index if frame.flow or not below else below[0]
        node.span = Span(node.span.start, max(end, node.span.start))
        for base in frame.merged:
            self.merge(node, base)
        self.name(frame.anchor, node)
        self.add(node)

    def add(self, node: Node, key: str | None = None) -> None:
        """Put a finished node where it belongs: root, item, key or value."""
        if not self.stack:
            self.root = node
            return
        frame = self.stack[-1]
        if frame.node.kind == "list":
            frame.node.items.append(node)
        elif frame.key is None:
            written = node.value if isinstance(node.value, str) else self.text[slice(*node.span)]
            frame.key = (written if key is None else key, node.span)
        else:
            name, span = frame.key
            frame.key = None
            frame.node.entries.append(Entry(name, span, node))
            if self.text[span.start : span.end] == "<<":
                frame.merged.extend(node.items if node.kind == "list" else [node])

    def alias(self, event: Any) -> Node:
        span = Span(event.start_mark.index, event.end_mark.index)
        target = self.anchors.get(event.anchor)
        if target is None:
            self.problems.append(Problem(f"`*{event.anchor}` names no anchor that ends before it", span))
            return Node("scalar", span)
        node = Node(target.kind, span, target.value)
        node.entries, node.items = target.entries, target.items
        return node

    def merge(self, node: Node, base: Node) -> None:
        """Add the entries that `<<` brings, which the map does not have itself."""
        present = set(node.keys())
        fresh = [e for e in base.entries if e.key not in present]
        self.merged += len(fresh)
        if self.merged > MOST_MERGED:
            if self.merged - len(fresh) <= MOST_MERGED:
                self.problems.append(Problem("merges too many entries with `<<`", node.span))
            return
        node.entries.extend(fresh)


def _typed(event: Any, loader: Any) -> Scalar:
    """The value of a scalar: text unless it is plain (or tagged) and reads as something else."""
    text: str = event.value
    tag = event.tag
    if tag is None:
        if not event.implicit[0] or event.style:
            return text
        from yaml import ScalarNode

        tag = loader.resolve(ScalarNode, text, (True, False))
    kind = tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in ("yes", "true", "on")
    return _number(text, kind) if kind in ("int", "float") else text


def _number(text: str, kind: str) -> Scalar:
    """A number, or the text where parsers disagree (12:30) or it is none after all."""
    digits = text.replace("_", "")
    try:
        if kind == "float":
            return float(digits.lower().replace(".inf", "inf").replace(".nan", "nan"))
        unsigned = digits.lstrip("+-")
        octal = len(unsigned) > 1 and unsigned[0] == "0" and unsigned.isdigit()
        return int(digits, 8 if octal else 0)
    except ValueError:
        return text

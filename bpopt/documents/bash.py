"""Shell commands through the bash grammar of tree-sitter: all that is more than plain words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bpopt.documents.command import Assignment, Command, Script, Word
from bpopt.documents.grammar import load_language
from bpopt.documents.offsets import ByteOffsets
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node


@cache
def _parser() -> Callable[[bytes], Node]:
    from tree_sitter import Parser

    parser = Parser(load_language("tree_sitter_bash"))
    return lambda data: parser.parse(data).root_node


def parse(text: str, offset: int = 0) -> Script:
    """Parse shell text that begins at `offset` of its file; all spans are offsets into the file."""
    data = text.encode("utf-8", "surrogateescape")
    return _Reader(data, offset, ByteOffsets(text)).read(_parser()(data))


# Nodes that hold commands of the script itself; substitutions run elsewhere and are left alone.
_INSIDE = frozenset({"command_substitution", "process_substitution", "function_definition", "heredoc_body"})
_OPERATORS = frozenset({"&&", "||", "|", "|&", ";", "&", ";;"})
_TESTS = ("==", "=~")  # plain words, which the grammar takes for operators of [[ ]] outside of it, too
_EXPANSIONS = frozenset({"simple_expansion", "expansion"})
_DYNAMIC = frozenset({"command_substitution", "process_substitution", "arithmetic_expansion", "ERROR"})


class _Reader:
    """Walks one syntax tree; holds the bytes and the way from byte offsets to offsets in the file."""

    def __init__(self, data: bytes, offset: int, places: ByteOffsets) -> None:
        self.data = data
        self.base = offset
        self.places = places

    def read(self, root: Node) -> Script:
        commands: list[Command] = []
        assignments: list[Assignment] = []
        errors: list[Span] = []
        operators: set[str] = set()
        follows = ""
        for node in _walk(root):
            kind = node.type
            if kind == "command":
                commands.append(self.command(node, follows))
                follows = ""
            elif kind == "variable_assignment":
                assignments.append(self.assignment(node))
            elif kind == "ERROR" or node.is_missing:
                errors.append(self.span(node))
            elif kind in _OPERATORS:
                operators.add(kind)
                follows = kind
                if kind == "&" and commands:
                    commands[-1] = commands[-1]._replace(background=True)
            elif kind.endswith("_statement") or kind in ("subshell", "compound_statement"):
                operators.add(kind)
        if root.has_error and not errors:
            errors.append(self.span(root))
        return Script(tuple(commands), tuple(assignments), tuple(errors), frozenset(operators))

    def command(self, node: Node, follows: str) -> Command:
        words: list[Word] = []
        assignments = []
        for child in node.children:
            if child.is_missing or not (child.is_named or child.type in _TESTS):
                continue
            if child.type == "variable_assignment":
                assignments.append(self.assignment(child))
            elif not child.type.endswith("redirect"):
                named = child.type == "command_name" and child.named_children
                _append(words, self.word(child.named_children[0] if named else child))
        return Command(tuple(words), tuple(assignments), self.span(node), follows)

    def assignment(self, node: Node) -> Assignment:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        return Assignment(
            self.text(name) if name else "", self.word(value) if value else None, self.span(node)
        )

    def word(self, node: Node) -> Word:
        variables: list[str] = []
        value = self.value(node, variables)
        return Word(self.text(node), self.span(node), None if variables else value, tuple(variables))

    def value(self, node: Node, variables: list[str]) -> str | None:
        """What the word means after quotes are gone; None, or names in `variables`, if that is not certain."""
        kind = node.type
        if kind in _EXPANSIONS:
            variables.extend(self.text(n) for n in node.named_children if n.type.endswith("variable_name"))
            return None
        if kind in _DYNAMIC or node.has_error:
            return None
        if kind in ("string", "concatenation"):
            # All parts are read even when one is unknown: each may name variables.
            parts = [self.value(child, variables) for child in node.named_children]
            return None if None in parts else self.joined(node, parts)
        text = self.text(node)
        if kind == "raw_string":
            return text[1:-1]
        if kind == "string_content":
            return _unescape(text, '"\\$`\n')
        return _unescape(text) if kind in ("word", "number", *_TESTS) else None

    def joined(self, node: Node, parts: list[str | None]) -> str:
        """The parts of a quoted string or of words glued together, with what lies between the parts.

        The grammar leaves blanks between parts of a string unnamed.
        """
        quoted = node.type == "string"
        at = node.start_byte + quoted
        result = ""
        for child, part in zip(node.named_children, parts, strict=True):
            result += self.between(at, child.start_byte, quoted) + (part or "")
            at = child.end_byte
        return result + self.between(at, node.end_byte - quoted, quoted)

    def between(self, start: int, end: int, quoted: bool) -> str:
        text = self.data[start:end].decode("utf-8", "surrogateescape")
        return _unescape(text, '"\\$`\n' if quoted else None)

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogateescape")

    def span(self, node: Node) -> Span:
        return Span(self.at(node.start_byte), self.at(node.end_byte))

    def at(self, byte: int) -> int:
        return self.base + self.places.at(byte)


def _append(words: list[Word], word: Word) -> None:
    """Add a word; one that touches the last is part of it, though the grammar takes `''\\$x` for two."""
    if not words or words[-1].span.end != word.span.start:
        words.append(word)
        return
    last = words.pop()
    value = last.value + word.value if last.value is not None and word.value is not None else None
    span = Span(last.span.start, word.span.end)
    words.append(Word(last.text + word.text, span, value, last.variables + word.variables))


def _unescape(text: str, only: str | None = None) -> str:
    """Take backslashes away: before any character, or before those in `only` (inside double quotes)."""
    if "\\" not in text:
        return text
    result, escaped = [], False
    for char in text:
        if escaped:
            result.append("" if char == "\n" else char if only is None or char in only else "\\" + char)
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            result.append(char)
    return "".join(result) + ("\\" if escaped else "")


def _walk(root: Node) -> Iterator[Node]:
    """Every node outside commands and substitutions, in order, without recursion."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if node.type not in ("command", "variable_assignment") and node.type not in _INSIDE:
            stack.extend(reversed(node.children))

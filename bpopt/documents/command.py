"""Shell commands with exact positions, through the bash grammar of tree-sitter.

Nothing here runs or expands anything: a word whose value depends on the shell at run time has no value,
only the text as written and the names of the variables in it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bpopt.documents.offsets import ByteOffsets
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Language, Node

# Characters: the time and memory of the grammar grow with the square of a pipeline (20,000 bars take 1 GB).
LONGEST = 4_000


class Word(NamedTuple):
    """One shell word: as written, where, what it means if that is certain, and the variables in it."""

    text: str
    span: Span
    value: str | None
    variables: tuple[str, ...] = ()


class Assignment(NamedTuple):
    """`NAME=value` before a command or exported by one."""

    name: str
    value: Word | None
    span: Span


class Command(NamedTuple):
    """A simple command: its words (the program first), the assignments before it, and how it is joined.

    `follows` is the operator before it (`&&`, `||`, `|`, `;` or empty for the first), `background` whether
    `&` sends it away.
    """

    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    span: Span
    follows: str = ""
    background: bool = False

    @property
    def program(self) -> str | None:
        """The last part of the path of the program, None if there is none or it is not certain."""
        value = self.words[0].value if self.words else None
        return value.rsplit("/", 1)[-1] if value is not None else None

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words after the program."""
        return self.words[1:]


class Script(NamedTuple):
    """All simple commands of a line of shell, in order; `errors` are the places the grammar rejects."""

    commands: tuple[Command, ...]
    assignments: tuple[Assignment, ...]
    errors: tuple[Span, ...]
    operators: frozenset[str] = frozenset()


def load_language(package: str) -> Language:
    """The grammar in the extension module of a tree-sitter language package.

    The packages' own `__init__` imports importlib.resources (10 ms) to offer query files that bpopt does
    not use; the extension beside it is all that is needed.
    """
    import importlib.util
    from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, PathFinder
    from os import listdir
    from warnings import catch_warnings, simplefilter

    from tree_sitter import Language

    spec = PathFinder.find_spec(package)
    folder = next(iter(spec.submodule_search_locations or ())) if spec else ""
    name = next(
        n for n in listdir(folder) if n.startswith("_binding") and n.endswith(tuple(EXTENSION_SUFFIXES))
    )
    loader = ExtensionFileLoader(f"{package}._binding", f"{folder}/{name}")
    binding_spec = importlib.util.spec_from_file_location(loader.name, loader.path, loader=loader)
    assert binding_spec is not None
    binding = importlib.util.module_from_spec(binding_spec)
    loader.exec_module(binding)
    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)
        return Language(binding.language())


@cache
def _parser() -> Callable[[bytes], Node]:
    from tree_sitter import Parser

    parser = Parser(load_language("tree_sitter_bash"))
    return lambda data: parser.parse(data).root_node


def parse(text: str, offset: int = 0) -> Script:
    """Parse shell text that begins at `offset` of its file; all spans are offsets into the file."""
    if len(text) > LONGEST:
        return Script((), (), (Span(offset, offset + len(text)),))
    data = text.encode("utf-8", "surrogateescape")
    return _Reader(data, offset, ByteOffsets(text)).read(_parser()(data))


# Nodes that hold commands of the script itself; substitutions run elsewhere and are left alone.
_INSIDE = frozenset({"command_substitution", "process_substitution", "function_definition", "heredoc_body"})
_OPERATORS = frozenset({"&&", "||", "|", "|&", ";", "&", ";;"})
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
        for child in node.named_children:
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
        return _unescape(text) if kind in ("word", "number") else None

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

"""Python source as syntax, with exact spans: never imported, never run.

The grammar is that of the Python that runs bpopt; a problem names it, as the app may run on a newer one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bpopt.documents.offsets import ByteOffsets
from bpopt.documents.tree import LARGEST, Problem, too_large, undecodable
from bpopt.patterns import Pattern
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    import ast

    from bpopt.text import Source

LONGEST_NAME = 20  # parts of a dotted name; a longer chain is no name
_LINE_END = Pattern(r"\r\n|\r|\n")
_CODING = Pattern(r"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


class Syntax(NamedTuple):
    """A parsed module (None if Python refuses it), the reason, the way to spans, and all nodes of the module."""

    source: Source
    module: ast.Module | None
    problems: tuple[Problem, ...]
    places: Places
    nodes: tuple[ast.AST, ...] = ()

    def span(self, node: Any) -> Span:
        """Where a statement or expression stands."""
        start = self.places.at(node.lineno, node.col_offset)
        return Span(start, max(start, self.places.at(node.end_lineno, node.end_col_offset)))


class Places:
    """Offsets of Python's positions: lines end at a carriage return too, columns count UTF-8 bytes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(m.end() for m in _LINE_END.finditer(text))]
        self.ascii = text.isascii()
        self.lines: dict[int, ByteOffsets] = {}

    def at(self, line: int, column: int) -> int:
        """The offset of a line (from 1) and a column in bytes (from 0), within the text."""
        start = self.starts[min(line, len(self.starts)) - 1]
        if not self.ascii:
            if line not in self.lines:
                end = self.starts[line] if line < len(self.starts) else len(self.text)
                self.lines[line] = ByteOffsets(self.text[start:end])
            column = self.lines[line].at(column)
        return min(start + column, len(self.text))


def parse_module(source: Source) -> Syntax:
    """Parse a module; files over a million characters are not read."""
    if problem := too_large(source):
        return Syntax(source, None, (problem,), Places(""))
    import ast
    from warnings import catch_warnings, simplefilter

    # One character for one that is not UTF-8: it may stand in a comment, and places stay what they are.
    text = source.text if source.text.isascii() else re.sub("[\udc80-\udcff]", "\ufffd", source.text)
    places = Places(text)
    problems = [p for p in [undecodable(source)] if p and not _CODING.match(text[:200])]
    if (nul := text.find("\0")) >= 0:
        problems.append(Problem("holds a NUL character, which Python refuses", Span(nul, nul + 1)))
        return Syntax(source, None, tuple(problems), places)
    module = None
    try:
        with catch_warnings():
            simplefilter("ignore")
            module = ast.parse(text)
    except SyntaxError as error:
        problems.append(_refused(error, places))
    except (ValueError, RecursionError, MemoryError):
        problems.append(Problem("is nested too deeply for Python to read", Span(0, min(1, len(text)))))
    # Several questions go through all nodes, and walking costs more than parsing.
    nodes = tuple(ast.walk(module)) if module is not None else ()
    return Syntax(source, module, tuple(problems), places, nodes)


def _refused(error: SyntaxError, places: Places) -> Problem:
    """Python's own message at its place (whose column counts characters from 1)."""
    from sys import version_info

    line = min(max(error.lineno or 1, 1), len(places.starts))
    start = min(places.starts[line - 1] + max((error.offset or 1) - 1, 0), len(places.text))
    end = min(start + 1, len(places.text))
    said = error.msg[:LARGEST].partition(" (<unknown>")[0]
    return Problem(f"Python {version_info[0]}.{version_info[1]} cannot read this: {said}", Span(start, end))


def dotted(node: Any) -> str:
    """A name such as `db.connect`, calls in it as `()`: `threading.Thread().start`. Empty if it is none."""
    parts: list[str] = []
    for _ in range(LONGEST_NAME):
        kind = type(node).__name__
        if kind == "Attribute":
            parts.append("." + node.attr)
            node = node.value
        elif kind == "Call":
            parts.append("()")
            node = node.func
        elif kind == "Name":
            return "".join([node.id, *reversed(parts)])
        else:
            break
    return ""

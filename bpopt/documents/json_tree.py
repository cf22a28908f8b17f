"""JSON into a tree with exact spans: checked by Python's own reader, then cut into tokens.

What is no JSON is said at its place. Comments and commas before a closing bracket, which many editors take
and no platform does, are problems too, but the rest of such a file is still read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bpopt.documents.tree import DEEPEST, TOO_DEEP, Entry, Node, Problem, Scalar, Tree, too_large, undecodable
from bpopt.patterns import Pattern
from bpopt.text import Span

if TYPE_CHECKING:
    from json import JSONDecoder

    from bpopt.text import Source

_STRING = r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'  # an open one runs to the end, so that no text is searched twice
_TOKEN = Pattern(_STRING + r"|[\[\]{}]|[^\s\[\]{},:]+", re.DOTALL)
_KINDS = {"{": "map", "[": "list"}
_COMMENT = Pattern(_STRING + r"|(?P<found>//[^\n]*|/\*.*?(?:\*/|\Z))", re.DOTALL)
_COMMA = Pattern(_STRING + r"|(?P<found>,(?=[ \t\r\n]*[}\]]))", re.DOTALL)
_NO_NUMBER = Pattern(_STRING + r"|(?P<found>-?Infinity|NaN)", re.DOTALL)
_PLAINER = (
    ("Expecting ',' delimiter", "a comma is missing before this"),
    ("Expecting ':' delimiter", "a colon is missing between key and value"),
    ("Expecting property name", "a key in double quotes is expected here"),
    (
        "Expecting value",
        "a value is expected here: text in double quotes, a number, true, false, null, [ or {",
    ),
    ("Extra data", "the document ended before this"),
    ("Invalid control character", "a line break or control character in a string: write \\n, \\t or \\u001b"),
    ("Invalid \\", "this backslash begins no JSON escape: write \\\\ for a backslash"),
    ("Unterminated string", "this string has no closing quote"),
)


def parse(source: Source) -> Tree:
    """Read a JSON file; `root` is None if more is wrong than comments and trailing commas."""
    if problem := too_large(source):
        return Tree(source, None, (problem,))
    problems = [p for p in [undecodable(source)] if p]
    text = source.text
    fault = _fault(text)
    if fault:
        text = _blanked(text, _COMMENT, "JSON has no comments", problems)
        text = _blanked(text, _COMMA, "JSON has no comma before a closing bracket", problems)
        fault = _fault(text)
    root = None
    if fault is None:
        root, fault = _build(text)
    if fault:
        problems.append(fault)
    return Tree(source, root, tuple(sorted(problems, key=lambda p: p.span)))


def _blanked(text: str, pattern: re.Pattern[str], message: str, problems: list[Problem]) -> str:
    """The text with blanks for what the pattern finds outside strings, each find a problem."""
    parts, at = [], 0
    for match in pattern.finditer(text):
        if match["found"] is not None:
            problems.append(Problem(message, Span(*match.span())))
            parts += [text[at : match.start()], " " * len(match[0])]
            at = match.end()
    return "".join(parts) + text[at:]


def _fault(text: str) -> Problem | None:
    """The first place where the text stops being JSON, as a strict reader sees it."""
    try:
        _reader().decode(text)
    except RecursionError:
        return Problem(TOO_DEEP, Span(0, min(1, len(text))))
    except ValueError as error:
        from json import JSONDecodeError

        if isinstance(error, JSONDecodeError):
            return _explain(text, error.pos, error.msg)
        found = next((m for m in _NO_NUMBER.finditer(text) if m["found"]), None)
        return Problem(f"{error} is no JSON number", Span(*found.span()) if found else Span(0, 0))
    return None


@cache
def _reader() -> JSONDecoder:
    """Python's reader, stricter: no NaN. Numbers are not converted: Python refuses very long ones, JSON does not."""
    from json import JSONDecoder

    def refuse(name: str) -> None:
        raise ValueError(name)

    return JSONDecoder(parse_constant=refuse, parse_int=str, parse_float=str)


def _explain(text: str, at: int, said: str) -> Problem:
    end = len(text.rstrip())
    if not end:
        return Problem("the file is empty", Span(0, 0))
    if at >= end:
        return Problem("the file ends too early: a bracket is not closed", Span(end - 1, end))
    if text[at] == "'":
        return Problem("JSON strings stand in double quotes", Span(at, at + 1))
    plain = next((plain for start, plain in _PLAINER if said.startswith(start)), said)
    return Problem(plain, Span(at, at + 1))


def _build(text: str) -> tuple[Node | None, Problem | None]:
    """Nodes from tokens; the text is known to be JSON, so that their order needs no check."""
    document = inside = Node(
        "list", Span(0, 0)
    )  # at first what holds the root, then the innermost map or list
    outer: list[Node] = []
    keyed = False  # whether the next string is a key
    key, key_span = "", Span(0, 0)
    spanned = Span._make  # every token of every file: half the price of a call with fields
    for match in _TOKEN.finditer(text):
        token = match[0]
        if keyed and token != "}":
            key, key_span, keyed = _string(token), spanned(match.span()), False
            continue
        if token in "]}":
            inside.span = spanned((inside.span.start, match.end()))
            inside = outer.pop()
            keyed = inside.kind == "map"
            continue
        kind = _KINDS.get(token, "scalar")
        value = None if kind != "scalar" else _string(token) if token[0] == '"' else _scalar(token)
        node = Node(kind, spanned(match.span()), value)
        if inside.kind == "map":
            inside.entries.append(Entry(key, key_span, node))
            keyed = True
        else:
            inside.items.append(node)
        if kind != "scalar":
            outer.append(inside)
            inside, keyed = node, kind == "map"
            if len(outer) > DEEPEST:
                return None, Problem(TOO_DEEP, node.span)
    return document.items[0] if document.items else None, None


def _string(raw: str) -> str:
    return raw[1:-1] if "\\" not in raw else str(_scalar(raw))


def _scalar(raw: str) -> Scalar:
    """The value of a string with escapes, a number or a word."""
    from json import loads

    try:
        value: Scalar = loads(raw)
    except ValueError:  # a number with more digits than Python converts
        return raw
    return value

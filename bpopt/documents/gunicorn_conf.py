"""gunicorn.conf.py: the settings it assigns, read as syntax and never run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.documents.python_syntax import Syntax, dotted, parse_module
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from bpopt.documents.tree import Problem
    from bpopt.text import Source

_GETTERS = ("environ.get", "getenv", "environ.pop", "environ.setdefault")
_LITERAL_NODES = 10_000  # a longer literal is no gunicorn setting
_BRANCHES = frozenset(
    {"If", "For", "AsyncFor", "While", "Try", "TryStar", "Match", "ExceptHandler", "match_case"}
)


class Assigned(NamedTuple):
    """One assignment at the level of the module.

    `value` counts only where `literal` is true. Otherwise `variables` are the environment variables that the
    expression reads and `calls` the dotted names it calls. `conditional`: inside an `if`, a loop or a `try`.
    """

    name: str
    literal: bool
    value: Any
    name_span: Span
    value_span: Span
    variables: tuple[str, ...]
    calls: tuple[str, ...]
    conditional: bool


class GunicornConf(NamedTuple):
    """A gunicorn configuration file.

    `functions` are the hooks it defines, with the spans of their whole definitions; `open_ended`: it takes
    names from elsewhere (`from base import *`, `exec`), so a setting that is not seen may still be set.
    """

    syntax: Syntax
    assignments: tuple[Assigned, ...]
    functions: tuple[tuple[str, Span], ...]
    open_ended: bool

    @property
    def source(self) -> Source:
        """The file."""
        return self.syntax.source

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why Python refuses the file."""
        return self.syntax.problems

    def find(self, name: str) -> Assigned | None:
        """The last assignment of a setting, which counts unless it is conditional."""
        return next((a for a in reversed(self.assignments) if a.name == name), None)


def parse(source: Source) -> GunicornConf:
    """Read a gunicorn configuration; one that Python refuses assigns nothing."""
    syntax = parse_module(source)
    assignments: list[Assigned] = []
    functions: list[tuple[str, Span]] = []
    open_ended = False
    for node, conditional in _statements(syntax.module):
        kind = type(node).__name__
        if kind in ("FunctionDef", "AsyncFunctionDef"):
            functions.append((node.name, syntax.span(node)))
        elif kind in ("Assign", "AnnAssign", "AugAssign"):
            assignments += _assigned(syntax, node, conditional)
        elif kind == "ImportFrom":
            open_ended = open_ended or any(n.name == "*" for n in node.names)
        elif kind == "Expr" and dotted(node.value).startswith(("exec()", "globals()", "locals()", "vars()")):
            open_ended = True
    return GunicornConf(syntax, tuple(assignments), tuple(functions), open_ended)


def _statements(module: ast.Module | None) -> Iterator[tuple[Any, bool]]:
    """The statements that run when the file is read, in order, and whether that is on a condition."""
    stack: list[tuple[Any, bool]] = [(n, False) for n in reversed(module.body)] if module else []
    while stack:
        node, conditional = stack.pop()
        yield node, conditional
        if type(node).__name__ in ("FunctionDef", "AsyncFunctionDef", "ClassDef"):
            continue
        inner = conditional or type(node).__name__ in _BRANCHES
        below = [
            child
            for field in ("body", "handlers", "cases", "orelse", "finalbody")
            for child in _listed(getattr(node, field, None))
        ]
        stack += [(child, inner) for child in reversed(below)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _assigned(syntax: Syntax, node: Any, conditional: bool) -> Iterator[Assigned]:
    """An entry for each name that an assignment binds; parts of tuples have no literal value."""
    import ast

    if node.value is None:
        return
    augmented = isinstance(node, ast.AugAssign)
    literal, value = (False, None) if augmented else _literal(node.value)
    variables, calls = _reads(node.value)
    for target in getattr(node, "targets", None) or [node.target]:
        names = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        plain = literal and names[:1] == [target]
        for name in names:
            if isinstance(name, ast.Name):
                spans = syntax.span(name), syntax.span(node.value)
                known = value if plain else None
                yield Assigned(name.id, plain, known, *spans, variables, calls, conditional)


def _literal(node: Any) -> tuple[bool, Any]:
    """Whether an expression is a literal, and its value."""
    import ast
    from itertools import islice

    if sum(1 for _ in islice(ast.walk(node), _LITERAL_NODES)) == _LITERAL_NODES:
        return False, None
    try:
        return True, ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False, None


def _reads(node: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The environment variables an expression reads, and the names it calls."""
    import ast

    variables: list[str] = []
    calls: list[str] = []
    for part in ast.walk(node):
        key: Any = None
        if isinstance(part, ast.Call) and (name := dotted(part.func)):
            calls.append(name)
            key = part.args[0] if name.endswith(_GETTERS) and part.args else None
        elif isinstance(part, ast.Subscript) and dotted(part.value).endswith("environ"):
            key = part.slice
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            variables.append(key.value)
    return tuple(dict.fromkeys(variables)), tuple(dict.fromkeys(calls))

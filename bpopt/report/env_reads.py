"""Which variables an app's own Python files read from the environment, and whether they can do without."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

MOST = 400  # files
LARGEST = 1_000_000  # bytes of a file
_ASIDE = ("tests/", "test/", "migrations/", "node_modules/", "docs/", "examples/", "scripts/")


class Read(NamedTuple):
    """A variable that a file reads: where (`path`, line from 1), and whether the app fails without it."""

    name: str
    path: str
    line: int
    required: bool


def reads(app: App) -> dict[str, Read]:
    """The variables that the app reads, by name; of several places one that needs it, else the first."""
    found: dict[str, Read] = {}
    for path in _files(app):
        for read in _in_file(app, path):
            known = found.get(read.name)
            if known is None or (read.required and not known.required):
                found[read.name] = read
    return dict(sorted(found.items()))


def _files(app: App) -> list[str]:
    paths = (
        path
        for path, size in app.files.walk()
        if path.endswith(".py") and size < LARGEST and not path.startswith(_ASIDE) and "/tests/" not in path
    )
    return sorted(paths, key=lambda path: (path.count("/"), path))[:MOST]


def _in_file(app: App, path: str) -> Iterator[Read]:
    raw = app.files.read(path)
    if raw is None or (b"environ" not in raw and b"getenv" not in raw):
        return
    try:
        tree = ast.parse(raw)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_environ(node.value):
            yield from _read(node.slice, path, node.lineno, True)
        elif isinstance(node, ast.Call) and node.args and _asks(node.func):
            yield from _read(node.args[0], path, node.lineno, False)


def _is_environ(node: ast.expr) -> bool:
    """`os.environ`, or `environ` imported from it."""
    if isinstance(node, ast.Attribute):
        return node.attr == "environ" and isinstance(node.value, ast.Name) and node.value.id == "os"
    return isinstance(node, ast.Name) and node.id == "environ"


def _asks(node: ast.expr) -> bool:
    """`os.environ.get`, `os.getenv`, `getenv`."""
    if isinstance(node, ast.Attribute):
        if node.attr == "get":
            return _is_environ(node.value)
        return node.attr == "getenv" and isinstance(node.value, ast.Name) and node.value.id == "os"
    return isinstance(node, ast.Name) and node.id == "getenv"


def _read(node: ast.expr, path: str, line: int, required: bool) -> Iterator[Read]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
        yield Read(node.value, path, line, required)

"""Which variables an app's own Python files read from the environment, and whether they can do without."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

MOST = 400  # files
LARGEST = 1_000_000  # bytes of a file
_WORDS = (b"environ", b"getenv", b"decouple")
# Of django-environ and environs: env.bool("X") and so on.
_KINDS = frozenset(("str", "bool", "int", "float", "list", "tuple", "dict", "json", "url", "decimal"))
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
    if raw is None or not any(word in raw for word in _WORDS):
        return
    try:
        tree = ast.parse(raw)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    asked = _Asked(tree)
    found = [read for node in ast.walk(tree) for read in _read(node, path, asked)]
    without = {read.name for read in found if not read.required} | asked.given
    for read in found:
        yield read._replace(required=read.required and read.name not in without)


class _Asked:
    """By what names a file calls readers of settings, and which settings it gives a value or looks for first."""

    def __init__(self, tree: ast.Module) -> None:
        self.callables: set[str] = set()
        self.given: set[str] = set()
        self.caught: set[ast.AST] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "decouple":
                self.callables |= {name.asname or name.name for name in node.names if name.name == "config"}
            elif isinstance(node, ast.Assign) and _is_env(node.value):
                self.callables |= {target.id for target in node.targets if isinstance(target, ast.Name)}
                assert isinstance(node.value, ast.Call)
                self.given |= {keyword.arg for keyword in node.value.keywords if keyword.arg}
            elif isinstance(node, ast.Compare) and _is_environ(node.comparators[0]):
                self.given |= set(_name(node.left))
            elif isinstance(node, ast.Try) and any(map(_catches, node.handlers)):
                self.caught |= {inner for part in node.body for inner in ast.walk(part)}


def _is_env(node: ast.expr) -> bool:
    """`environ.Env(...)` of django-environ, `Env(...)` of environs."""
    name = node.func if isinstance(node, ast.Call) else None
    if isinstance(name, ast.Attribute):
        return name.attr in ("Env", "FileAwareEnv") and isinstance(name.value, ast.Name)
    return isinstance(name, ast.Name) and name.id == "Env"


def _catches(handler: ast.ExceptHandler) -> bool:
    """Whether a missing variable ends in this handler."""
    kinds = ast.dump(handler.type) if handler.type is not None else "Exception"
    return any(name in kinds for name in ("KeyError", "LookupError", "Exception"))


def _read(node: ast.AST, path: str, asked: _Asked) -> Iterator[Read]:
    """What one place in the code reads."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_environ(node.value):
        for name in _name(node.slice):
            yield Read(name, path, node.lineno, node not in asked.caught)
    elif isinstance(node, ast.Call) and node.args:
        library = _is_library(node.func, asked.callables)
        if library or _asks(node.func):
            needed = library and len(node.args) == 1 and not any(k.arg == "default" for k in node.keywords)
            for name in _name(node.args[0]):
                yield Read(name, path, node.lineno, needed and node not in asked.caught)


def _is_environ(node: ast.expr) -> bool:
    """`os.environ`, or `environ` imported from it."""
    if isinstance(node, ast.Attribute):
        return node.attr == "environ" and isinstance(node.value, ast.Name) and node.value.id == "os"
    return isinstance(node, ast.Name) and node.id == "environ"


def _is_library(node: ast.expr, callables: set[str]) -> bool:
    """`config(...)` of decouple, `env(...)` and `env.bool(...)` of django-environ and environs."""
    if isinstance(node, ast.Attribute) and node.attr in _KINDS:
        node = node.value
    return isinstance(node, ast.Name) and node.id in callables


def _asks(node: ast.expr) -> bool:
    """`os.environ.get`, `os.getenv`, `getenv`."""
    if isinstance(node, ast.Attribute):
        if node.attr == "get":
            return _is_environ(node.value)
        return node.attr == "getenv" and isinstance(node.value, ast.Name) and node.value.id == "os"
    return isinstance(node, ast.Name) and node.id == "getenv"


def _name(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
        yield node.value

"""What names a module of the app has, and what the WSGI app was made by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ast import AST

    from bpopt.app import App


def maker(app: App, wsgi: str | None, roots: tuple[str, ...]) -> str | None:
    """The call that the object `module:name` comes from; None if it is not sure, as when it is assigned twice."""
    module, _, name = (wsgi or "").partition(":")
    program = app.program(module, roots) if module else None
    if program is None or module not in program.modules:
        return None
    found = program.lookup(program.modules[module], f"{module}.{name or 'application'}")
    if found is None or "(" in name:
        return None
    from ast import Name, Store

    stored = [
        node
        for node in found[0].python.syntax.nodes
        if isinstance(node, Name) and node.id == found[1] and isinstance(node.ctx, Store)
    ]
    made = found[0].python.made.get(("", found[1]))
    return made if len(stored) == 1 else None


def has_source(app: App) -> bool:
    """Whether any Python file of the app is there; if not, that a module is missing says nothing."""
    return any(path.endswith(".py") for path, _ in app.files.walk())


def top_names(app: App, path: str) -> set[str] | None:
    """The names that a module has when it is imported, as far as its syntax tells.

    None if that is not sure: it is broken, takes all names of another module, or makes them at run time.
    """
    python = app.python(path)
    if python is None or python.syntax.module is None or any(i.name == "*" for i in python.imports):
        return None
    from ast import (
        AsyncFunctionDef,
        ClassDef,
        FunctionDef,
        Global,
        Import,
        ImportFrom,
        Name,
        Store,
        iter_child_nodes,
        walk,
    )

    names: set[str] = set()
    stack: list[AST] = list(python.syntax.module.body)
    while stack:
        node = stack.pop()
        if isinstance(node, Global) or (isinstance(node, Name) and node.id in ("globals", "exec", "setattr")):
            return None
        if isinstance(node, Name) and isinstance(node.ctx, Store):
            names.add(node.id)
        elif isinstance(node, FunctionDef | AsyncFunctionDef | ClassDef):
            names.add(node.name)
            if any(isinstance(inner, Global) for inner in walk(node)):
                return None
            continue
        elif isinstance(node, Import | ImportFrom):
            names |= {a.asname or a.name.partition(".")[0] for a in node.names}
        stack += iter_child_nodes(node)
    return None if "__getattr__" in names else names

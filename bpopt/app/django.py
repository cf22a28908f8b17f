"""What Django imports by the names in its settings: the installed apps, middleware, URLs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bpopt.app.modules import Module

_PARTS = ("", ".apps", ".models", ".views")
# Lists of strings may be put together from these and from other names that end so.
_NAMES = ("INSTALLED_APPS", "MIDDLEWARE", "_APPS")
_LISTS = (ast.List, ast.Tuple, ast.BinOp, ast.Add, ast.Load, ast.Starred, ast.Constant)


def imported(settings: Module, find: Callable[[str], Module | None], gaps: list[str]) -> Iterator[str]:
    """The dotted names that Django imports for a settings module; what cannot be told is added to `gaps`.

    `find` reads a module by name: settings take others in by `from .base import *`.
    """
    told = False
    for module in _with_stars(settings, find):
        for name, value in _assigned(module):
            if name == "ROOT_URLCONF" and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value
            elif name.endswith(_NAMES):
                told = told or name == "INSTALLED_APPS"
                entries, sure = _strings(value)
                if not sure:
                    gaps.append(f"{module.path} makes up {name} at run time")
                yield from (f"{entry}{part}" for entry in entries for part in _PARTS)
    if not told:
        gaps.append(f"{settings.path} does not say which apps are installed")


def _with_stars(settings: Module, find: Callable[[str], Module | None]) -> list[Module]:
    """A settings module and those whose names it takes in."""
    found = [settings]
    for module in found:  # grows while it is read
        for entry in module.python.imports:
            full = module.absolute(entry.module) if entry.name == "*" else None
            other = find(full) if full else None
            if other is not None and all(other.path != m.path for m in found):
                found.append(other)
    return found


def _assigned(module: Module) -> Iterator[tuple[str, Any]]:
    """Every `NAME = value` and `NAME += value` that runs at import."""
    for statement in module.python.statements:
        targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign) and value is not None:
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))


def _strings(value: Any) -> tuple[list[str], bool]:
    """The strings of a list, and whether it is made of nothing else but other such lists."""
    nodes = list(ast.walk(value))
    sure = all(isinstance(n, _LISTS) or (isinstance(n, ast.Name) and n.id.endswith(_NAMES)) for n in nodes)
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)], sure

"""What importing the app leaves behind that a fork does not survive: open connections, running threads."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from bpopt.app import known
from bpopt.app import preload_table as table
from bpopt.app.hazard import Hazard, at
from bpopt.documents.python_source import keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app.calls import Calls, Site
    from bpopt.app.modules import Module

_RUNNING = ("Thread", "Timer", "Process")


def find(calls: Calls) -> Iterator[Hazard]:
    """Connections opened and threads started while the app is imported, and still there afterwards."""
    classes: dict[str, set[str]] = {}
    for site in calls.at_import:
        opened = known.find(table.CONNECTIONS, site.name)
        if opened is not None:
            if _kept(site) and not _unconnected(site):
                yield at(site, opened)
        elif f".{site.call.name}".endswith(table.QUERIES):
            yield at(site, table.QUERY)
        elif (started := _started(calls, site, classes)) is not None:
            yield at(site, started)


def _started(calls: Calls, site: Site, classes: dict[str, set[str]]) -> known.Known | None:
    """What is known of a call that starts something."""
    name = site.name
    found = known.find(table.THREADS, name)
    if found is not None and not name.startswith(table.HARMLESS):
        ends = [end for start, end in table.STARTS.items() if name.startswith(start)]
        return found if all(name.endswith(end) for end in ends) else None
    return table.THREADS[0] if name.endswith("().start") and _is_thread(calls, site, name, classes) else None


def _is_thread(calls: Calls, site: Site, name: str, classes: dict[str, set[str]]) -> bool:
    """Whether `Worker().start` starts a class of the app that is a thread."""
    bare = name.removesuffix("().start")
    found = calls.program.lookup(site.module, bare) or (site.module, bare)
    if found[0].name not in classes:
        classes[found[0].name] = set(_threads(found[0]))
    return found[1] in classes[found[0].name]


def _threads(module: Module) -> Iterator[str]:
    """The classes of a module that are threads or processes."""
    for node in module.python.syntax.nodes:
        if isinstance(node, ast.ClassDef):
            bases = [module.python.resolve(base).rpartition(".")[2] for base in node.bases]
            if any(base in _RUNNING for base in bases):
                yield node.name


def _unconnected(site: Site) -> bool:
    """A MongoClient that is told not to connect yet."""
    told = keyword(site.call, "connect")
    return isinstance(told, ast.Constant) and told.value is False


def _kept(site: Site) -> bool:
    """Whether what a call gives is still there when the import is over.

    It is not if it is closed, or held only by a variable of a function that neither returns nor stores it.
    """
    function = site.call.function
    body: Any = function.node if function is not None else site.module.python.syntax.module
    name = _bound_to(body, site.call.node)
    if name is None:
        return not any("closing" in w for w in site.call.within)
    for node in ast.walk(body):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ("close", "dispose", "quit")
            and _is(node.value, name)
        ):
            return False
    return function is None or _escapes(body, name)


def _bound_to(body: Any, call: ast.Call) -> str | None:
    """The variable that a call is assigned to, by `=` or `with ... as`."""
    for node in ast.walk(body):
        if isinstance(node, ast.Assign) and node.value is call and isinstance(node.targets[0], ast.Name):
            return node.targets[0].id
        if (
            isinstance(node, ast.withitem)
            and node.context_expr is call
            and isinstance(node.optional_vars, ast.Name)
        ):
            return node.optional_vars.id
    return None


def _is(node: Any, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _escapes(body: Any, name: str) -> bool:
    """Whether a variable of a function outlives it: global, returned, yielded, or assigned to something else."""
    for node in ast.walk(body):
        if isinstance(node, ast.Global | ast.Nonlocal) and name in node.names:
            return True
        if isinstance(node, ast.Return | ast.Yield | ast.Assign) and _mentions(node.value, name):
            return True
    return False


def _mentions(node: Any, name: str) -> bool:
    """Whether a value is the variable itself, alone or in a tuple, a list or a dictionary."""
    if isinstance(node, ast.Tuple | ast.List):
        return any(_mentions(e, name) for e in node.elts)
    if isinstance(node, ast.Dict):
        return any(_mentions(e, name) for e in node.values)
    return _is(node, name)

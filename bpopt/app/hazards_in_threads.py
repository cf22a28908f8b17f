"""What requests do that two threads must not do at once."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from bpopt.app import known, shared_things
from bpopt.app import thread_table as table
from bpopt.app.hazard import Hazard, at
from bpopt.app.reach import Reach
from bpopt.documents.python_source import FUNCTION, keyword
from bpopt.documents.python_syntax import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app.calls import Calls, Site
    from bpopt.app.modules import Module


def find(calls: Calls) -> Iterator[Hazard]:
    """Calls of what the whole process shares, uses of things that are made once, variables assigned to."""
    reach = Reach(calls)
    things = shared_things.find(calls)
    for site in (s for sites in calls.inside.values() for s in sites if s.call.place == FUNCTION):
        called = known.find(table.SHARED_CALLS, site.call.name)
        if called is not None:
            if not _told_where(site) and not _has_loop(site) and reach.unguarded(site):
                yield at(site, called)
        elif (
            things and (used := shared_things.used(calls, site, things)) is not None and reach.unguarded(site)
        ):
            yield at(site, used[1], f"uses {used[0]}, {used[1].what}")
    yield from _rebound(reach)


def _has_loop(site: Site) -> bool:
    """An event loop that is asked for where it certainly runs."""
    function = site.call.function
    return site.call.name.startswith("asyncio.") and isinstance(
        function.node if function is not None else None, ast.AsyncFunctionDef
    )


def _told_where(site: Site) -> bool:
    """face_recognition is told where the faces are, or to use the network that holds the GIL throughout."""
    name = site.call.name.rpartition(".")[2]
    model = keyword(site.call, "model")
    if name == "face_locations" and isinstance(model, ast.Constant) and model.value == "cnn":
        return True
    argument, position = table.TOLD_WHERE.get(name, ("", 99))
    given = keyword(site.call, argument) if argument else None
    if given is None and len(site.call.node.args) > position:
        given = site.call.node.args[position]
    return given is not None and not (isinstance(given, ast.Constant) and given.value is None)


def _rebound(reach: Reach) -> Iterator[Hazard]:
    """Functions that requests may run and that assign to a variable of the module: all threads share it."""
    for key, function in reach.calls.functions.items():
        module = reach.calls.program.modules[key[0]]
        if "global" not in module.python.source.text:
            continue
        names = {n for node in ast.walk(function.node) if isinstance(node, ast.Global) for n in node.names}
        store = next(_stores(reach, module, key[1], function.node, names), None) if names else None
        if store is not None and reach.in_requests(key):
            what = f"assigns to {store.id} of the module, which all threads of a worker share"
            yield Hazard(module.python.source, module.python.span(store), what, table.REBINDS.url)


def _stores(reach: Reach, module: Module, function: str, node: Any, names: set[str]) -> Iterator[ast.Name]:
    """Assignments to one of the names, but for those under a lock and those made once (`if x is None: x = ...`)."""
    stack = [node]
    while stack:
        at = stack.pop()
        if isinstance(at, ast.Name) and isinstance(at.ctx, ast.Store) and at.id in names:
            yield at
        if isinstance(at, ast.With) and any(
            reach.is_lock(module, function, dotted(i.context_expr).removesuffix("()")) for i in at.items
        ):
            continue
        once = _made_once(at.test) if isinstance(at, ast.If) else ""
        if once in names:
            inner = _stores(reach, module, function, ast.Module(at.body, []), names - {once})
            yield from inner
            stack += at.orelse
            continue
        stack += ast.iter_child_nodes(at)


def _made_once(test: Any) -> str:
    """The variable that `if x is None:` or `if not x:` asks about, empty for other questions."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and isinstance(test.operand, ast.Name):
        return test.operand.id
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is) and isinstance(test.left, ast.Name):
        right = test.comparators[0]
        return test.left.id if isinstance(right, ast.Constant) and right.value is None else ""
    return ""

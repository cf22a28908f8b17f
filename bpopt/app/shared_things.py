"""Things that a process makes once and that threads must not use at once: where they are kept, who uses them.

Kept in a variable of a module, in an attribute of a class, in an attribute of an object that is made once, or by
a function that remembers what it made.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from bpopt.app import known
from bpopt.app.thread_table import SHARED_OBJECTS
from bpopt.documents.python_syntax import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app.calls import Calls, Key, Site
    from bpopt.app.modules import Module

Things = dict["Key", known.Known]  # by module and name: `detector`, `Engine.detector`, `get_detector()`

_REMEMBERING = ("lru_cache", "cache")


def find(calls: Calls) -> Things:
    """Every such thing of the app."""
    found: Things = {}
    for module in calls.program.modules.values():
        functions = {f.name: f for f in module.python.functions}
        for (owner, name), maker in module.python.made.items():
            made = _made(module, maker)
            if made is None:
                continue
            if owner not in functions:  # the module itself, or a class
                found[(module.name, f"{owner}.{name}" if owner else name)] = made
            elif _is_global(functions[owner].node, name):
                found[(module.name, name)] = made
    for key, function in calls.functions.items():
        if any(d.rpartition(".")[2] in _REMEMBERING for d in function.decorators):
            made = next(
                (m for s in calls.inside.get(key, ()) if (m := known.find(SHARED_OBJECTS, s.call.name))), None
            )
            if made is not None:
                found[(key[0], f"{key[1]}()")] = made
    found.update(_attributes(calls))
    return found


def _made(module: Module, maker: str) -> known.Known | None:
    """What a call makes, through one more variable (`cursor = connection.cursor()`) or another name for it."""
    base, dot, rest = maker.partition(".")
    if ("", base) in module.python.made:
        maker = f"{module.python.made[('', base)]}(){dot}{rest}"
    elif (alias := _aliases(module).get(base)) is not None:
        maker = f"{alias}{dot}{rest}"
    return known.find(SHARED_OBJECTS, maker)


def _aliases(module: Module) -> dict[str, str]:
    """Variables of the module that only give another name to something imported: `mp_hands = mp.solutions.hands`."""
    found = {}
    for statement in module.python.statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Attribute):
            target, name = statement.targets[0], module.python.resolve(statement.value)
            if isinstance(target, ast.Name) and name:
                found[target.id] = name
    return found


def _is_global(node: ast.AST, name: str) -> bool:
    return any(isinstance(n, ast.Global) and name in n.names for n in ast.walk(node))


def _attributes(calls: Calls) -> Iterator[tuple[Key, known.Known]]:
    """`self.x = ...` in the methods of classes of which one object serves all."""
    once = set(_made_once(calls))
    for (module_name, name), function in calls.functions.items():
        owner = name.rpartition(".")[0]
        if (module_name, owner) not in once:
            continue
        module = calls.program.modules[module_name]
        for node in ast.walk(function.node):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                target = dotted(node.targets[0])
                made = _made(module, module.python.resolve(node.value.func))
                if target.startswith("self.") and made is not None:
                    yield (module_name, f"{owner}.{target.removeprefix('self.')}"), made


def _made_once(calls: Calls) -> Iterator[Key]:
    """The classes of which an object is made at import, or kept by a function that makes it."""
    early = {id(site.call) for site in calls.at_import}
    for sites in calls.inside.values():
        for site in sites:
            for module, name in calls.callees(site):
                if not name.endswith(".__init__") or _per_thread(
                    calls, module, name.removesuffix(".__init__")
                ):
                    continue
                if id(site.call) in early or _keeps(calls, site):
                    yield module, name.removesuffix(".__init__")


def _per_thread(calls: Calls, module_name: str, name: str) -> bool:
    """Whether a class is a `threading.local`, of which each thread has its own."""
    module = calls.program.modules[module_name]
    tree = module.python.syntax.module
    classes = (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == name) if tree else ()
    return any(module.python.resolve(base) == "threading.local" for node in classes for base in node.bases)


def _keeps(calls: Calls, site: Site) -> bool:
    """Whether a call stands in a function that remembers what it made: by a cache, or in a variable of the module."""
    function = site.call.function
    if function is None:
        return True
    cached = any(d.rpartition(".")[2] in _REMEMBERING for d in function.decorators)
    return cached or any(isinstance(n, ast.Global) for n in ast.walk(function.node))


def used(calls: Calls, site: Site, things: Things) -> tuple[str, known.Known] | None:
    """The thing that a call calls, or a method of which it calls, with its name."""
    for name in _names(calls, site):
        key, rest = name
        parts = rest.replace("()", "").split(".")
        for cut in range(len(parts), 0, -1):
            own = ".".join(parts[:cut])
            if (thing := things.get((key, own))) is not None:
                return own, thing
    for module, function in calls.callees(site):
        if (thing := things.get((module, f"{function}()"))) is not None:
            return f"{function}()", thing
    return None


def _names(calls: Calls, site: Site) -> Iterator[Key]:
    """What a call may be called in the modules that hold things: module and dotted name."""
    name = site.call.name
    base, _, rest = name.partition(".")
    if base in ("self", "cls") and rest:
        yield site.module.name, f"{site.key[1].rpartition('.')[0]}.{rest}"
        return
    if (site.key[1], base) in site.module.python.made and not _is_global_here(site, base):
        return  # a variable of the function itself
    if base in _parameters(site):
        return
    yield site.module.name, name
    yield site.module.name, site.name
    for full in (name, site.name):
        found = calls.program.lookup(site.module, full.replace("()", "")) if "." in full else None
        if found is not None:
            yield found[0].name, found[1]


def _is_global_here(site: Site, name: str) -> bool:
    return site.call.function is not None and _is_global(site.call.function.node, name)


def _parameters(site: Site) -> set[str]:
    arguments = getattr(site.call.function.node, "args", None) if site.call.function else None
    if arguments is None:
        return set()
    return {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}

"""What in the app's own source would go wrong under `--preload` or `--threads`, and what is heavy to import.

Read as syntax, from the WSGI module on; nothing is imported or run. Finding nothing counts only where
`complete` is true: all of the app's modules that can be reached were read.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.app import hazard_tables as tables
from bpopt.app.calls import Calls, Key, Site
from bpopt.documents.python_source import FUNCTION, IMPORT, keyword
from bpopt.documents.python_syntax import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.app import App
    from bpopt.app.imports import Module, Program
    from bpopt.text import Source, Span


class Hazard(NamedTuple):
    """One place in the app's source that makes an option dangerous; `what` goes on after "line 3 "."""

    source: Source
    span: Span
    what: str
    url: str

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.source.path}:{self.source.position(self.span.start).line}"


class Hazards(NamedTuple):
    """All that reading the app told. `gaps` are why it could not be read in full."""

    preload: tuple[Hazard, ...]
    threads: tuple[Hazard, ...]
    heavy: tuple[Hazard, ...]
    gaps: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether everything that can be reached was read."""
        return not self.gaps


def find(app: App, wsgi: str | None, roots: tuple[str, ...] = ("",)) -> Hazards:
    """The hazards of the app that gunicorn is told to load as `module:name`; `roots` are folders of the app."""
    if not wsgi:
        return Hazards((), (), (), ("the module that gunicorn loads is not known",))
    module, _, attribute = wsgi.partition(":")
    program = app.program(module, roots)
    calls = Calls(program, _factory(program, module, attribute))
    return Hazards(
        tuple(_sorted(_at_import(calls))),
        tuple(_sorted([*_shared_calls(calls), *_shared_objects(calls), *_rebound(calls)])),
        tuple(_heavy(program, calls)),
        program.gaps,
    )


def _factory(program: Program, module: str, attribute: str) -> Key | None:
    """The function that gunicorn calls, for `app:create_app()`."""
    name, bracket, _ = attribute.partition("(")
    found = program.lookup(program.modules[module], f"{module}.{name}") if module in program.modules else None
    return (found[0].name, found[1]) if bracket and found is not None else None


def _sorted(hazards: Iterable[Hazard]) -> list[Hazard]:
    """By place, each place once."""
    return sorted(
        {(h.source.path, h.span): h for h in hazards}.values(), key=lambda h: (h.source.path, h.span)
    )


def _at_import(calls: Calls) -> Iterator[Hazard]:
    """Connections opened and threads started while the app is imported, and still there afterwards."""
    for site in calls.at_import:
        known = _known(tables.CONNECTIONS, site.name)
        if known is not None and (_kept(site) and not _unconnected(site)):
            yield Hazard(site.module.python.source, site.call.span, known.what, known.url)
        elif known is None and f".{site.call.name}".endswith(tables.QUERIES):
            yield Hazard(site.module.python.source, site.call.span, tables.QUERY.what, tables.QUERY.url)
        elif (started := _known(tables.THREADS, site.name)) is not None:
            yield Hazard(site.module.python.source, site.call.span, started.what, started.url)


def _known(table: tuple[tables.Known, ...], name: str) -> tables.Known | None:
    """The entry of a table for a dotted name."""
    if name.startswith(tables.HARMLESS):
        return None
    for known in table:
        for pattern in known.names:
            if name == pattern or (pattern[-1] == "*" and name.startswith(pattern[:-1])):
                return known if name.endswith(tables.STARTS.get(pattern, "")) else None
    return None


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


def _shared_calls(calls: Calls) -> Iterator[Hazard]:
    """Calls of functions that threads must not be in at once, in functions that requests may run."""
    for site in _in_functions(calls):
        known = _known(tables.SHARED_CALLS, site.call.name)
        if known is None or _told_where(site) or calls.guarded(site) or not calls.in_requests(site.key):
            continue
        yield Hazard(site.module.python.source, site.call.span, known.what, known.url)


def _in_functions(calls: Calls) -> Iterator[Site]:
    return (s for sites in calls.inside.values() for s in sites if s.call.place == FUNCTION)


def _told_where(site: Site) -> bool:
    """face_recognition is told where the faces are, or to use the network that holds the GIL throughout."""
    name = site.call.name.rpartition(".")[2]
    model = keyword(site.call, "model")
    if name == "face_locations" and isinstance(model, ast.Constant) and model.value == "cnn":
        return True
    argument, position = tables.TOLD_WHERE.get(name, ("", 99))
    given = keyword(site.call, argument) if argument else None
    if given is None and len(site.call.node.args) > position:
        given = site.call.node.args[position]
    return given is not None and not (isinstance(given, ast.Constant) and given.value is None)


def _shared_objects(calls: Calls) -> Iterator[Hazard]:
    """Uses of things made once for a module that two threads must not use at once."""
    shared = {
        (m.name, name): known
        for m in calls.program.modules.values()
        for (function, name) in m.python.made
        if not function and (known := _shared_maker(m, name)) is not None
    }
    for site in _in_functions(calls) if shared else ():
        known = _used(calls, site, shared)
        if known is not None and not calls.guarded(site) and calls.in_requests(site.key):
            name = site.call.name.partition(".")[0].removesuffix("()")
            what = f"uses {name} of the module, {known.what}"
            yield Hazard(site.module.python.source, site.call.span, what, known.url)


def _shared_maker(module: Module, name: str) -> tables.Known | None:
    """What a variable of a module was made of, through one more variable (`cursor = connection.cursor()`)."""
    made = module.python.made
    maker = made[("", name)]
    base, dot, rest = maker.partition(".")
    if ("", base) in made:
        maker = f"{made[('', base)]}(){dot}{rest}"
    elif (alias := _aliases(module).get(base)) is not None:
        maker = f"{alias}{dot}{rest}"
    return _known(tables.SHARED_OBJECTS, maker)


def _aliases(module: Module) -> dict[str, str]:
    """Variables of the module that only give another name to something imported: `mp_hands = mp.solutions.hands`."""
    found = {}
    for statement in module.python.statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Attribute):
            target, name = statement.targets[0], module.python.resolve(statement.value)
            if isinstance(target, ast.Name) and name:
                found[target.id] = name
    return found


def _used(calls: Calls, site: Site, shared: dict[Key, tables.Known]) -> tables.Known | None:
    """The shared thing whose method, or which itself, a call calls."""
    base = site.call.name.partition(".")[0]
    local = (site.key[1], base) in site.module.python.made or base in _parameters(site)
    if not local and (known := shared.get((site.module.name, base))) is not None:
        return known
    found = calls.program.lookup(site.module, site.call.name) if "." in site.call.name else None
    return shared.get((found[0].name, found[1].partition(".")[0])) if found is not None else None


def _parameters(site: Site) -> set[str]:
    arguments = getattr(site.call.function.node, "args", None) if site.call.function else None
    if arguments is None:
        return set()
    return {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def _rebound(calls: Calls) -> Iterator[Hazard]:
    """Functions that requests may run and that assign to a variable of the module: all threads share it."""
    for key, function in calls.functions.items():
        module = calls.program.modules[key[0]]
        names = {n for node in ast.walk(function.node) if isinstance(node, ast.Global) for n in node.names}
        store = next(_stores(calls, module, key[1], function.node, names), None) if names else None
        if store is not None and calls.in_requests(key):
            what = f"assigns to {store.id} of the module, which all threads of a worker share"
            yield Hazard(module.python.source, module.python.span(store), what, tables.REBINDS.url)


def _stores(calls: Calls, module: Module, function: str, node: Any, names: set[str]) -> Iterator[ast.Name]:
    """Assignments to one of the names, but for those under a lock and those made once (`if x is None: x = ...`)."""
    stack = [node]
    while stack:
        at = stack.pop()
        if isinstance(at, ast.Name) and isinstance(at.ctx, ast.Store) and at.id in names:
            yield at
        if isinstance(at, ast.With) and any(
            calls.is_lock(module, function, dotted(i.context_expr).removesuffix("()")) for i in at.items
        ):
            continue
        once = _made_once(at.test) if isinstance(at, ast.If) else ""
        if once in names:
            inner = _stores(calls, module, function, ast.Module(at.body, []), names - {once})
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


def _heavy(program: Program, calls: Calls) -> Iterator[Hazard]:
    """The imports that take long, in modules that are imported at the start; each library once."""
    seen = set()
    early = {s.module.name for s in calls.at_import} | {program.entry}
    for module in program.modules.values():
        for imported in module.python.imports:
            top = imported.full.partition(".")[0]
            if imported.place == IMPORT and top in tables.HEAVY and top not in seen and module.name in early:
                seen.add(top)
                yield Hazard(module.python.source, imported.span, f"imports {top}", "")

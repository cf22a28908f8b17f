"""Who calls whom among the functions of an app: what importing it runs, and what a request may run.

Names are followed as far as syntax allows: imports, functions, classes and the variables made from them.
Nothing is known of what a framework calls, so a function that has a decorator, is passed on as a value or
has no caller counts as one that a request may run.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.app.imports import prefixes
from bpopt.documents.python_source import FUNCTION, IMPORT, MAIN, TYPING, Call, Function, keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app.imports import Module, Program

Key = tuple[str, str]  # module, function with the classes and functions around it

# Decorators that change how a function is called, not by whom.
_PLAIN_DECORATORS = frozenset({
    "staticmethod", "classmethod", "property", "cached_property", "contextmanager", "lru_cache", "cache",
    "wraps", "override", "abstractmethod", "dataclass", "overload", "final",
})  # fmt: skip
_LOCKS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition")
_ONE_THREAD = ("submit", "map")
_HANDED_ON = frozenset({"submit", "map", "apply", "apply_async", "Thread", "Timer", "partial"})


class Site(NamedTuple):
    """One call in one module."""

    module: Module
    call: Call

    @property
    def key(self) -> Key:
        """The function it stands in."""
        return (self.module.name, self.call.function.name if self.call.function else "")

    @property
    def name(self) -> str:
        """The dotted name that is called, imports resolved, variables traced back to what they were made of."""
        return self.module.python.origin(self.call)


class Calls:
    """The calls of a program, by the functions they stand in and lead to."""

    def __init__(self, program: Program, factory: Key | None = None) -> None:
        self.program = program
        self.factory = factory
        self.functions: dict[Key, Function] = {}
        self.inside: dict[Key, list[Site]] = {}
        for module in program.modules.values():
            for function in module.python.functions:
                self.functions.setdefault((module.name, function.name), function)
            for call in module.python.calls:
                if call.place in (IMPORT, FUNCTION):
                    site = Site(module, call)
                    self.inside.setdefault(site.key, []).append(site)

    @cached_property
    def callers(self) -> dict[Key, list[Site]]:
        """The calls that lead to each function."""
        found: dict[Key, list[Site]] = {}
        for sites in self.inside.values():
            for site in sites:
                for key in self.callees(site):
                    found.setdefault(key, []).append(site)
        return found

    def callees(self, site: Site) -> Iterator[Key]:
        """The function of the app that a call leads to, if that can be told."""
        around = site.call.function.name if site.call.function else ""
        bare = site.call.name
        base, _, rest = bare.partition(".")
        names = [f"{around}.{bare}", bare] if around else [bare]
        if base in ("self", "cls") and rest:
            names.insert(0, f"{around.rpartition('.')[0]}.{rest}")
        traced = site.name.replace("()", "")
        if traced != bare:
            names.append(traced)
        module = site.module.name
        own = next(
            (k for n in names for k in ((module, n), (module, f"{n}.__init__")) if k in self.functions), None
        )
        if own is not None:
            yield own
            return
        found = self.program.lookup(site.module, traced) if "." in traced else None
        if found is not None:
            name = found[1]
            yield from (
                k for k in ((found[0].name, name), (found[0].name, f"{name}.__init__")) if k in self.functions
            )

    @cached_property
    def at_import(self) -> list[Site]:
        """The calls that happen when the WSGI module is imported (and its factory called), in no special order."""
        sites: list[Site] = []
        keys: list[Key] = [(name, "") for name in prefixes(self.program.entry)]
        keys += self._of_django()
        if self.factory is not None:
            keys.append(self.factory)
        seen: set[Key] = set()
        for key in keys:  # grows while it is read
            if key in seen:
                continue
            seen.add(key)
            keys += [(name, "") for name in self._imports(key)]
            for site in self.inside.get(key, ()):
                if site.key == key and self._runs(site, key):
                    sites.append(site)
                    keys += self.callees(site)
        return sites

    def _runs(self, site: Site, key: Key) -> bool:
        return site.call.place == (FUNCTION if key[1] else IMPORT)

    def _of_django(self) -> Iterator[Key]:
        """Django imports the apps it is told of when it starts, and calls their `ready`."""
        modules = self.program.modules
        if any("DJANGO_SETTINGS_MODULE" in m.python.source.text for m in modules.values()):
            yield from ((n, "") for n in modules if n.rpartition(".")[2] in ("apps", "models"))
            yield from (k for k in self.functions if k[0].endswith("apps") and k[1].endswith(".ready"))

    def _imports(self, key: Key) -> Iterator[str]:
        """The local modules that importing a module, or calling a function, imports."""
        module = self.program.modules.get(key[0])
        function = self.functions.get(key) if key[1] else None
        if module is None:
            return
        for imported in module.python.imports:
            if imported.place in (MAIN, TYPING) or (imported.place == FUNCTION) != bool(key[1]):
                continue
            if function and not function.span.start <= imported.span.start < function.span.end:
                continue
            full = module.absolute(imported.module)
            for name in (full, f"{full}.{imported.name}" if full else imported.name):
                yield from (p for p in prefixes(name or "") if p in self.program.modules)

    def in_requests(self, key: Key) -> bool:
        """Whether a request may run a function on several threads at once: not if every way to it is locked."""
        return self._in_requests(key, set())

    def _in_requests(self, key: Key, asked: set[Key]) -> bool:
        if "<lambda>" in key[1]:
            return True
        function = self.functions.get(key)
        if function is None or key in asked:
            return False
        asked.add(key)
        if any(d.rpartition(".")[2] not in _PLAIN_DECORATORS for d in function.decorators):
            return True
        name = key[1].rpartition(".")[2]
        if name in self.passed_on.get(key[0], ()) or name in self.passed_on.get("", ()):
            return True
        sites = self.callers.get(key, []) or self._by_method_name(key)
        if not sites:
            return key != self.factory and name not in self.serial
        free = [s for s in sites if s.call.place == FUNCTION and not self.guarded(s)]
        return any(self._in_requests(s.key, asked) for s in free)

    def _by_method_name(self, key: Key) -> list[Site]:
        """Calls of any object's method of that name, for a method that no call is known to lead to."""
        owner, _, name = key[1].rpartition(".")
        if not owner:
            return []
        ending = f".{name}"
        return [s for sites in self.inside.values() for s in sites if s.call.name.endswith(ending)]

    def guarded(self, site: Site) -> bool:
        """Whether a call stands inside `with lock:`."""
        return any(self.is_lock(site.module, site.key[1], name) for name in site.call.within)

    def is_lock(self, module: Module, function: str, name: str) -> bool:
        """Whether a name in a function is a lock: made as one, or called one."""
        made = module.python.made
        maker = made.get(("", name)) or made.get((function, name)) or ""
        if maker.rpartition(".")[2] in _LOCKS or "lock" in name.lower() or "mutex" in name.lower():
            return True
        base, dot, rest = name.partition(".")
        found = self.program.lookup(module, module.python.bindings.get(base, base) + dot + rest)
        return found is not None and found[0].python.made.get(("", found[1]), "").rpartition(".")[2] in _LOCKS

    @cached_property
    def serial(self) -> frozenset[str]:
        """Functions that are only handed to an executor of one thread, which runs one call at a time."""
        return frozenset(self._handed_on(True))

    @cached_property
    def passed_on(self) -> dict[str, set[str]]:
        """Names used as values, not called, by module; under the empty name those used as attributes."""
        found: dict[str, set[str]] = {"": set()}
        serial = self.serial - set(self._handed_on(False))
        for module in self.program.modules.values():
            tree = module.python.syntax.module
            called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)} if tree else set()
            names = found.setdefault(module.name, set())
            for node in ast.walk(tree) if tree else ():
                if id(node) in called or not isinstance(getattr(node, "ctx", None), ast.Load):
                    continue
                if isinstance(node, ast.Name):
                    names.add(node.id)
                elif isinstance(node, ast.Attribute):
                    found[""].add(node.attr)
            names -= serial
        return found

    def _handed_on(self, serial: bool) -> Iterator[str]:
        """The names given as first argument to submit() and the like of a one-thread executor, or of another."""
        for sites in self.inside.values():
            for site in sites:
                method = site.call.name.rpartition(".")[2]
                first: Any = site.call.node.args[0] if site.call.node.args else None
                if method not in _HANDED_ON or not isinstance(first, ast.Name):
                    continue
                if (method in _ONE_THREAD and self._one_thread(site)) == serial:
                    yield first.id

    def _one_thread(self, site: Site) -> bool:
        base = site.call.name.partition(".")[0]
        for made in site.module.python.calls:
            if made.name.endswith("ThreadPoolExecutor") and made.place == IMPORT:
                workers = keyword(made, "max_workers") or (made.node.args[0] if made.node.args else None)
                if site.module.python.made.get(("", base)) == made.name and isinstance(workers, ast.Constant):
                    return bool(workers.value == 1)
        return False

"""Which functions of an app several threads may be in at once when it answers requests.

Nothing is known of what a framework calls, so a function that has a decorator, is passed on as a value or
has no caller counts as one that a request may run. A lock around every way to it makes it safe.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bpopt.documents.python_source import FUNCTION, IMPORT, keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app.calls import Calls, Key, Site
    from bpopt.app.modules import Module

# Decorators that change how a function is called, not by whom.
_PLAIN_DECORATORS = frozenset({
    "staticmethod", "classmethod", "property", "cached_property", "contextmanager", "lru_cache", "cache",
    "wraps", "override", "abstractmethod", "dataclass", "overload", "final",
})  # fmt: skip
_LOCKS = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition")
_ONE_THREAD = ("submit", "map")
_HANDED_ON = frozenset({"submit", "map", "apply", "apply_async", "Thread", "Timer", "partial"})


class Reach:
    """What requests may run, by the calls of a program."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    def unguarded(self, site: Site) -> bool:
        """Whether two threads may make a call at once."""
        return not self.guarded(site) and self.in_requests(site.key)

    def in_requests(self, key: Key) -> bool:
        """Whether a request may run a function on several threads at once: not if every way to it is locked."""
        queue, asked = [key], set()
        for one in queue:  # grows while it is read
            if one in asked:
                continue
            asked.add(one)
            called = self._by_framework(one)
            if called:
                return True
            if called is None:
                sites = self.calls.callers.get(one) or self._of_method(one)
                queue += [s.key for s in sites if s.call.place == FUNCTION and not self.guarded(s)]
        return False

    def _by_framework(self, key: Key) -> bool | None:
        """Whether something that cannot be seen may call a function; None if its callers decide."""
        if "<lambda>" in key[1]:
            return True
        function = self.calls.functions.get(key)
        if function is None or key in self.calls.run_as_scripts:
            return False
        if any(d.rpartition(".")[2] not in _PLAIN_DECORATORS for d in function.decorators):
            return True
        name = key[1].rpartition(".")[2]
        if name in self.passed_on.get(key[0], ()) or name in self.passed_on.get("", ()):
            return True
        if self.calls.callers.get(key) or self._of_method(key):
            return None
        return key != self.calls.factory and name not in self.serial

    def _of_method(self, key: Key) -> list[Site]:
        """Calls of any object's method of that name, for a method that no call is known to lead to."""
        owner, _, name = key[1].rpartition(".")
        return self.methods.get(name, []) if owner else []

    @cached_property
    def methods(self) -> dict[str, list[Site]]:
        """The calls `x.name()` by name, whatever `x` is."""
        found: dict[str, list[Site]] = {}
        for sites in self.calls.inside.values():
            for site in sites:
                before, dot, name = site.call.name.rpartition(".")
                if before and dot:
                    found.setdefault(name, []).append(site)
        return found

    def guarded(self, site: Site) -> bool:
        """Whether a call stands inside `with lock:`, or in a function that calls `lock.acquire()`."""
        acquired = [
            s.call.name.removesuffix(".acquire")
            for s in self.calls.inside.get(site.key, ())
            if s.call.name.endswith(".acquire")
        ]
        return any(self.is_lock(site.module, site.key[1], name) for name in (*site.call.within, *acquired))

    def is_lock(self, module: Module, function: str, name: str) -> bool:
        """Whether a name in a function is a lock: made as one, or called one."""
        made = module.python.made
        maker = made.get(("", name)) or made.get((function, name)) or ""
        if maker.rpartition(".")[2] in _LOCKS or "lock" in name.lower() or "mutex" in name.lower():
            return True
        base, dot, rest = name.partition(".")
        found = self.calls.program.lookup(module, module.python.bindings.get(base, base) + dot + rest)
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
        for module in self.calls.program.modules.values():
            nodes = module.python.syntax.nodes
            called = {id(n.func) for n in nodes if isinstance(n, ast.Call)}
            names = found.setdefault(module.name, set())
            for node in nodes:
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
        for sites in self.calls.inside.values():
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

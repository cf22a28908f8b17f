"""The app's own modules, by dotted name, and what a name in one of them stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.documents.python_source import PythonSource

_MOST = 50  # re-exports followed for one name


class Module(NamedTuple):
    """One module of the app: its dotted name, where it is, and what it says."""

    name: str
    path: str
    python: PythonSource
    own: frozenset[str]  # what it defines itself

    @property
    def package(self) -> str:
        """The package that its relative imports start from."""
        return self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]

    def absolute(self, name: str) -> str | None:
        """A dotted name as this module writes it, relative dots resolved; None if they lead out of the app."""
        dots = len(name) - len(name.lstrip("."))
        if not dots:
            return name
        parts = self.package.split(".") if self.package else []
        if dots - 1 > len(parts):
            return None
        return ".".join([*parts[: len(parts) - dots + 1], *filter(None, [name[dots:]])])


class Program(NamedTuple):
    """The modules by name, in the order in which they were met, and what could not be followed."""

    entry: str
    modules: dict[str, Module]
    gaps: tuple[str, ...]

    def lookup(self, module: Module, name: str) -> tuple[Module, str] | None:
        """The module and the name in it that a dotted name stands for, re-exports followed; None if not local."""
        return self._lookup(module, name, set())

    def _lookup(self, module: Module, name: str, seen: set[tuple[str, str]]) -> tuple[Module, str] | None:
        full = module.absolute(name)
        if full is None or (module.name, full) in seen or len(seen) > _MOST:
            return None
        seen.add((module.name, full))
        parts = full.split(".")
        for cut in range(len(parts), 0, -1):
            found = self.modules.get(".".join(parts[:cut]))
            if found is not None:
                return self._inside(found, parts[cut:], seen)
        return None

    def _inside(
        self, module: Module, rest: list[str], seen: set[tuple[str, str]]
    ) -> tuple[Module, str] | None:
        if not rest:
            return module, ""
        bound = module.python.bindings.get(rest[0])
        if bound is not None:
            return self._lookup(module, ".".join([bound, *rest[1:]]), seen)
        if rest[0] in module.own:
            return module, ".".join(rest)
        stars = [i for i in module.python.imports if i.name == "*"]
        found = (self._lookup(module, ".".join([i.module, *rest]), seen) for i in stars)
        return next((f for f in found if f is not None), None) or (module, ".".join(rest))


def prefixes(name: str) -> list[str]:
    """`a`, `a.b`, `a.b.c` of `a.b.c`: a package is imported before what is in it."""
    parts = name.split(".")
    return [".".join(parts[: n + 1]) for n in range(len(parts))] if name else []

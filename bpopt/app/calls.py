"""Who calls whom among the functions of an app, and what importing it runs.

Names are followed as far as syntax allows: imports, functions, classes and the variables made from them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bpopt.app.modules import prefixes
from bpopt.documents.python_source import FUNCTION, IMPORT, MAIN, TYPING, Call, Function
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app.modules import Module, Program

Key = tuple[str, str]  # module, function with the classes and functions around it


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
        self.scripts: list[Site] = []
        for module in program.modules.values():
            for function in module.python.functions:
                self.functions.setdefault((module.name, function.name), function)
            for call in module.python.calls:
                site = Site(module, call)
                if call.place in (IMPORT, FUNCTION):
                    self.inside.setdefault(site.key, []).append(site)
                elif call.place == MAIN:
                    self.scripts.append(site)

    @cached_property
    def callers(self) -> dict[Key, list[Site]]:
        """The calls that lead to each function."""
        found: dict[Key, list[Site]] = {}
        for sites in self.inside.values():
            for site in sites:
                for key in self.callees(site):
                    found.setdefault(key, []).append(site)
        return found

    @cached_property
    def run_as_scripts(self) -> frozenset[Key]:
        """The functions that a module calls only `if __name__ == "__main__"`, which gunicorn never does."""
        return frozenset(
            key for site in self.scripts for key in self.callees(site) if key not in self.callers
        )

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

"""The app's own modules that importing its WSGI module can bring in, followed through their imports as syntax.

Nothing is imported. What cannot be followed (a file that does not parse, a name made up at run time, too many
files) is kept as a gap: whoever asks whether something is absent must look at the gaps first.
"""

from __future__ import annotations

from sys import stdlib_module_names
from typing import TYPE_CHECKING, Any

from bpopt.app.modules import Module, Program, prefixes
from bpopt.documents import python_source
from bpopt.documents.python_source import FUNCTION, IMPORT, Imported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

MOST_MODULES = 200
MOST_CHARACTERS = 2_000_000
_NOT_IMPORTED = ("tests", "test", "docs", "examples", "migrations")


def follow(app: App, entry: str, roots: tuple[str, ...] = ("",)) -> Program:
    """Read a module by its dotted name, and every local module that it or those import anywhere.

    `roots` are the folders, relative to the app, that are searched in order.
    """
    return _Follower(app, roots).run(entry)


def locate(app: App, module: str, roots: tuple[str, ...]) -> str | None:
    """The file of a module in the first of these folders that has it, None if none has."""
    relative = module.replace(".", "/")
    for root in roots:
        base = f"{root}/{relative}" if root else relative
        for path in (f"{base}/__init__.py", f"{base}.py"):
            if app.files.exists(path):
                return path
    return None


class _Follower:
    def __init__(self, app: App, roots: tuple[str, ...]) -> None:
        self.app = app
        self.roots = roots
        self.modules: dict[str, Module] = {}
        self.gaps: list[str] = []
        self.characters = 0
        self.foreign: set[str] = set()  # first parts of names that are no modules of these folders

    def run(self, entry: str) -> Program:
        queue = [entry]
        if locate(self.app, entry, self.roots) is None:
            self.gaps.append(f"{entry.replace('.', '/')}.py is not there")
        for name in queue:  # grows while it is read
            for part in prefixes(name):
                if part not in self.modules and (module := self.read(part)):
                    self.modules[part] = module
                    queue += self.wanted(module)
        self.gaps += self.elsewhere()
        return Program(entry, self.modules, tuple(dict.fromkeys(self.gaps)))

    def elsewhere(self) -> Iterator[str]:
        """Modules that are not where they are looked for, but in some other folder of the app."""
        names = self.foreign - stdlib_module_names - {*self.modules}
        names = {n for n in names if self.app.requirement(n) is None}
        for path, _ in self.app.files.walk() if names else ():
            if not path.endswith(".py"):
                continue
            parts = path.removesuffix("/__init__.py").removesuffix(".py").split("/")
            if parts[-1] in names and parts[0] not in _NOT_IMPORTED:
                names.discard(parts[-1])
                yield f"{path} may be what is imported as {parts[-1]}"

    def read(self, name: str) -> Module | None:
        path = locate(self.app, name, self.roots) if name else None
        if path is None:
            if name and "." not in name:
                self.foreign.add(name)
            return None
        if len(self.modules) >= MOST_MODULES or self.characters > MOST_CHARACTERS:
            self.gaps.append("the app is too large to follow all of its imports")
            return None
        python = self.app.python(path)
        if python is None:
            self.gaps.append(f"{path} cannot be read")
            return None
        self.characters += len(python.source.text)
        if python.problems:
            self.gaps.append(f"{path}: {python.problems[0].message}")
        own = {f.name.partition(".")[0] for f in python.functions}
        own |= {variable for function, variable in python.made if not function}
        return Module(name, path, python, frozenset(own))

    def wanted(self, module: Module) -> Iterator[str]:
        """The dotted names that a module imports anywhere in it, local or not."""
        for imported in module.python.imports:
            if imported.place in (IMPORT, FUNCTION):
                yield from self.imported(module, imported)
        for call in module.python.calls:
            yield from self.called(module, call)

    def imported(self, module: Module, imported: Imported) -> Iterator[str]:
        full = module.absolute(imported.module)
        if full is None:
            self.gaps.append(f"{module.path} imports from outside the app")
        elif full:
            yield full
        if full is not None and imported.name not in (None, "*"):
            yield f"{full}.{imported.name}" if full else str(imported.name)

    def called(self, module: Module, call: python_source.Call) -> Iterator[str]:
        """Imports by name, and what Django imports of its own accord."""
        if call.name in ("importlib.import_module", "__import__"):
            text = literal(call.node.args[0]) if call.node.args else None
            if isinstance(text, str) and (full := module.absolute(text)):
                yield full
            elif call.place == IMPORT or call.function is not None:
                self.gaps.append(f"{module.path} imports modules whose names are made at run time")
        elif call.name in ("sys.path.append", "sys.path.insert") and call.place == IMPORT:
            self.gaps.append(f"{module.path} changes where modules are looked for")
        elif call.name == "os.environ.setdefault" and len(call.node.args) == 2:
            name, value = (literal(a) for a in call.node.args)
            if name == "DJANGO_SETTINGS_MODULE" and isinstance(value, str):
                yield value
                yield from self.installed(value)

    def installed(self, settings: str) -> Iterator[str]:
        """What Django loads for its settings."""
        from bpopt.app import django

        module = self.read(settings)
        if module is None:
            self.gaps.append(f"the settings {settings} are not there")
        else:
            yield from django.imported(module, self.read, self.gaps)


def literal(node: Any) -> Any:
    """The value of a literal, None of anything else."""
    from ast import literal_eval

    try:
        return literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None

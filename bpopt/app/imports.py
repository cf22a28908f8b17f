"""The app's own modules that importing its WSGI module can bring in, followed through their imports as syntax.

Nothing is imported. What cannot be followed (a file that does not parse, a name made up at run time, too many
files) is kept as a gap: whoever asks whether something is absent must look at the gaps first.
"""

from __future__ import annotations

from ast import (
    AST,
    AsyncFunctionDef,
    ClassDef,
    FunctionDef,
    Global,
    Import,
    ImportFrom,
    Name,
    Store,
    iter_child_nodes,
    walk,
)
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.documents import python_source
from bpopt.documents.python_source import FUNCTION, IMPORT, Imported, PythonSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

MOST_MODULES = 200
MOST_CHARACTERS = 2_000_000
_DEEPEST = 5  # re-exports followed for one name


class Module(NamedTuple):
    """One module of the app: its dotted name, where it is, and what it says."""

    name: str
    path: str
    python: PythonSource

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

    def lookup(self, module: Module, name: str, depth: int = 0) -> tuple[Module, str] | None:
        """The module and the name in it that a dotted name stands for, re-exports followed; None if not local."""
        full = module.absolute(name)
        if full is None or depth > _DEEPEST:
            return None
        parts = full.split(".")
        for cut in range(len(parts), 0, -1):
            found = self.modules.get(".".join(parts[:cut]))
            if found is not None:
                return self._inside(found, parts[cut:], depth)
        return None

    def _inside(self, module: Module, rest: list[str], depth: int) -> tuple[Module, str] | None:
        if not rest:
            return module, ""
        bound = module.python.bindings.get(rest[0])
        if bound is not None:
            return self.lookup(module, ".".join([bound, *rest[1:]]), depth + 1)
        own = {f.name.partition(".")[0] for f in module.python.functions}
        if rest[0] in own or ("", rest[0]) in module.python.made:
            return module, ".".join(rest)
        stars = [i for i in module.python.imports if i.name == "*"]
        found = (self.lookup(module, ".".join([i.module, *rest]), depth + 1) for i in stars)
        return next((f for f in found if f is not None), None) or (module, ".".join(rest))


def follow(app: App, entry: str, roots: tuple[str, ...] = ("",)) -> Program:
    """Read a module by its dotted name, and every local module that it or those import anywhere.

    `roots` are the folders, relative to the app, that are searched in order.
    """
    return _Follower(app, roots).run(entry)


def maker(app: App, wsgi: str | None, roots: tuple[str, ...]) -> str | None:
    """The call that the object `module:name` comes from; None if it is not sure, as when it is assigned twice."""
    module, _, name = (wsgi or "").partition(":")
    program = app.program(module, roots) if module else None
    if program is None or module not in program.modules:
        return None
    found = program.lookup(program.modules[module], f"{module}.{name or 'application'}")
    if found is None or "(" in name:
        return None
    tree = found[0].python.syntax.module
    stored = [
        node
        for node in (walk(tree) if tree else ())
        if isinstance(node, Name) and node.id == found[1] and isinstance(node.ctx, Store)
    ]
    made = found[0].python.made.get(("", found[1]))
    return made if len(stored) == 1 else None


def has_source(app: App) -> bool:
    """Whether any Python file of the app is there; if not, that a module is missing says nothing."""
    return any(path.endswith(".py") for path, _ in app.files.walk())


def located(app: App, module: str, roots: tuple[str, ...]) -> str | None:
    """The file of a module in the first of these folders that has it, None if none has."""
    return _Follower(app, roots).locate(module)


def top_names(app: App, path: str) -> set[str] | None:
    """The names that a module has when it is imported, as far as its syntax tells.

    None if that is not sure: it is broken, takes all names of another module, or makes them at run time.
    """
    source = app.source(path)
    python = python_source.parse(source) if source is not None else None
    if python is None or python.syntax.module is None or any(i.name == "*" for i in python.imports):
        return None
    names: set[str] = set()
    stack: list[AST] = list(python.syntax.module.body)
    while stack:
        node = stack.pop()
        if isinstance(node, Global) or (isinstance(node, Name) and node.id in ("globals", "exec", "setattr")):
            return None
        if isinstance(node, Name) and isinstance(node.ctx, Store):
            names.add(node.id)
        elif isinstance(node, FunctionDef | AsyncFunctionDef | ClassDef):
            names.add(node.name)
            if any(isinstance(inner, Global) for inner in walk(node)):
                return None
            continue
        elif isinstance(node, Import | ImportFrom):
            names |= {a.asname or a.name.partition(".")[0] for a in node.names}
        stack += iter_child_nodes(node)
    return None if "__getattr__" in names else names


class _Follower:
    def __init__(self, app: App, roots: tuple[str, ...]) -> None:
        self.app = app
        self.roots = roots
        self.modules: dict[str, Module] = {}
        self.gaps: list[str] = []
        self.characters = 0

    def run(self, entry: str) -> Program:
        queue = [entry]
        if self.locate(entry) is None:
            self.gaps.append(f"{entry.replace('.', '/')}.py is not there")
        for name in queue:  # grows while it is read
            for part in prefixes(name):
                if part not in self.modules and (module := self.read(part)):
                    self.modules[part] = module
                    queue += self.wanted(module)
        return Program(entry, self.modules, tuple(dict.fromkeys(self.gaps)))

    def locate(self, name: str) -> str | None:
        """The file of a module, None if it is not one of the app's."""
        relative = name.replace(".", "/")
        for root in self.roots:
            base = f"{root}/{relative}" if root else relative
            for path in (f"{base}/__init__.py", f"{base}.py"):
                if self.app.files.exists(path):
                    return path
        return None

    def read(self, name: str) -> Module | None:
        path = self.locate(name) if name else None
        if path is None:
            return None
        if len(self.modules) >= MOST_MODULES or self.characters > MOST_CHARACTERS:
            self.gaps.append("the app is too large to follow all of its imports")
            return None
        source = self.app.source(path)
        if source is None:
            self.gaps.append(f"{path} cannot be read")
            return None
        self.characters += len(source.text)
        python = python_source.parse(source)
        if python.problems:
            self.gaps.append(f"{path}: {python.problems[0].message}")
        return Module(name, path, python)

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
        """What Django loads for its settings: the installed apps with their models, middleware, URLs."""
        path = self.locate(settings)
        source = self.app.source(path) if path else None
        if path is None or source is None:
            self.gaps.append(f"the settings {settings} are not there")
            return
        literals = dict(assigned(python_source.parse(source)))
        if "INSTALLED_APPS" not in literals:
            self.gaps.append(f"{path} makes up the installed apps at run time")
        for name, value in literals.items():
            if name in ("INSTALLED_APPS", "MIDDLEWARE"):
                for entry in value if isinstance(value, list | tuple) else ():
                    if isinstance(entry, str):
                        yield from (entry, f"{entry}.apps", f"{entry}.models", f"{entry}.views")
            elif name == "ROOT_URLCONF" and isinstance(value, str):
                yield value


def prefixes(name: str) -> list[str]:
    """`a`, `a.b`, `a.b.c` of `a.b.c`: a package is imported before what is in it."""
    parts = name.split(".")
    return [".".join(parts[: n + 1]) for n in range(len(parts))] if name else []


def assigned(python: PythonSource) -> Iterator[tuple[str, Any]]:
    """Names that a module assigns a literal to, with the literal."""
    for statement in python.statements:
        if type(statement).__name__ == "Assign":
            value = literal(statement.value)  # type: ignore[attr-defined]
            for target in statement.targets if value is not None else ():  # type: ignore[attr-defined]
                if type(target).__name__ == "Name":
                    yield target.id, value


def literal(node: Any) -> Any:
    """The value of a literal, None of anything else."""
    from ast import literal_eval

    try:
        return literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None

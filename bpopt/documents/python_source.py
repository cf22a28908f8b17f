"""A Python file of the app: what it imports, what it calls, and which of that happens while it is imported.

Built for the search for hazards: connections opened or threads started at import, mutable things used by
request handlers without a lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.documents.python_syntax import Syntax, dotted, parse_module
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from bpopt.documents.tree import Problem
    from bpopt.text import Source

# Where code runs: while the module is imported, in a function, only as a script, or only for type checkers.
IMPORT, FUNCTION, MAIN, TYPING = "import", "function", "main", "typing"


class Imported(NamedTuple):
    """One imported name: `import module as alias`, or `from module import name as alias`.

    `module` keeps the dots of a relative import; `name` is None for a plain import, `*` for all. `optional`:
    inside a `try` with handlers.
    """

    module: str
    name: str | None
    alias: str
    span: Span
    place: str
    optional: bool

    @property
    def full(self) -> str:
        """The dotted name that the alias stands for."""
        if self.name is None:
            return self.module
        return f"{self.module}{self.name}" if self.module.endswith(".") else f"{self.module}.{self.name}"


class Function(NamedTuple):
    """A function or method: `name` with classes and functions around it, decorators as dotted names."""

    name: str
    span: Span
    decorators: tuple[str, ...]
    node: ast.AST


class Call(NamedTuple):
    """One call. `name` is dotted, imports resolved: `np.zeros` is `numpy.zeros`; empty if it is no name.

    `place` is one of IMPORT, FUNCTION, MAIN, TYPING; `function` the one around it; `within` the context
    managers around it in that function (`with lock:` gives `lock`); `via` the functions of this module by
    which importing reaches it.
    """

    name: str
    span: Span
    place: str
    function: Function | None
    within: tuple[str, ...]
    node: ast.Call
    via: tuple[str, ...] = ()


class PythonSource(NamedTuple):
    """What bpopt asks of a module; all in the order of the file.

    `statements` are those that run at import, `bindings` what imported names stand for, `made` what call a
    variable of a function (or of the module, function name empty) was assigned from.
    """

    syntax: Syntax
    imports: tuple[Imported, ...]
    functions: tuple[Function, ...]
    calls: tuple[Call, ...]
    statements: tuple[ast.stmt, ...]
    bindings: dict[str, str]
    made: dict[tuple[str, str], str]

    @property
    def source(self) -> Source:
        """The file."""
        return self.syntax.source

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why Python refuses the file."""
        return self.syntax.problems

    def span(self, node: ast.AST) -> Span:
        """Where a node stands."""
        return self.syntax.span(node)

    def resolve(self, node: ast.AST) -> str:
        """The dotted name of an expression, imports resolved; empty if it is none."""
        return _resolved(dotted(node), self.bindings)

    def imports_of(self, module: str) -> tuple[Imported, ...]:
        """The imports of a module or of something inside it."""
        return tuple(i for i in self.imports if f"{i.full}.".startswith(f"{module}."))

    def origin(self, call: Call) -> str:
        """The name of a call with its variable traced back: `t.start` to `threading.Thread().start`."""
        base, dot, rest = call.name.partition(".")
        scope = call.function.name if call.function else ""
        maker = self.made.get((scope, base)) or self.made.get(("", base))
        return f"{maker}(){dot}{rest}" if maker and dot else call.name

    def calls_in_functions(self) -> tuple[Call, ...]:
        """The calls that happen when a function is called."""
        return tuple(c for c in self.calls if c.place == FUNCTION)

    def calls_at_import(self, follow: bool = True) -> tuple[Call, ...]:
        """The calls that happen when the module is imported.

        With `follow` also those in functions and `__init__`s of this module that importing reaches, such as
        the body of `create_app` in `app = create_app()`.
        """
        calls = [c for c in self.calls if c.place == IMPORT]
        if not follow:
            return tuple(calls)
        inside: dict[str, list[Call]] = {}
        for call in self.calls_in_functions():
            inside.setdefault(call.function.name if call.function else "", []).append(call)
        reached: set[str] = set()
        for call in calls:  # grows while it is read
            name = next((n for n in _callees(call) if n in inside), None)
            if name and name not in reached:
                reached.add(name)
                calls += [c._replace(via=(*call.via, name)) for c in inside[name]]
        return tuple(calls)


def parse(source: Source) -> PythonSource:
    """Read a module; one that Python refuses has no imports and calls, only problems."""
    from bpopt.documents.python_walk import Walk

    syntax = parse_module(source)
    walk = Walk(syntax)
    if syntax.module:
        walk.run()
    bindings: dict[str, str] = {}
    for imported in sorted(walk.imports, key=lambda i: i.place == FUNCTION):
        if imported.name != "*":
            bindings.setdefault(*_binding(imported))
    named = ((c, _resolved(c.name, bindings)) for c in walk.calls)
    return PythonSource(
        syntax,
        tuple(walk.imports),
        tuple(walk.functions),
        tuple(c if c.name == name else c._replace(name=name) for c, name in named),
        tuple(walk.statements),
        bindings,
        {key: _resolved(name, bindings) for key, name in walk.made.items()},
    )


def _binding(imported: Imported) -> tuple[str, str]:
    """What a name stands for; `import a.b` binds only `a`."""
    if (
        imported.name is None
        and "." in imported.module
        and imported.alias == imported.module.partition(".")[0]
    ):
        return imported.alias, imported.alias
    return imported.alias, imported.full


def _resolved(name: str, bindings: dict[str, str]) -> str:
    base, dot, rest = name.partition(".")
    bare = base.removesuffix("()")
    return bindings[bare] + base[len(bare) :] + dot + rest if bare in bindings else name


def _callees(call: Call) -> Iterator[str]:
    """The names under which a function of this module may be what is called."""
    around = call.function.name if call.function else ""
    base, _, rest = call.name.partition(".")
    if base == "self" and rest:
        yield f"{around.rpartition('.')[0]}.{rest}"
    names = (f"{around}.{call.name}", call.name) if around else (call.name,)
    for name in names:
        yield name
        yield f"{name}.__init__"


def keyword(call: Call, name: str) -> Any:
    """The expression of a keyword argument, None if it is not given by name."""
    return next((k.value for k in call.node.keywords if k.arg == name), None)

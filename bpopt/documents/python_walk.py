"""One pass over a module's syntax, without recursion: imports, functions, calls and where each runs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from bpopt.documents.python_source import FUNCTION, IMPORT, MAIN, TYPING, Call, Function, Imported
from bpopt.documents.python_syntax import dotted
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpopt.documents.python_syntax import Syntax
    from bpopt.text import Span


class _Context(NamedTuple):
    """What surrounds a node; `inside` is the span of the f-string around it, whose parts have wrong ones."""

    place: str = IMPORT
    function: Function | None = None
    qualified: str = ""
    within: tuple[str, ...] = ()
    optional: bool = False
    inside: Span | None = None


_Step = tuple[ast.AST, _Context]


class Walk:
    """Collects in the order of the file; names are as written, not yet resolved."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax
        self.imports: list[Imported] = []
        self.functions: list[Function] = []
        self.calls: list[Call] = []
        self.statements: list[ast.stmt] = []
        self.made: dict[tuple[str, str], str] = {}

    def run(self) -> None:
        """Visit every node once."""
        module = self.syntax.module
        stack: list[_Step] = [(n, _Context()) for n in reversed(module.body)] if module else []
        while stack:
            node, context = stack.pop()
            if context.place == IMPORT and isinstance(node, ast.stmt):
                self.statements.append(node)
            steps = self.visit(node, context)
            stack.extend(reversed(list(steps)))

    def visit(self, node: Any, context: _Context) -> Iterable[_Step]:
        """Note what a node is, and say what lies below it."""
        match type(node).__name__:
            case "Import" | "ImportFrom":
                self.note_import(node, context)
                return ()
            case "FunctionDef" | "AsyncFunctionDef":
                return self.function(node, context)
            case "Lambda":
                return self.lambda_(node, context)
            case "ClassDef":
                inner = context._replace(qualified=_joined(context.qualified, node.name))
                outer = [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
                return [*_each(outer, context), *_each(node.body, inner)]
            case "If":
                inner = (
                    context._replace(place=_guard(node.test) or context.place)
                    if not context.function
                    else context
                )
                return [(node.test, context), *_each(node.body, inner), *_each(node.orelse, context)]
            case "Try" | "TryStar":
                inner = context._replace(optional=True) if node.handlers else context
                return [
                    *_each(node.body, inner),
                    *_each([*node.handlers, *node.orelse, *node.finalbody], context),
                ]
            case "With" | "AsyncWith":
                names = tuple(dotted(i.context_expr).removesuffix("()") for i in node.items)
                inner = context._replace(within=context.within + names)
                return [*_each(node.items, context), *_each(node.body, inner)]
            case "AnnAssign":
                self.note_made([node.target], node.value, context)
                return _each([n for n in (node.target, node.value) if n], context)
            case "Assign":
                self.note_made(node.targets, node.value, context)
            case "Call":
                span = context.inside or self.syntax.span(node)
                place, function, _, within, *_ = context
                self.calls.append(Call(dotted(node.func), span, place, function, within, node))
            case "JoinedStr":
                context = context._replace(inside=context.inside or self.syntax.span(node))
        return _each(ast.iter_child_nodes(node), context)

    def function(self, node: Any, context: _Context) -> list[_Step]:
        """Decorators and defaults run where the function is defined, the body where it is called."""
        name = _joined(context.qualified, node.name)
        decorators = tuple(dotted(d).removesuffix("()") for d in node.decorator_list)
        function = Function(name, self.syntax.span(node), decorators, node)
        self.functions.append(function)
        inner = _Context(FUNCTION, function, name)
        outer = [*node.decorator_list, *_defaults(node)]
        return [*_each(outer, context), *_each(node.body, inner)]

    def lambda_(self, node: Any, context: _Context) -> list[_Step]:
        """A lambda inside a function counts as that function."""
        inner = context
        if context.function is None:
            span = context.inside or self.syntax.span(node)
            name = _joined(context.qualified, "<lambda>")
            inner = _Context(FUNCTION, Function(name, span, (), node), name, inside=context.inside)
        return [*_each(_defaults(node), context), (node.body, inner)]

    def note_import(self, node: Any, context: _Context) -> None:
        """One entry per imported name."""
        span = self.syntax.span(node)
        origin = "." * getattr(node, "level", 0) + (getattr(node, "module", None) or "")
        for name in node.names:
            if isinstance(node, ast.Import):
                alias = name.asname or name.name.partition(".")[0]
                entry = Imported(name.name, None, alias, span, context.place, context.optional)
            else:
                alias = name.asname or name.name
                entry = Imported(origin, name.name, alias, span, context.place, context.optional)
            self.imports.append(entry)

    def note_made(self, targets: list[Any], value: Any, context: _Context) -> None:
        """Remember which call a variable comes from, the first time."""
        if isinstance(value, ast.Call) and (maker := dotted(value.func)):
            for target in targets:
                if isinstance(target, ast.Name):
                    self.made.setdefault((context.qualified, target.id), maker)


def _each(nodes: Iterable[ast.AST], context: _Context) -> list[_Step]:
    return [(node, context) for node in nodes]


def _joined(outer: str, name: str) -> str:
    return f"{outer}.{name}" if outer else name


def _defaults(node: Any) -> list[ast.AST]:
    return [d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None]


def _guard(test: Any) -> str | None:
    """The place of the body of `if __name__ == "__main__":` and `if TYPE_CHECKING:`, None of any other."""
    if dotted(test).rpartition(".")[2] == "TYPE_CHECKING":
        return TYPING
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        sides = (test.left, test.comparators[0])
        names = any(isinstance(s, ast.Name) and s.id == "__name__" for s in sides)
        return (
            MAIN
            if names and any(isinstance(s, ast.Constant) and s.value == "__main__" for s in sides)
            else None
        )
    return None

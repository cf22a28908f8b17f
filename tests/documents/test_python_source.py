"""Python files as syntax: imports, calls, when they happen, and places."""

from __future__ import annotations

import ast
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.documents import python_source
from bpopt.documents.python_source import Call, PythonSource
from bpopt.text import Source
from tests.documents.places import at, source


def read(text: str) -> PythonSource:
    parsed = python_source.parse(source(text))
    assert parsed.problems == ()
    return parsed


def names(calls: tuple[Call, ...]) -> list[str]:
    return [c.name for c in calls]


IMPORTS = """\
import numpy as np, os.path
from flask import Flask as F, request
from . import db
from ..x.y import *
try:
    import orjson
except ImportError:
    orjson = None
if TYPE_CHECKING:
    import typed
def f():
    import late
"""


def test_imports_say_what_they_bind_and_when() -> None:
    parsed = read(IMPORTS)
    assert [(i.alias, i.full, i.place, i.optional) for i in parsed.imports] == [
        ("np", "numpy", "import", False),
        ("os", "os.path", "import", False),
        ("F", "flask.Flask", "import", False),
        ("request", "flask.request", "import", False),
        ("db", ".db", "import", False),
        ("*", "..x.y.*", "import", False),
        ("orjson", "orjson", "import", True),
        ("typed", "typed", "typing", False),
        ("late", "late", "function", False),
    ]
    assert parsed.bindings["os"] == "os"
    assert [i.alias for i in parsed.imports_of("flask")] == ["F", "request"]
    assert at(IMPORTS, parsed.imports[2].span) == "from flask import Flask as F, request"


def test_names_are_resolved_through_imports() -> None:
    text = (
        "import a.b as c, d.e\nfrom f import g as h\nc.x(); d.e.y(); h(); h.z(); h().w(); q(); t[0](); h()()"
    )
    assert names(read(text).calls) == [
        "a.b.x", "d.e.y", "f.g", "f.g.z", "f.g().w", "f.g", "q", "", "f.g()", "f.g",
    ]  # fmt: skip


WHEN = """\
from m import one, two, three, four, five, six
one(two())
@three(x=four())
def f(a=five()):
    one()
class A(two()):
    z = three()
    def m(self):
        two()
if __name__ == "__main__":
    three()
else:
    four()
if not __name__ == "__main__":
    five()
while six():
    [one() for _ in two()]
k = lambda: three()
"""


def test_calls_happen_at_import_in_functions_or_as_a_script() -> None:
    parsed = read(WHEN)
    at_import = [n.removeprefix("m.") for n in names(parsed.calls_at_import(follow=False))]
    assert at_import == [
        "one",
        "two",
        "three",
        "four",
        "five",
        "two",
        "three",
        "four",
        "five",
        "six",
        "one",
        "two",
    ]
    inside = [(c.name, c.function.name if c.function else None) for c in parsed.calls_in_functions()]
    assert inside == [("m.one", "f"), ("m.two", "A.m"), ("m.three", "<lambda>")]
    assert [c.name for c in parsed.calls if c.place == "main"] == ["m.three"]


def test_functions_have_decorators_and_places() -> None:
    text = "class V:\n    @app.route('/é')\n    @login\n    async def get(self):\n        def inner(): pass\n"
    outer, inner = read(text).functions
    assert (outer.name, outer.decorators, inner.name) == ("V.get", ("app.route", "login"), "V.get.inner")
    assert at(text, inner.span) == "def inner(): pass"


def test_importing_reaches_the_functions_it_calls() -> None:
    text = """\
import psycopg2, threading
def connect():
    return psycopg2.connect()
def unused():
    psycopg2.connect(1)
def create_app():
    connect()
    def nested(): threading.Thread()
    nested()
    create_app()
class Store:
    def __init__(self): self.open()
    def open(self): threading.Lock()
app = create_app()
store = Store()
"""
    reached = {c.name: c.via for c in read(text).calls_at_import()}
    assert reached["psycopg2.connect"] == ("create_app", "connect")
    assert reached["threading.Thread"] == ("create_app", "create_app.nested")
    assert reached["threading.Lock"] == ("Store.__init__", "Store.open")
    assert len([c for c in read(text).calls_at_import() if c.name == "psycopg2.connect"]) == 1


def test_a_variable_is_traced_to_the_call_that_made_it() -> None:
    text = (
        "import threading\nfrom flask import Flask\napp = Flask()\ndef f():\n"
        "    t = threading.Thread()\n    t.start()\n    app.run()\n"
    )
    parsed = read(text)
    assert [parsed.origin(c) for c in parsed.calls] == [
        "flask.Flask", "threading.Thread", "threading.Thread().start", "flask.Flask().run",
    ]  # fmt: skip


def test_context_managers_around_a_call_are_known() -> None:
    text = (
        "def f():\n  with lock, open('x') as g:\n    a()\n    with self.guard: b()\n  c()\nwith d():\n  e()\n"
    )
    around = {c.name: c.within for c in read(text).calls}
    assert around == {
        "open": (), "a": ("lock", "open"), "b": ("lock", "open", "self.guard"), "c": (), "d": (), "e": ("d",),
    }  # fmt: skip


def test_statements_at_import_descend_but_not_into_functions() -> None:
    text = (
        "import a\ntry:\n    b\nfinally:\n    c\ndef f():\n    d\nclass G:\n    e\nif TYPE_CHECKING:\n    g\n"
    )
    kinds = [type(s).__name__ for s in read(text).statements]
    assert kinds == ["Import", "Try", "Expr", "Expr", "FunctionDef", "ClassDef", "Expr", "If"]


def test_keyword_arguments_of_a_call() -> None:
    call = read("f(1, debug=True)").calls[0]
    assert isinstance(python_source.keyword(call, "debug"), ast.Constant)
    assert python_source.keyword(call, "port") is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_are_exact_behind_characters_of_many_bytes(end: str) -> None:
    text = end.join(["'é😀'; a('ü'); b()", "# 😀", "if x:", "    'é'; c(", "  'ö')", ""])
    calls = python_source.parse(source(text)).calls
    assert [at(text, c.span) for c in calls] == ["a('ü')", "b()", f"c({end}  'ö')"]


def test_a_call_in_an_fstring_is_shown_by_the_string() -> None:
    text = 'é = f"a {b(1)}"\n'
    assert [(c.name, at(text, c.span)) for c in read(text).calls] == [("b", 'f"a {b(1)}"')]


VERSION = f"Python {sys.version_info[0]}.{sys.version_info[1]} cannot read this: "


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("é = 1\nx = (\n", VERSION + "'(' was never closed", "("),
        ("x = )", VERSION + "unmatched ')'", ")"),
        ("def f():\nx\n", VERSION + "expected an indented block after function definition on line 1", "x"),
        ("a\0b", "holds a NUL character, which Python refuses", "\0"),
        ("-" * 100_000 + "1", "is nested too deeply for Python to read", "-"),
    ],
)
def test_what_python_refuses_is_a_problem_with_a_place(text: str, message: str, place: str) -> None:
    parsed = python_source.parse(source(text))
    assert [(p.message, at(text, p.span)) for p in parsed.problems] == [(message, place)]
    assert (parsed.calls, parsed.imports, parsed.syntax.module) == ((), (), None)


def test_bytes_that_are_not_utf8_need_a_coding_line() -> None:
    parsed = python_source.parse(Source("f", b"a() # caf\xe9\nb()\n"))
    assert [p.message for p in parsed.problems] == ["byte 0xE9 is not UTF-8"]
    assert names(parsed.calls) == ["a", "b"]
    assert python_source.parse(Source("f", b"# -*- coding: latin-1 -*-\n# \xe9\n")).problems == ()


def test_warnings_of_the_compiler_are_not_ours() -> None:
    assert read("x = '\\d'\n").problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000, "a" + ".b" * 300_000, "1" + "+1" * 300_000, "[a for a in " * 10_000, "lambda: " * 30_000 + "1",
        "not " * 200_000 + "1", "a = " * 100_000 + "1", "x if y else " * 80_000 + "1", "f'{" * 500, "if x:\n" * 3,
        "x = " + "9" * 5000, ("a" + ".b()" * 200 + "\n") * 200, "a()" * 300, "{" * 99 + "}" * 99,
    ],
    ids=range(14),
)  # fmt: skip
def test_monsters_are_read_or_refused(text: str) -> None:
    parsed = python_source.parse(source(text))
    assert parsed.syntax.module is not None or parsed.problems


PIECES = st.sampled_from(
    [
        "a()",
        "b.c(d())",
        "import x",
        "from y import z as w",
        "w.q()",
        "v = z()",
        "pass",
        "'é😀'",
        "f'{e()}'",
        "# ü",
    ]
)
BLOCKS = st.sampled_from(
    ["if x:", "def f():", "class C:", "with l():", "for i in g():", "try:", "while h():"]
)


@st.composite
def programs(draw: st.DrawFn, depth: int = 0) -> list[str]:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        if depth < 3 and draw(st.booleans()):
            block = draw(BLOCKS)
            lines += [block, *(f"  {line}" for line in draw(programs(depth=depth + 1))), "  pass"]
            lines += ["except E: k()"] if block == "try:" else []
        else:
            lines.append(draw(PIECES))
    return lines


@settings(deadline=None)
@given(programs(), st.sampled_from(["\n", "\r\n"]))
def test_every_call_and_import_of_a_program_is_found_once_in_its_place(lines: list[str], end: str) -> None:
    text = end.join(lines) + end
    parsed = read(text)
    module = ast.parse(text)
    assert len(parsed.calls) == sum(isinstance(n, ast.Call) for n in ast.walk(module))
    assert len(parsed.functions) == sum(isinstance(n, ast.FunctionDef) for n in ast.walk(module))
    assert len(parsed.imports) == sum(isinstance(n, ast.Import | ast.ImportFrom) for n in ast.walk(module))
    for call in parsed.calls:
        shown = at(text, call.span)
        assert shown == "f'{e()}'" or ast.dump(ast.parse(shown, mode="eval").body) == ast.dump(call.node)

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.app import App, hazards
from bpopt.app.files import MemoryFiles
from bpopt.app.imports import locate
from bpopt.app.names import top_names


def app_of(files: dict[str, str]) -> App:
    return App(MemoryFiles({path: text.encode("utf-8", "surrogateescape") for path, text in files.items()}))


def test_the_file_of_a_module() -> None:
    app = app_of({"a.py": "", "b/__init__.py": "", "b/c.py": "", "src/d/e.py": ""})
    assert locate(app, "a", ("",)) == "a.py"
    assert locate(app, "b", ("",)) == "b/__init__.py"
    assert locate(app, "b.c", ("",)) == "b/c.py"
    assert locate(app, "d.e", ("", "src")) == "src/d/e.py", "a folder without __init__.py is a package too"
    assert locate(app, "d.f", ("", "src")) is None


def test_names_of_a_module() -> None:
    text = (
        "import os, a.b as c\nfrom x import y as z\ntry:\n    app = 1\nexcept ImportError:\n    app = None\n"
        "def f():\n    inner = 1\nclass K:\n    attribute = 1\nfor i in ():\n    pass\n"
        "with open('x') as w:\n    (p, q) = w\n"
    )
    assert top_names(app_of({"m.py": text}), "m.py") == {"os", "c", "z", "app", "f", "K", "i", "w", "p", "q"}


def test_names_that_only_run_time_knows() -> None:
    for text in (
        "from x import *\n",
        "globals()['app'] = 1\n",
        "def f():\n    global app\n    app = 1\n",
        "x = (\n",
    ):
        assert top_names(app_of({"m.py": text}), "m.py") is None
    assert top_names(app_of({}), "m.py") is None


PIECES = st.sampled_from(
    [
        "import a",
        "from . import b",
        "from .. import c",
        "from .x import *",
        "from app import *",
        "import app as app",
        "import sqlite3",
        "def f():\n    return g()",
        "def g():\n    return f()",
        "def h():\n    c.execute('')",
        "x = f()",
        "y = x.z()",
        "f().g().h()",
        "class K:\n    def __init__(self):\n        self.k()",
        "k = K()",
        "global x",
        "with lock:\n    f()",
        "app = lambda: f()",
        "import importlib; importlib.import_module(x)",
        "db = sqlite3.connect('x')",
        "c = db.cursor()",
        "@f\ndef i(a=f(), *b, **c):\n    global db\n    db = a",
        "async def j():\n    await f()",
        "[f() for f in g()]",
        "if __name__ == '__main__':\n    f()",
        "if db is None:\n    db = 1",
        "match x:\n    case 1:\n        f()",
        "\x00",
        "\udcff",
    ]
)


@given(
    st.lists(PIECES, max_size=12),
    st.lists(PIECES, max_size=6),
    st.sampled_from(["app:app", "app:f()", "a.b", ":", ""]),
)
@settings(max_examples=200, deadline=None)
def test_any_source_is_read_without_an_error(one: list[str], other: list[str], wsgi: str) -> None:
    files = {"app.py": "\n".join(one), "a/__init__.py": "\n".join(other), "b.py": "import app\n"}
    found = hazards.find(app_of(files), wsgi)
    for hazard in (*found.preload, *found.threads, *found.heavy):
        assert hazard.source.text[slice(*hazard.span)], "a hazard has a place"


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_without_an_error(text: str) -> None:
    app = app_of({"app.py": text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")})
    hazards.find(app, "app:app")
    top_names(app, "app.py")

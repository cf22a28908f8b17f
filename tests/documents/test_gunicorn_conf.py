"""gunicorn.conf.py: assignments, literals, what the others depend on, hooks."""

from __future__ import annotations

import pytest

from bpopt.documents import gunicorn_conf
from bpopt.documents.gunicorn_conf import Assigned
from tests.documents.places import at, source

TEXT = """\
# é
import multiprocessing, os
bind = "0.0.0.0:8000"
workers = multiprocessing.cpu_count() * 2 + 1
threads: int = int(os.environ.get("THREADS", 4))
a, b = 1, 2
x = y = -1
if os.environ["DEBUG"]:
    reload = True
else:
    reload = False
def post_fork(server, worker):
    timeout = 3
preload_app = None
raw_env = ["É=1", "B=2"]
loglevel = os.getenv("LEVEL") or os.environ["É"]
worker_tmp_dir: str
"""


def found(text: str) -> list[Assigned]:
    parsed = gunicorn_conf.parse(source(text))
    assert parsed.problems == ()
    return list(parsed.assignments)


def test_literals_have_values_and_places() -> None:
    literal = [
        (a.name, a.value, at(TEXT, a.name_span), at(TEXT, a.value_span)) for a in found(TEXT) if a.literal
    ]
    assert literal == [
        ("bind", "0.0.0.0:8000", "bind", '"0.0.0.0:8000"'),
        ("x", -1, "x", "-1"),
        ("y", -1, "y", "-1"),
        ("reload", True, "reload", "True"),
        ("reload", False, "reload", "False"),
        ("preload_app", None, "preload_app", "None"),
        ("raw_env", ["É=1", "B=2"], "raw_env", '["É=1", "B=2"]'),
    ]


def test_other_expressions_say_what_they_read_and_call() -> None:
    others = {a.name: (a.variables, a.calls) for a in found(TEXT) if not a.literal}
    assert others == {
        "workers": ((), ("multiprocessing.cpu_count",)),
        "threads": (("THREADS",), ("int", "os.environ.get")),
        "a": ((), ()),
        "b": ((), ()),
        "loglevel": (("LEVEL", "É"), ("os.getenv",)),
    }


def test_conditional_assignments_are_marked_and_hooks_listed() -> None:
    parsed = gunicorn_conf.parse(source(TEXT))
    assert [a.name for a in parsed.assignments if a.conditional] == ["reload", "reload"]
    assert [(name, at(TEXT, span)) for name, span in parsed.functions] == [
        ("post_fork", "def post_fork(server, worker):\n    timeout = 3")
    ]
    assert not parsed.open_ended


def test_the_last_assignment_is_the_one_found() -> None:
    parsed = gunicorn_conf.parse(source("workers = 1\nworkers = 2\nworkers += 1\n"))
    last = parsed.find("workers")
    assert last is not None
    assert (last.literal, at(parsed.source, last.value_span)) == (False, "1")
    assert parsed.find("threads") is None


@pytest.mark.parametrize("text", ["from base import *", "exec(open('x').read())", "globals().update(a=1)"])
def test_names_from_elsewhere_leave_the_file_open_ended(text: str) -> None:
    assert gunicorn_conf.parse(source(text)).open_ended


@pytest.mark.parametrize("block", ["try:", "for i in x:", "while x:", "if x:"])
def test_blocks_make_assignments_conditional(block: str) -> None:
    text = f"{block}\n    workers = 2\n" + ("except E:\n    workers = 3\n" if block == "try:" else "")
    assert all(a.conditional for a in found(text))
    assert not found("with x:\n    workers = 2\n")[0].conditional


def test_a_syntax_error_is_a_problem_and_nothing_is_assigned() -> None:
    parsed = gunicorn_conf.parse(source("workers = = 2\n"))
    assert [at(parsed.source, p.span) for p in parsed.problems] == ["="]
    assert parsed.assignments == ()


def test_nothing_is_ever_run() -> None:
    parsed = gunicorn_conf.parse(source("raise SystemExit(3)\nworkers = 1 / 0\n"))
    (workers,) = parsed.assignments
    assert not workers.literal


@pytest.mark.parametrize(
    "value", ["{[]: 1}", "{1, []}", "[" * 90 + "]" * 90, "'a' * 10**9", "[1" + ", 1" * 20_000 + "]"]
)
def test_odd_literals_have_no_value_or_are_read(value: str) -> None:
    parsed = gunicorn_conf.parse(source(f"x = {value}\n"))
    assert [a.literal for a in parsed.assignments] == [value.startswith("[[")]

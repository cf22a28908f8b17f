"""TOML trees: tables and dotted keys become one tree; spans are exact; problems are plain."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.documents import toml_tree
from bpopt.documents.tree import Node
from tests.documents.places import at, plain, source

TEXT = """\
# a comment
title = "é😀" # inline
a.b.c = 1
a.d = [1, # one
 {k = 'v', z.y = 2},]

[x."y z"] # header
q = "a\\tb"
[[l]]
n = 0x10
[l.sub]
m = true
[[l]]
d = 1979-05-27T07:32:00Z
[x.w]
s = \"\"\"
x\"\"\"
"""


def root_of(text: str) -> Node:
    tree = toml_tree.parse(source(text))
    assert tree.problems == ()
    assert tree.root is not None
    return tree.root


def test_values_are_those_of_tomli_with_dates_as_text() -> None:
    expected = tomli.loads(TEXT)
    expected["l"][1]["d"] = "1979-05-27T07:32:00Z"
    assert plain(root_of(TEXT)) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("title",), '"é😀"'),
        (("a",), "a.b.c = 1\na.d = [1, # one\n {k = 'v', z.y = 2},]"),
        (("a", "b"), "a.b.c = 1"),
        (("a", "d"), "[1, # one\n {k = 'v', z.y = 2},]"),
        (("a", "d", 1, "z"), "z.y = 2"),
        (("a", "d", 1, "k"), "'v'"),
        (("x", "y z"), '[x."y z"] # header\nq = "a\\tb"'),
        (("l",), "[[l]]\nn = 0x10\n[l.sub]\nm = true\n[[l]]\nd = 1979-05-27T07:32:00Z"),
        (("l", 0), "[[l]]\nn = 0x10\n[l.sub]\nm = true"),
        (("l", 0, "sub"), "[l.sub]\nm = true"),
        (("l", 1, "d"), "1979-05-27T07:32:00Z"),
        (("x", "w", "s"), '"""\nx"""'),
    ],
)
def test_a_table_reaches_from_its_header_to_its_last_value(path: tuple[str | int, ...], text: str) -> None:
    node = root_of(TEXT).get(*path)
    assert node is not None
    assert at(TEXT, node.span) == text


def test_keys_have_spans() -> None:
    root = root_of(TEXT)
    places = [
        root.entry("title"),
        root.entry("a", "b", "c"),
        root.entry("x", "y z"),
        root.entry("l", 0, "sub"),
    ]
    assert [at(TEXT, e.key_span) for e in places if e] == ["title", "c", '"y z"', "sub"]
    entry = root.entry("title")
    assert entry is not None
    assert at(TEXT, entry.span) == 'title = "é😀"'


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a = b\n", "this is no TOML value: text needs quotes", "b"),
        ("a = \n", "this is no TOML value: text needs quotes", "\n"),
        ("a = 1 2\n", "Expected newline or end of document after a statement", "2"),
        ("a = 1\na = 2\n", "this key is there twice", "\n"),
        ("[a]\n[b]\n[a]\n", "this table is there twice", "]"),
        ("é = 1\n", "this begins neither a key nor a table: a key with such characters needs quotes", "é"),
        ("a = 'x", 'Expected "\'"', "x"),
        ("a = {b = 1,\n}\n", "is not TOML 1.0", "a"),
    ],
)
def test_a_syntax_error_is_told_at_its_place(text: str, message: str, place: str) -> None:
    tree = toml_tree.parse(source(text))
    assert [(p.message, at(text, p.span)) for p in tree.problems] == [(message, place)]


def test_places_count_windows_line_ends() -> None:
    text = "a = 1\r\nb = c\r\n"
    tree = toml_tree.parse(source(text))
    assert [at(text, p.span) for p in tree.problems] == ["c"]


def test_a_repeated_key_leaves_the_tree_readable_and_broken_syntax_does_not() -> None:
    assert toml_tree.parse(source("a = 1\na = 2\n")).root is not None
    assert toml_tree.parse(source("a = \n")).root is None


def test_keys_of_many_parts_are_refused_at_once() -> None:
    tree = toml_tree.parse(source("a" + ".a" * 300_000 + " = 1\n"))
    assert tree.root is None
    assert [p.message for p in tree.problems] == ["is nested deeper than 200 levels"]


KEY = st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


SCALARS = st.one_of(
    TEXTS.map(quoted),
    st.from_regex(r"'[^'\x00-\x1f\x7f\n]{0,5}'", fullmatch=True).filter(
        lambda t: t.encode("utf-8", "ignore").decode() == t
    ),
    st.integers(-(10**9), 10**9).map(str),
    st.floats(allow_nan=False).map(repr),
    st.sampled_from(
        ["true", "false", "0x1F", "0o17", "0b1", "1_000", "+3", "1e5", '"""\na\\\n  b"""', "1979-05-27"]
    ),
)
INLINE = st.recursive(
    SCALARS,
    lambda below: st.one_of(
        st.lists(below, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.dictionaries(KEY, below, max_size=3).map(
            lambda d: "{" + ", ".join(f"{k} = {v}" for k, v in d.items()) + "}"
        ),
    ),
    max_leaves=6,
)
PATH = st.lists(st.one_of(KEY, TEXTS.map(quoted)), min_size=1, max_size=3).map(".".join)
LINES = st.lists(
    st.one_of(
        st.tuples(PATH, INLINE).map(lambda kv: f"{kv[0]} = {kv[1]}"),
        PATH.map(lambda p: f"[{p}]"),
        PATH.map(lambda p: f"[[{p}]] # c"),
        st.just(""),
        st.just("# comment"),
    ),
    max_size=8,
)


def dated(value: Any) -> Any:
    """What tomli reads, with dates as the text they were written as."""
    if isinstance(value, dict):
        return {k: dated(v) for k, v in value.items()}
    if isinstance(value, list):
        return [dated(v) for v in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


@settings(max_examples=300, deadline=None)
@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]))
def test_any_toml_is_read_as_tomli_reads_it(lines: list[str], end: str) -> None:
    text = end.join(lines) + end
    tree = toml_tree.parse(source(text))
    try:
        expected = tomli.loads(text)
    except tomli.TOMLDecodeError:
        assert tree.problems
        return
    assert tree.problems == ()
    assert plain(tree.root) == dated(expected)

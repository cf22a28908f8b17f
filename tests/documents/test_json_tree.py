"""JSON trees: values, exact spans and problems in plain words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.documents import json_tree
from tests.documents.places import at, plain, source

TEXT = '{\n  "näme": "x\\u00e9\\n",\n  "😀": [1, -2.5e3, true, null, {}],\n  "a": {"b": [[]]}, "a": 2\n}\n'


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("näme",), '"x\\u00e9\\n"'),
        (("😀",), "[1, -2.5e3, true, null, {}]"),
        (("😀", 1), "-2.5e3"),
        (("😀", 4), "{}"),
        (("a", "b", 0), "[]"),
        (("a",), '{"b": [[]]}'),
    ],
)
def test_spans_are_exact_behind_characters_of_many_bytes(path: tuple[str | int, ...], text: str) -> None:
    tree = json_tree.parse(source(TEXT))
    assert tree.root is not None
    node = tree.root.get(*path)
    assert node is not None
    assert at(TEXT, node.span) == text


def test_values_are_typed_and_repeated_keys_kept() -> None:
    root = json_tree.parse(source(TEXT)).root
    assert root is not None
    assert root.text("näme") == "xé\n"
    assert plain(root.get("😀")) == [1, -2500.0, True, None, {}]
    assert root.keys() == ("näme", "😀", "a", "a")
    assert [at(TEXT, e.key_span) for e in root.entries] == ['"näme"', '"😀"', '"a"', '"a"']
    assert at(TEXT, root.entries[3].span) == '"a": 2'


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "the file is empty", ""),
        (" \n", "the file is empty", ""),
        ("{'a': 1}", "JSON strings stand in double quotes", "'"),
        ('{"a": \'b\'}', "JSON strings stand in double quotes", "'"),
        ('{"a" 1}', "a colon is missing between key and value", "1"),
        ('{"a": 1 "b": 2}', "a comma is missing before this", '"'),
        ("{a: 1}", "a key in double quotes is expected here", "a"),
        ('{"a": 1', "the file ends too early: a bracket is not closed", "1"),
        ('{"a": "b}', "this string has no closing quote", '"'),
        ("[1] ]", "the document ended before this", "]"),
        ('["\\q"]', "this backslash begins no JSON escape: write \\\\ for a backslash", "\\"),
        ('["a\nb"]', "a line break or control character in a string: write \\n, \\t or \\u001b", "\n"),
        ("[NaN]", "NaN is no JSON number", "NaN"),
        ('["NaN", -Infinity]', "-Infinity is no JSON number", "-Infinity"),
    ],
)  # fmt: skip
def test_a_syntax_error_is_told_plainly_at_its_place(text: str, message: str, place: str) -> None:
    tree = json_tree.parse(source(text))
    assert tree.root is None
    assert [(p.message, at(text, p.span)) for p in tree.problems] == [(message, place)]


def test_what_is_no_value_names_what_is_one() -> None:
    tree = json_tree.parse(source("[True]"))
    assert tree.problems[0].message.startswith("a value is expected here")
    assert at("[True]", tree.problems[0].span) == "T"


def test_comments_and_trailing_commas_are_problems_and_the_rest_is_read() -> None:
    text = '// é, top\n{"a": ["//no", 1, /* in, */ ], "b": ",]", }\n'
    tree = json_tree.parse(source(text))
    assert [(p.message, at(text, p.span)) for p in tree.problems] == [
        ("JSON has no comments", "// é, top"),
        ("JSON has no comma before a closing bracket", ","),
        ("JSON has no comments", "/* in, */"),
        ("JSON has no comma before a closing bracket", ","),
    ]
    assert plain(tree.root) == {"a": ["//no", 1], "b": ",]"}
    assert tree.root is not None
    assert at(text, tree.root.entries[1].value.span) == '",]"'


def test_bytes_that_are_not_utf8_are_a_problem() -> None:
    tree = json_tree.parse(source('{"a": "\udce9"}'))
    assert [(p.message, p.span.start) for p in tree.problems] == [("byte 0xE9 is not UTF-8", 7)]


def test_numbers_too_long_for_python_stay_text() -> None:
    root = json_tree.parse(source(f"[{'9' * 5000}]")).root
    assert root is not None
    assert root.items[0].value == "9" * 5000


def test_depth_is_bounded_where_python_would_still_read() -> None:
    assert json_tree.parse(source("[" * 150 + "]" * 150)).root is not None
    tree = json_tree.parse(source("[" * 300 + "]" * 300))
    assert tree.root is None
    assert [p.message for p in tree.problems] == ["is nested deeper than 200 levels"]


JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
    ),
    lambda below: st.one_of(st.lists(below), st.dictionaries(st.text(), below)),
    max_leaves=20,
)


@settings(deadline=None)
@given(value=JSON, escaped=st.booleans(), indent=st.sampled_from([None, 0, 2, "\t"]))
def test_any_json_is_read_back_with_every_value_in_place(value: Any, escaped: bool, indent: Any) -> None:
    try:
        text = json.dumps(value, ensure_ascii=escaped, indent=indent)
        tree = json_tree.parse(source(text))
    except UnicodeEncodeError:  # lone surrogates cannot stand in a file
        return
    assert plain(tree.root) == value
    assert tree.root is not None
    for node in tree.root.walk():
        assert json.loads(at(text, node.span)) == plain(node)
        for entry in node.entries:
            assert json.loads(at(text, entry.key_span)) == entry.key

"""YAML trees: values, exact spans, aliases, merges and problems."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.documents import yaml_tree
from bpopt.documents.tree import Node
from bpopt.text import Source
from tests.documents.places import at, plain, source

SPEC = """\
# an app
name: "my-app"   # quoted
services:
  - name: web # inline
    http_port: 8080
    run_command: |
      gunicorn app:app
      # not a comment

    # a comment after the block
    envs: [{key: A, value: 'x y'}, {key: Ü, value: 😀}]
  -
    name: zwei
    empty:
# the end
"""


def root_of(text: str) -> Node:
    tree = yaml_tree.parse(source(text))
    assert tree.problems == ()
    assert tree.root is not None
    return tree.root


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("name",), '"my-app"'),
        (("services", 0, "name"), "web"),
        (("services", 0, "http_port"), "8080"),
        (("services", 0, "run_command"), "|\n      gunicorn app:app\n      # not a comment"),
        (("services", 0, "envs", 0), "{key: A, value: 'x y'}"),
        (("services", 0, "envs", 1, "key"), "Ü"),
        (("services", 0, "envs", 1, "value"), "😀"),
        (("services", 0, "envs"), "[{key: A, value: 'x y'}, {key: Ü, value: 😀}]"),
        (("services", 1), "name: zwei\n    empty:"),
        (("services", 1, "empty"), ""),
    ],
)
def test_the_span_of_a_value_ends_with_its_last_character(path: tuple[str | int, ...], text: str) -> None:
    node = root_of(SPEC).get(*path)
    assert node is not None
    assert at(SPEC, node.span) == text


def test_keys_and_entries_have_spans() -> None:
    entry = root_of(SPEC).entry("services", 0, "http_port")
    assert entry is not None
    assert (at(SPEC, entry.key_span), at(SPEC, entry.span)) == ("http_port", "http_port: 8080")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("8080", 8080), ("0x1F", 31), ("010", 8), ("0", 0), ("-3", -3), ("1_000", 1000), ("0b11", 3),
        ("1.5", 1.5), ("-.inf", float("-inf")), ("1e3", "1e3"), (".5", 0.5),
        ("true", True), ("No", False), ("on", True), ("y", "y"),
        ("~", None), ("null", None), ("", None),
        ("12:30", "12:30"), ("2001-01-01", "2001-01-01"), ("3.12.1", "3.12.1"), ("=", "="),
        ('"8080"', "8080"), ("'true'", "true"), ('""', ""), (r'"\x41é"', "Aé"),
        ("!!str 1", "1"), ('!!int "3"', 3), ("!custom x", "x"), ("&a 5", 5),
        ("9" * 5000, "9" * 5000),
    ],
)  # fmt: skip
def test_plain_scalars_have_the_types_of_yaml(written: str, value: object) -> None:
    node = root_of(f"k: {written}\n").get("k")
    assert node is not None
    assert (node.value, type(node.value)) == (value, type(value))


def test_anchors_and_tags_are_not_part_of_the_span() -> None:
    text = "a: &x !!str 1\nb: &y # c\n  k: v\nc: !t\n  - 1\nd: &z {q: 1}\ne: &n\n"
    root = root_of(text)
    assert [at(text, e.value.span) for e in root.entries] == ["1", "k: v", "- 1", "{q: 1}", ""]


def test_an_alias_has_its_own_span_and_the_content_of_its_anchor() -> None:
    text = "a: &x [1, {k: v}]\nb: *x\n"
    root = root_of(text)
    first, second = root.get("a"), root.get("b")
    assert first is not None
    assert second is not None
    assert at(text, second.span) == "*x"
    assert second.items is first.items
    assert at(text, root.entries[1].span) == "b: *x"


def test_merged_entries_come_behind_the_own_ones_which_win() -> None:
    root = root_of("base: &b {x: 1, y: 2}\nm:\n  <<: *b\n  y: 3\nn: {<<: [*b, {z: 4, x: 9}]}\n")
    assert plain(root.get("m")) == {"<<": {"x": 1, "y": 2}, "y": 3, "x": 1}
    assert root.scalar("n", "x") == 1
    assert root.scalar("n", "z") == 4
    quoted = root_of('base: &b {x: 1}\nm: {"<<": *b}\n')
    assert quoted.get("m", "x") is None


def test_an_alias_inside_its_own_anchor_is_a_problem_and_no_circle() -> None:
    tree = yaml_tree.parse(source("a: &x [*x, 1]"))
    assert [(p.message, at(tree.source, p.span)) for p in tree.problems] == [
        ("`*x` names no anchor that ends before it", "*x")
    ]
    assert plain(tree.root) == {"a": [None, 1]}


def test_a_bomb_of_aliases_stays_small() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 100)]
    root = root_of("\n".join(lines))
    assert sum(1 for _ in root.walk()) < 2_500
    assert root.get("a99", *([0] * 99), 0) is not None


def test_a_bomb_of_merges_is_cut_off() -> None:
    lines = ["m0: &m0 {k0: 1}"] + [f"m{i}: &m{i} {{<<: *m{i - 1}, k{i}: 1}}" for i in range(1, 1000)]
    tree = yaml_tree.parse(source("\n".join(lines)))
    assert [p.message for p in tree.problems] == ["merges too many entries with `<<`"]
    assert tree.root is not None
    assert sum(len(e.value.entries) for e in tree.root.entries) < yaml_tree.MOST_MERGED + 3_000


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a: b: c\n", "a second `: ` in one value: quote the value, or mend the indentation", ":"),
        ("a:\n\t- b\n", "a tab stands where YAML allows only blanks", "\t"),
        ("a: @b\n", "this character begins no value: put it all in quotes", "@"),
        ("a: 'b\n", "a quote is not closed", "b"),
        ("a: [b\n", "a bracket is not closed", "b"),
        ("a: b\n  c\nd\n", "this is not `key: value`", "d"),
        (
            "a:\n  - b\n c: d\n",
            "this line does not fit: its indentation, or a quote before it, is wrong",
            "c",
        ),
    ],
)
def test_a_syntax_error_is_told_plainly_at_its_place(text: str, message: str, place: str) -> None:
    tree = yaml_tree.parse(source(text))
    assert tree.root is None
    assert [(p.message, at(text, p.span)) for p in tree.problems] == [(message, place)]


def test_refused_characters_are_problems_and_the_rest_is_read() -> None:
    tree = yaml_tree.parse(Source("f", b"a: x\0y\nb: 1\n"))
    assert [(p.message, at(tree.source, p.span)) for p in tree.problems] == [
        ("the character U+0000 is not allowed in YAML", "\0")
    ]
    assert tree.root is not None
    assert tree.root.scalar("b") == 1
    tree = yaml_tree.parse(Source("f", b"a: \xe9\n"))
    assert [(p.message, p.span.start) for p in tree.problems] == [("byte 0xE9 is not UTF-8", 3)]


def test_only_the_first_document_is_read_and_the_rest_is_named() -> None:
    text = "a: 1\n---\nb: [\n"
    tree = yaml_tree.parse(source(text))
    assert plain(tree.root) == {"a": 1}
    assert tree.rest is not None
    assert at(text, tree.rest) == "---\nb: ["
    assert yaml_tree.parse(source("a: 1\n...\n")).rest is None


def test_repeated_and_odd_keys_are_kept() -> None:
    root = root_of("a: 1\na: 2\n8080: x\non: y\n? [p, q]\n: z\n")
    assert root.keys() == ("a", "a", "8080", "on", "[p, q]")


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file_has_no_value_and_no_problem(text: str) -> None:
    tree = yaml_tree.parse(source(text))
    assert (plain(tree.root), tree.problems) == (None, ())


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\x85\u2028\u2029\ufffe\uffff"),
    max_size=12,
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**6), 10**6), TEXT),
    lambda below: st.one_of(st.lists(below, max_size=4), st.dictionaries(TEXT, below, max_size=4)),
    max_leaves=12,
)


@pytest.mark.parametrize("flow", [False, True, None])
@settings(deadline=None)
@given(value=st.dictionaries(TEXT, VALUES, max_size=4), unicode=st.booleans(), indent=st.integers(2, 6))
def test_what_pyyaml_writes_is_read_back_with_every_scalar_in_place(
    flow: bool | None, value: dict[str, Any], unicode: bool, indent: int
) -> None:
    text = yaml.safe_dump(value, allow_unicode=unicode, default_flow_style=flow, indent=indent)
    root = root_of(text)
    assert plain(root) == value
    for node in root.walk():
        if node.kind == "scalar":
            assert yaml.safe_load(at(text, node.span) or "~") == node.value
        for entry in node.entries:
            assert entry.key_span.end <= entry.value.span.start
            assert node.span.start <= entry.span.start <= entry.span.end <= node.span.end


def test_without_libyaml_the_tree_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = SPEC + "x: &a [1, 😀]\ny: *a\n"
    expected = [(n.kind, n.span, n.value) for n in root_of(text).walk()]
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert [(n.kind, n.span, n.value) for n in root_of(text).walk()] == expected


def test_yaml_is_imported_only_to_read() -> None:
    before = sys.modules.pop("yaml", None)
    try:
        importlib.reload(yaml_tree)
        assert "yaml" not in sys.modules
    finally:
        if before:
            sys.modules["yaml"] = before

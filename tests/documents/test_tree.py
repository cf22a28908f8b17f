"""Nodes: paths into a tree, and its bounds; offsets from bytes to characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpopt.documents import json_tree
from bpopt.documents.offsets import ByteOffsets
from bpopt.documents.tree import LARGEST, Node, too_large, undecodable
from bpopt.text import Source, Span
from tests.documents.places import source


def root_of(text: str) -> Node:
    root = json_tree.parse(source(text)).root
    assert root is not None
    return root


def test_paths_reach_nodes_scalars_and_entries() -> None:
    root = root_of('{"a": [{"b": "c"}, 5], "d": true, "a": 1}')
    assert root.text("a", 0, "b") == "c"
    assert root.scalar("a", -1) == 5
    assert root.text("d") is None
    assert root.scalar("a") is None
    assert root.entry("a", 0, "b") is not None
    assert root.keys() == ("a", "d", "a")


def test_steps_that_lead_nowhere_give_none() -> None:
    root = root_of('{"a": [1]}')
    paths: list[tuple[str | int, ...]] = [("b",), ("a", 1), ("a", -2), ("a", "x"), ("a", 0, "x"), (0,)]
    assert [root.get(*path) for path in paths] == [None] * 6
    assert [root.entry(*path) for path in paths] == [None] * 6
    assert root.get() is root


def test_walk_visits_each_node_once_in_order() -> None:
    root = root_of('{"a": [1, [2]], "b": {"c": 3}}')
    assert [n.value for n in root.walk() if n.kind == "scalar"] == [1, 2, 3]
    twice = Node("list", Span(0, 0))
    twice.items = [root, root]
    assert sum(1 for _ in twice.walk()) == sum(1 for _ in root.walk()) + 1


def test_size_and_encoding_are_problems_by_themselves() -> None:
    assert too_large(source("x" * LARGEST)) is None
    assert too_large(source("x" * (LARGEST + 1))) is not None
    problem = undecodable(Source("f", b"\xc3\xa9\xe9"))
    assert problem is not None
    assert (problem.message, problem.span) == ("byte 0xE9 is not UTF-8", Span(1, 2))
    assert undecodable(source("é😀")) is None


@given(
    st.binary(max_size=40).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
    | st.text("aé€😀\udc80", max_size=20)
)
def test_the_offset_of_each_character_is_found_from_its_bytes(text: str) -> None:
    offsets, at = ByteOffsets(text), 0
    for index, char in enumerate(text):
        assert offsets.at(at) == index
        at += len(char.encode("utf-8", "surrogateescape"))
    assert offsets.at(at) == len(text)

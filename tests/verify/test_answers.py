"""What counts as the same answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpopt.verify.answers import Rules, difference, learn, mask_path
from bpopt.verify.client import Answer

RULES = Rules()


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {k.replace("_", "-"): v for k, v in headers.items()}, raw, 0.0, 0.0)


def differs(one: Any, other: Any, rules: Rules = RULES, *more: Any) -> str:
    wanted = learn([answer(body) for body in (one, *more)], rules)
    return difference(wanted, answer(other), rules)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-5, 5) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from("pqr"), JSON), st.dictionaries(st.sampled_from("pqr"), JSON))
def test_json_is_the_same_when_it_is_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    def plain(value: Any) -> Any:
        return json.dumps(value, sort_keys=True)

    same = plain(one) == plain(other)
    # 1 and 1.0, 0 and -0.0 are the same number
    assert bool(differs(one, other)) <= (not same)
    assert differs(one, one) == ""
    if not same and one != other:
        assert differs(one, other)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes(one: bytes, other: bytes) -> None:
    assert differs(one, one) == ""
    differs(one, other)
    assert differs(one, other, Rules(), other) == "" or one[:1] in b"{[ "


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"a": 1}, {"a": 2}, "a is 2 instead of 1"),
        ({"a": 1}, {}, 'a is "nothing" instead of 1'),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "a.[].b is 2 instead of 1"),
        ({"a": [1]}, {"a": [1, 2]}, "a is [1, 2] instead of [1]"),
        ({"a": True}, {"a": 1}, "a is 1 instead of true"),
        (b"Answer 1", b"Answer 2", 'after "Answer " comes "2" instead of "1"'),
        (b"one", b"one two", "the text is longer or shorter"),
        (b"\xff\x00", b"\xff\x01", "other bytes (2 instead of 2)"),
        ({"a": 1}, b"<html>", "no JSON any more"),
    ],
)
def test_difference_in_words(one: Any, other: Any, told: str) -> None:
    assert differs(one, other) == told


def test_what_varies_by_itself_is_masked() -> None:
    assert differs({"at": 1, "x": 1}, {"at": 3, "x": 1}, Rules(), {"at": 2, "x": 1}) == ""
    assert differs({"at": 1, "x": 1}, {"at": 3, "x": 2}, Rules(), {"at": 2, "x": 1}) == "x is 2 instead of 1"
    assert differs(b"token abc, answer 1", b"token ghi, answer 1", Rules(), b"token def, answer 1") == ""
    assert "2" in differs(b"token abc, answer 1", b"token ghi, answer 2", Rules(), b"token def, answer 1")


def test_text_whose_length_varies_is_compared_by_lines() -> None:
    one, again = b"head\nlast seen: today\nend\n", b"head\nlast seen: two days ago\nend\n"
    assert differs(one, b"head\nlast seen: just now, really\nend\n", Rules(), again) == ""
    assert differs(one, b"HEAD\nlast seen: today\nend\n", Rules(), again) == 'the line "head" is gone'


@pytest.mark.parametrize(("step", "same"), [(0.001, True), (0.0011, False)])
def test_tolerance(step: float, same: bool) -> None:
    assert (differs({"d": 0.36}, {"d": 0.36 + step}, Rules(tolerance=0.001)) == "") is same


def test_declared_mask_and_status_only() -> None:
    rules = Rules(mask=(mask_path("faces[].box.top"),))
    assert differs({"faces": [{"box": {"top": 1}}]}, {"faces": [{"box": {"top": 9}}]}, rules) == ""
    assert differs({"a": 1}, {"a": 2}, Rules(compare="status")) == ""


def test_status_headers_and_errors() -> None:
    wanted = learn([answer({}, location="/a")], Rules())
    assert difference(wanted, answer({}, 500), Rules()) == "status 500 instead of 200"
    assert difference(wanted, answer({}, location="/b"), Rules()) == "header location is '/b' instead of '/a'"
    assert difference(wanted, Answer(0, {}, b"", 0, 0, "no answer in time"), Rules()) == "no answer in time"

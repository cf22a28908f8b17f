"""Sources, lines and positions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpopt.text import Position, Source, Span, split_lines, unreadable

RAW = st.one_of(
    st.binary(max_size=60),
    st.text(st.sampled_from("ab \n\r\t\f\x0b\x85\u2028é😀\ufeff"), max_size=40).map(str.encode),
)


@given(RAW)
def test_a_source_keeps_every_byte(raw: bytes) -> None:
    source = Source("f", raw)
    assert source.encode(source.text) == raw


@given(RAW)
def test_the_lines_are_the_text_and_lie_where_they_say(raw: bytes) -> None:
    source = Source("f", raw)
    assert "".join(line.text + line.end for line in source.lines) == source.text
    for line in source.lines:
        assert source.text[line.span.start : line.span.end] == line.text
        assert line.end in ("\n", "\r\n", "")
        bare, span = line.strip()
        assert source.text[span.start : span.end] == bare == line.text.strip()
    assert all(line.end for line in source.lines[:-1])


@given(RAW)
def test_an_offset_and_its_position_are_the_same_place(raw: bytes) -> None:
    source = Source("f", raw)
    for offset in range(len(source.text) + 1):
        line, column = source.position(offset)
        assert source.offset(line, column) == offset


@given(RAW, st.data())
def test_removing_a_whole_line_leaves_the_other_lines(raw: bytes, data: st.DataObject) -> None:
    source = Source("f", raw)
    if not source.lines:
        return
    index = data.draw(st.integers(0, len(source.lines) - 1))
    whole = source.whole_line(source.lines[index].span)
    left = source.text[: whole.start] + source.text[whole.end :]
    rest = [line.text for i, line in enumerate(source.lines) if i != index]
    kept = [line.text for line in split_lines(left)]
    # Without a final newline an empty line before the removed one is not there any more: nothing ends it.
    assert kept == rest or [*kept, ""] == rest


def test_positions_count_from_one_and_clamp() -> None:
    source = Source("f", "é1\n😀3\n".encode())
    assert source.position(0) == Position(1, 1)
    assert source.position(4) == Position(2, 2)
    assert source.position(99) == Position(3, 1)
    assert source.position(-5) == Position(1, 1)
    assert source.offset(9) == len(source.text)
    assert source.offset(2, 2) == 4


def test_the_byte_order_mark_is_kept_but_not_in_the_text() -> None:
    source = Source("f", b"\xef\xbb\xbfa")
    assert (source.bom, source.text) == (True, "a")
    assert source.encode("b") == b"\xef\xbb\xbfb"


@pytest.mark.parametrize(
    ("raw", "newline"),
    [(b"a\r\nb", "\r\n"), (b"a\nb\r\n", "\n"), (b"a", "\n"), (b"", "\n"), (b"\nb\r\n", "\n")],
)
def test_new_lines_end_as_the_first_one_does(raw: bytes, newline: str) -> None:
    assert Source("f", raw).newline == newline


def test_lines_end_at_newlines_only() -> None:
    texts = [(line.text, line.end) for line in split_lines("a\rb\x0cc\u2028d\r\ne")]
    assert texts == [("a\rb\x0cc\u2028d", "\r\n"), ("e", "")]


def test_line_at_gives_a_line_by_number() -> None:
    source = Source("f", b"a\r\nb")
    assert [source.line_at(n) for n in (0, 1, 2, 3)] == ["", "a", "b", ""]


def test_the_last_line_without_newline_takes_the_one_before_it() -> None:
    source = Source("f", b"a\r\nb")
    assert source.whole_line(Span(3, 4)) == Span(1, 4)
    assert source.whole_line(Span(0, 1)) == Span(0, 3)


@pytest.mark.parametrize(
    ("raw", "part"),
    [(b"\xff\xfea\0", "UTF-16"), (b"\xfe\xff\0a", "UTF-16"), (b"a\0b", "NUL"), (b"a\xff", None), (b"", None)],
)
def test_unreadable_bytes_are_named(raw: bytes, part: str | None) -> None:
    said = unreadable(raw)
    assert said is None if part is None else said is not None and part in said

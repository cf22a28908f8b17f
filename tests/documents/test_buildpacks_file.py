from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpopt.documents import buildpacks_file
from bpopt.text import Source


@given(st.binary(max_size=300))
def test_any_bytes_give_addresses_that_stand_where_they_say(raw: bytes) -> None:
    source = Source(".buildpacks", raw)
    for entry in buildpacks_file.parse(source).entries:
        assert source.text[slice(*entry.span)] == entry.url
        assert entry.url.strip() == entry.url != ""
        assert not entry.url.startswith("#")


def test_comments_and_blank_lines_are_no_buildpacks() -> None:
    source = Source.of(".buildpacks", "# one\r\n\r\n  heroku/python  \r\nheroku-community/apt")
    assert [e.url for e in buildpacks_file.parse(source).entries] == ["heroku/python", "heroku-community/apt"]

"""Lines without wildcards, matched as the pattern library matches them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from bpopt.rules.slug.pushed import _matcher

NAME = st.sampled_from(["a", "b", "c.txt", "a.b"])
PATH = st.lists(NAME, min_size=1, max_size=4).map("/".join)
LINE = st.builds("{}{}{}".format, st.sampled_from(["", "/"]), PATH, st.sampled_from(["", "/"]))


@given(st.lists(LINE, min_size=1, max_size=3), PATH)
def test_plain_lines_mean_what_the_library_says(lines: list[str], path: str) -> None:
    assert _matcher(lines)(path) == GitIgnoreSpec.from_lines(lines).match_file(path)

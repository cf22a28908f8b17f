"""Lines of a .gitignore, most of them matched without the pattern library, as it matches them."""

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


ANY = st.sampled_from(
    [
        "*.pyc",
        "*.b",
        "a",
        "/a",
        "a/",
        "a/b",
        "*a",
        "a ",
        "*",
        "d*",
        "a/*",
        "!a",
        "!*.b",
        "**/a",
        "\\a",
        "*.pyc/",
    ]
)


@given(st.lists(ANY, min_size=1, max_size=4), PATH)
def test_lines_with_wildcards_among_them_do_so_too(lines: list[str], path: str) -> None:
    assert _matcher(lines)(path) == GitIgnoreSpec.from_lines(lines).match_file(path)

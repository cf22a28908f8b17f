"""Patterns of .slugignore, in both dialects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpopt.rules.slug.missing_slugignore import escaped
from bpopt.rules.slug.patterns import GITIGNORE, GO_MATCH, matcher

PATHS = ("app.py", "docs/a.md", "src/docs/c.md", "x.psd", "art/y.psd", "tmp/cache/z", ".m2/s")


@pytest.mark.parametrize(
    ("dialect", "pattern", "taken"),
    [
        (GITIGNORE, "docs", {"docs/a.md", "src/docs/c.md"}),
        (GITIGNORE, "/docs", {"docs/a.md"}),
        (GITIGNORE, "!docs", set()),
        (GO_MATCH, "docs", {"docs/a.md"}),
        (GO_MATCH, "*.psd", {"x.psd"}),
        (GO_MATCH, "art/?.psd", {"art/y.psd"}),
        (GO_MATCH, "[^a-w].psd", {"x.psd"}),
        (GO_MATCH, "/tmp/cache", {"tmp/cache/z"}),
        (GO_MATCH, "[", set()),
        (GO_MATCH, "/", set()),
    ],
)
def test_what_a_pattern_takes(dialect: str, pattern: str, taken: set[str]) -> None:
    assert {path for path in PATHS if matcher(pattern, dialect)(path)} == taken


@given(st.text(min_size=1, max_size=40), st.sampled_from([GITIGNORE, GO_MATCH]))
def test_any_pattern_has_an_answer(pattern: str, dialect: str) -> None:
    assert matcher(pattern, dialect)("docs/a.md") in (True, False)


NAME = st.text("ab*?[]\\.-_ {}", min_size=1, max_size=8).filter(lambda n: n.strip(". ") and n == n.strip())


@given(NAME, st.sampled_from([GITIGNORE, GO_MATCH]))
def test_a_written_path_takes_that_path(name: str, dialect: str) -> None:
    takes = matcher(f"/{escaped(name)}", dialect)
    assert takes(name)
    assert takes(f"{name}/a")
    assert not takes(f"x{name}")

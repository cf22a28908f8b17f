from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpopt.apt import names, stacks


@pytest.mark.parametrize(
    ("old", "stack", "kind", "new"),
    [
        ("libgl1-mesa-glx", "heroku-24", "gone", ("libgl1",)),
        ("libasound2", "heroku-24", "gone", ("libasound2t64",)),
        ("libasound2", "trixie", "renamed", ("libasound2t64",)),
        ("libglib2.0-0", "heroku-24", "renamed", ("libglib2.0-0t64",)),
        ("libatlas-base-dev", "heroku-26", "gone", ("libopenblas-dev", "liblapack-dev")),
        ("libicu66", "heroku-22", "gone", ("libicu70",)),
        ("libssl1.1", "scalingo-24", "gone", ("libssl3t64",)),
        ("libssl3", "noble", "renamed", ("libssl3t64",)),
        ("python3-distutils", "heroku-24", "gone", ()),
    ],
)
def test_says_what_became_of_a_name(old: str, stack: str, kind: str, new: tuple[str, ...]) -> None:
    found = names.renamed(old, stack)
    assert found is not None
    assert (found.kind, found.new) == (kind, new)
    assert found.source.startswith("http")
    assert found.checked >= "2026-11-23"


@pytest.mark.parametrize(
    ("name", "stack"),
    [
        ("libgl1-mesa-glx", "heroku-22"),
        ("libatlas-base-dev", "heroku-24"),
        ("libasound-dev", "heroku-24"),
        ("libsndfile-dev", "heroku-24"),
        ("libglu1", "heroku-24"),
        ("libicu74", "heroku-24"),
        ("libgl1-mesa-glx", "windows-11"),
        ("libgl1-mesa-glx", None),
    ],
)
def test_is_silent_where_the_name_stands_or_nothing_is_known(name: str, stack: str | None) -> None:
    assert names.renamed(name, stack) is None


def test_names_of_the_postgresql_archive_may_be_elsewhere() -> None:
    assert names.elsewhere("postgresql-client-17", "heroku-24")
    assert not names.elsewhere("postgresql-client-17", "bookworm")
    assert not names.elsewhere("libgl1-mesa-glx", "heroku-24")


@given(st.text(), st.one_of(st.none(), st.text(), st.sampled_from([s.name for s in stacks.all_stacks()])))
def test_never_raises(name: str, stack: str | None) -> None:
    names.renamed(name, stack)

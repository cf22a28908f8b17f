"""Plain releases compared as packaging compares them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from bpopt.documents.releases import contains, not_older, plain

NUMBER = st.integers(0, 12).map(str)
RELEASE = st.lists(NUMBER, min_size=1, max_size=4).map(".".join)
OTHER = st.sampled_from(["1.0rc1", "2!1.0", "1.0+cpu", "1.0.dev3", "1.post1"])
VERSION = st.one_of(RELEASE, OTHER)
SPECIFIER = st.builds("{}{}".format, st.sampled_from(["==", "!=", ">=", "<=", ">", "<"]), RELEASE)
WILD = st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), RELEASE)


@given(VERSION, VERSION)
def test_order_is_that_of_packaging(one: str, other: str) -> None:
    assert not_older(one, other) == (Version(one) >= Version(other))


@given(st.lists(st.one_of(SPECIFIER, WILD), min_size=1, max_size=3).map(",".join), VERSION)
def test_sets_take_what_packaging_takes(specifiers: str, version: str) -> None:
    assert contains(specifiers, version) == SpecifierSet(specifiers).contains(version, prereleases=True)


def test_what_is_no_version_is_not_told() -> None:
    assert not_older("1.x", "1") is None
    assert contains(">=one", "1") is None
    assert contains("", "1.0") is True
    assert plain("1.") is None
    assert plain("²") is None

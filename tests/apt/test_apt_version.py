from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt.apt import version

ORDERED = (
    "0",
    "1.0~rc1",
    "1.0~rc1+b1",
    "1.0",
    "1.0-0ubuntu1",
    "1.0-1",
    "1.0-1+deb12u1",
    "1.0+dfsg",
    "1.0a",
    "1.9",
    "1.10",
    "1:0.1",
)


def test_the_order() -> None:
    assert sorted(ORDERED, key=version.key) == [*ORDERED[:7], *sorted(ORDERED[7:], key=version.key)]
    assert version.key("1.0") == version.key("0:1.0-0")
    assert version.key("1.0~~") < version.key("1.0~") < version.key("1.0") < version.key("1.0a")


@pytest.mark.parametrize(
    ("relation", "holds"), [("<<", False), ("<=", True), ("=", True), (">=", True), (">>", False)]
)
def test_relations(relation: str, holds: bool) -> None:
    assert version.meets("1.2-3", relation, "1.2-3") is holds


@pytest.mark.rare
@pytest.mark.skipif(not shutil.which("dpkg"), reason="dpkg is not here")
@settings(max_examples=60, deadline=None)
@given(*[st.from_regex(r"([0-9]:)?[0-9][a-z0-9.+~]{0,6}(-[a-z0-9+~.]{1,4})?", fullmatch=True)] * 2)
def test_the_order_is_that_of_dpkg(left: str, right: str) -> None:
    said = subprocess.run(["dpkg", "--compare-versions", left, "lt", right], check=False).returncode == 0
    assert (version.key(left) < version.key(right)) is said

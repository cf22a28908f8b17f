"""Patterns that are compiled when they are first asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bpopt
from bpopt.patterns import Pattern


def test_nothing_is_compiled_before_it_is_asked() -> None:
    wrong = Pattern("(")
    with pytest.raises(re.error):
        wrong.search("a")


def test_it_answers_as_a_compiled_one_does() -> None:
    lazy, eager = Pattern("(?P<word>b+)", re.IGNORECASE), re.compile("(?P<word>b+)", re.IGNORECASE)
    assert (lazy.pattern, lazy.flags, lazy.groups) == (eager.pattern, eager.flags, eager.groups)
    for _ in range(2):  # the second time the answer is at hand
        assert lazy.findall("abBa") == eager.findall("abBa")
        assert lazy.sub("x", "abBa") == eager.sub("x", "abBa")


@pytest.mark.parametrize("room", ["app", "documents", "rules"])
def test_what_check_imports_compiles_no_pattern_at_import(room: str) -> None:
    modules = Path(bpopt.__file__).with_name(room).rglob("*.py")
    found = [
        f"{path}: {line}"
        for path in modules
        for line in path.read_text("utf-8").splitlines()
        if "re.compile(" in line and not line.startswith("        ")
    ]
    assert found == []

"""The table of real failures in the documents says what the tests show: no rule in it without a test of that row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bpopt import rules

TESTS = Path(__file__).parent
PAGE = TESTS.parents[1] / "docs/failures.md"
_ROW = re.compile(r"^\| (\d+) \|.*\| ([CH]) \| (.*?) \| (.*?) \|$", re.MULTILINE)
_LINK = re.compile(r"\[([a-z0-9-]+)\]\(rules/\1\.md\)")
ROWS = {
    int(number): (kind, caught, thread) for number, kind, caught, thread in _ROW.findall(PAGE.read_text())
}


def _shown() -> dict[int, set[str]]:
    """The codes that the tests of each row name."""
    found: dict[int, set[str]] = {}
    for path in TESTS.rglob("test_user_pain_*.py"):
        text = path.read_text()
        for node in ast.parse(text).body:
            row = re.match(r"test_row_0*(\d+)_", node.name) if isinstance(node, ast.FunctionDef) else None
            if row is not None:
                codes = re.findall(r"BP\d{3}", ast.get_source_segment(text, node) or "")
                found.setdefault(int(row[1]), set()).update(codes)
    return found


TESTED = _shown()


def test_all_43_are_there() -> None:
    assert sorted(ROWS) == list(range(1, 44))


@pytest.mark.parametrize("number", sorted(ROWS))
def test_each_rule_of_a_row_is_shown_to_catch_it(number: int) -> None:
    kind, caught, thread = ROWS[number]
    names = _LINK.findall(caught)
    if not names:
        assert kind == "H", "told from the files alone, so a rule has to catch it"
        assert caught.startswith("not caught: ")
        return
    codes = {rules.index()[name].code for name in names}
    assert codes <= TESTED.get(number, set()), f"no test of row {number} shows these"
    assert kind == "H" or thread.startswith("[thread](https://")

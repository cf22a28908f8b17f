"""Figures as people read them."""

from __future__ import annotations

import pytest

from bpopt.verify import stats, words
from bpopt.verify.stats import Change


@pytest.mark.parametrize(
    ("number", "unit", "key", "text"),
    [
        (0, "B", "", "0 B"),
        (999, "B", "", "999 B"),
        (999_700, "B", "", "1.00 MB"),
        (36_200_000, "B", "slug.bytes", "36.2 MB"),
        (536870912, "B", "memory.peak", "512 MiB"),
        (0.00031, "s", "", "0.310 ms"),
        (0.125, "s", "", "125 ms"),
        (1.2951, "s", "", "1.30 s"),
        (374.2, "s", "", "6 min 14 s"),
        (15.7, "1/s", "", "15.7/s"),
        (6498.3, "1/s", "", "6,498/s"),
        (3, "count", "", "3"),
        (0.5, "ratio", "", "0.500"),
    ],
)
def test_values(number: float, unit: str, key: str, text: str) -> None:
    assert words.value(number, unit, key) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(0.57, "-43 %"), (1.0, "0 %"), (1.0004, "0 %"), (1.049, "+4.9 %"), (2.0, "+100 %"), (38.2, "38.2 x")],
)
def test_percent(ratio: float, text: str) -> None:
    assert words.percent(ratio, ascii_only=True) == text


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Change(1, 0.57, 0.57, 0.56, 0.58, 1.05, 5, False, stats.BETTER), "-43 % (-44 to -42 %)"),
        (Change(1, 1, 1.0, 0.97, 1.03, 1.05, 5, False, stats.SAME), "no change (-3.0 to +3.0 %)"),
        (Change(1, 1, 1.0, 0.5, 1.5, 1.9, 3, False, stats.NOISY), "too noisy (-50 to +50 %)"),
        (Change(5, 5, 1.0, 1.0, 1.0, 1.0, 1, True, stats.SAME), "the same"),
        (Change(1000, 500, 0.5, 0.5, 0.5, 1.0, 1, True, stats.BETTER), "-50 %"),
        (Change(0, 31, None, None, None, None, 3, False, stats.WORSE), "worse, from none"),
        (Change(1, 0.2, 0.2, None, None, None, 1, False, stats.NOISY), "-80 %, one run: no verdict"),
    ],
)
def test_changes(found: Change, text: str) -> None:
    assert words.change(found, ascii_only=True) == text

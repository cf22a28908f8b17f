"""Verdicts: what is not there is not found, what is there is, and noise is called noise."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpopt.verify import stats
from bpopt.verify.model import Measure
from tests.verify.simulate import noisy, normal


def measure(before: list[float], again: list[float], after: list[float], unit: str = "s") -> Measure:
    return Measure("k", "t", unit, unit != "1/s", tuple(before), tuple(again), tuple(after), "h")


@pytest.mark.parametrize("sigma", [0.002, 0.02, 0.1, 0.3])
@pytest.mark.parametrize("rounds", [3, 5, 9])
def test_equal_sides_are_never_called_different(sigma: float, rounds: int) -> None:
    random = Random(rounds)
    found = [stats.change(noisy(random, normal, sigma, rounds)).verdict for _ in range(60)]
    assert stats.BETTER not in found
    assert stats.WORSE not in found


@pytest.mark.parametrize(("rounds", "effect"), [(3, 2.0), (5, 0.5), (5, 1.5), (9, 1.3)])
def test_a_change_far_above_the_noise_is_found(rounds: int, effect: float) -> None:
    random = Random(3)
    found = [stats.change(noisy(random, normal, 0.03, rounds, effect)).verdict for _ in range(40)]
    assert set(found) == {stats.WORSE if effect > 1 else stats.BETTER}


@pytest.mark.parametrize("rounds", [3, 5, 8])
def test_the_interval_holds_the_truth_as_often_as_it_says(rounds: int) -> None:
    random = Random(5)
    found = [stats.change(noisy(random, normal, 0.1, rounds, 1.3)) for _ in range(300)]
    inside = sum((c.low or 0) <= 1.3 <= (c.high or 9) for c in found)
    assert 300 * 0.91 <= inside <= 300 * 0.99


def test_a_change_within_the_noise_of_before_is_too_noisy_to_tell() -> None:
    found = stats.change(measure([1, 2, 1, 2, 1], [2, 1, 2, 1, 2], [1.6, 1.1, 1.9, 1.2, 1.6]))
    assert found.verdict == stats.NOISY


def test_quiet_equal_sides_are_no_measurable_change() -> None:
    found = stats.change(measure([1.0, 1.01, 1.0, 1.01], [1.01, 1.0, 1.0, 1.0], [1.0, 1.01, 1.01, 1.0]))
    assert found.verdict == stats.SAME
    assert found.band == pytest.approx(1.05)


def test_what_is_likely_but_not_sure_is_called_neither() -> None:
    found = stats.change(measure([1.0, 1.01, 1.0], [1.01, 1.0, 1.02], [1.1, 1.115, 1.09]))
    assert (found.low or 0) > (found.band or 9)
    assert found.verdict == stats.NOISY


def test_a_wait_that_changes_by_a_tenth_of_a_millisecond_is_no_change() -> None:
    first, again = [0.0007, 0.00071, 0.0007, 0.0007], [0.0007, 0.0007, 0.00071, 0.0007]
    after = [0.0009, 0.0009, 0.0009, 0.00091]
    assert stats.change(measure(first, again, after)).verdict == stats.SAME
    longer = ([1000 * value for value in row] for row in (first, again, after))
    assert stats.change(measure(next(longer), next(longer), next(longer))).verdict == stats.WORSE


def test_counted_sizes_need_no_rounds() -> None:
    found = stats.change(measure([1e6], [1e6], [0.99e6], "B"))
    assert (found.verdict, found.exact, found.ratio) == (stats.BETTER, True, 0.99)
    assert stats.change(measure([1000], [1000], [900], "B")).verdict == stats.SAME  # not a block of a disk
    assert stats.change(measure([1000], [1000], [999], "B")).verdict == stats.SAME
    assert stats.change(measure([1000], [1000], [999], "count")).verdict == stats.BETTER
    assert stats.change(measure([5], [5], [5], "count")).verdict == stats.SAME


def test_one_round_of_seconds_is_no_verdict() -> None:
    assert stats.change(measure([1.0], [1.0], [0.2])).verdict == stats.NOISY
    once = stats.change(measure([1.0], [], [0.2]))
    assert (once.verdict, once.ratio, once.low) == (stats.NOISY, 0.2, None)


def test_errors_where_there_were_none_are_worse() -> None:
    found = stats.change(measure([0, 0, 0], [0, 0, 0], [31, 28, 35], "count"))
    assert (found.verdict, found.ratio) == (stats.WORSE, None)
    assert stats.change(measure([0, 0, 0], [0, 1, 0], [0, 0, 0], "count")).verdict == stats.SAME


def test_more_throughput_is_better_and_less_is_worse() -> None:
    rows = ([100.0, 101, 99, 100], [101.0, 100, 100, 99])
    assert stats.change(measure(*rows, [200.0, 201, 199, 200], "1/s")).verdict == stats.BETTER
    assert stats.change(measure(*rows, [50.0, 51, 49, 50], "1/s")).verdict == stats.WORSE


def test_rounds_go_on_until_all_is_clear() -> None:
    clear = measure([1.0, 1.01, 1.0], [1.01, 1.0, 1.01], [2.0, 2.01, 2.02])
    unclear = measure([1.0, 1.4, 0.8], [1.3, 0.9, 1.0], [1.1, 1.0, 1.6])
    assert stats.enough((clear,))
    assert not stats.enough((clear, unclear))
    assert not stats.enough(())


@given(
    st.lists(st.tuples(*[st.floats(0.001, 1e9)] * 3), min_size=1, max_size=12),
    st.sampled_from(["s", "B", "1/s", "count", "ratio"]),
    st.floats(0.001, 1000),
)
def test_the_interval_does_not_depend_on_the_scale(
    rows: list[tuple[float, float, float]], unit: str, scale: float
) -> None:
    first, again, after = ([row[i] for row in rows] for i in range(3))
    one = stats.change(measure(first, again, after, unit))
    grown = ([value * scale for value in column] for column in (first, again, after))
    other = stats.change(measure(next(grown), next(grown), next(grown), unit))
    assert one.exact == other.exact
    for mine, others in ((one.low, other.low), (one.high, other.high), (one.ratio, other.ratio)):
        assert (mine is None and others is None) or mine == pytest.approx(others, rel=1e-6)


def test_a_measure_without_values_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        stats.change(measure([], [], []))

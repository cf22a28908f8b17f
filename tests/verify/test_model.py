"""Rounds: all sides in each, in a shuffled order that the seed decides, within the time."""

from __future__ import annotations

from time import monotonic, sleep

from bpopt.verify import model
from bpopt.verify.model import LABELS, Plan


def plan(**given: object) -> Plan:
    return Plan("scratch", "python")._replace(**given)  # type: ignore[arg-type]


def test_each_round_has_all_sides_in_shuffled_order() -> None:
    orders = list(model.rounds(plan(max_rounds=40), "load", 60.0))
    assert len(orders) == 40
    assert all(sorted(order) == sorted(LABELS) for order in orders)
    assert len(set(orders)) == 6
    assert orders == list(model.rounds(plan(max_rounds=40), "load", 60.0))
    assert orders != list(model.rounds(plan(max_rounds=40, seed=2), "load", 60.0))


def taken(seconds: float, each: float, **given: object) -> tuple[int, float]:
    began, number = monotonic(), 0
    for _ in model.rounds(plan(**given), "load", seconds):
        number += 1
        sleep(each)
    return number, monotonic() - began


def test_rounds_end_before_their_time() -> None:
    number, took = taken(0.5, 0.05)
    assert 3 <= number <= 10
    assert took < 0.6


def test_the_least_number_of_rounds_may_overrun_but_not_by_much() -> None:
    assert taken(0.2, 0.1, min_rounds=3, max_rounds=9, overrun=2.0)[0] == 3
    assert taken(0.1, 0.3, min_rounds=3)[0] == 1


def test_no_round_begins_that_is_expected_to_take_too_long() -> None:
    assert list(model.rounds(plan(), "load", 1.0, 2.0)) == []
    assert len(list(model.rounds(plan(max_rounds=4), "load", 1.0, 0.2))) == 4


def test_shares_are_those_of_the_chosen_stages() -> None:
    every = plan(budget=120.0)
    assert sum(model.seconds_for(every, stage) for stage in model.SHARES) == 120.0
    assert model.seconds_for(every._replace(stages=("load", "slug")), "load") == 120.0


def test_a_measure_leaves_out_what_not_all_sides_finished() -> None:
    samples = {"before": [1.0, 2.0], "before again": [1.0, 2.0], "after": [3.0]}
    measure = model.measured("k", "K", "s", True, samples, "how")
    assert (measure.before, measure.before_again, measure.after) == ((1.0,), (1.0,), (3.0,))

"""Which configuration is recommended, from outcomes whose truth is known."""

from __future__ import annotations

import pytest

from bpopt.settings import ConfigError
from bpopt.tune import deciding, objective, standings
from bpopt.tune.candidates import Candidate
from bpopt.verify import stats
from tests.tune.made import CURRENT, THROUGHPUT, face_app, outcome, pooled

FAST, LIGHT, SLOW = Candidate(2, 4), Candidate(2, preload=True), Candidate(1)


def test_the_best_wins() -> None:
    found = pooled(
        outcome(FAST, {"throughput": 3.0, "p95": 0.4}), outcome(SLOW, {"throughput": 0.5, "p95": 2})
    )
    decision = deciding.decide(found, CURRENT, THROUGHPUT)
    assert (decision.chosen, decision.keep, decision.even, decision.clear) == (FAST, False, (), True)
    assert decision.change is not None
    assert decision.change.verdict == stats.BETTER


def test_nothing_better_keeps_what_there_is() -> None:
    found = pooled(outcome(FAST, {}), outcome(SLOW, {"throughput": 0.5}))
    decision = deciding.decide(found, CURRENT, THROUGHPUT)
    assert (decision.chosen, decision.keep, decision.change) == (CURRENT, True, None)
    assert decision.even == (FAST,)


def test_what_does_not_fit_is_not_kept() -> None:
    found = pooled(outcome(LIGHT, {"throughput": 0.97, "memory": 0.5}), outcome(SLOW, {"throughput": 0.5}))
    decision = deciding.decide(found, CURRENT, THROUGHPUT, fits=False)
    assert (decision.chosen, decision.keep) == (LIGHT, False)
    assert "does not fit" in decision.why


def test_those_left_behind_early_do_not_keep_the_answer_open() -> None:
    early = outcome(Candidate(3), {"throughput": 2.9}, rounds=1)
    found = pooled(outcome(FAST, {"throughput": 3.0}), outcome(SLOW, {"throughput": 0.5}), early)
    decision = deciding.decide(found, CURRENT, THROUGHPUT)
    assert (decision.chosen, decision.even, decision.clear) == (FAST, (), True)


def test_less_memory_decides_between_even_ones() -> None:
    found = pooled(outcome(LIGHT, {"memory": 0.69}), outcome(Candidate(4, preload=True), {"memory": 0.86}))
    decision = deciding.decide(found, CURRENT, THROUGHPUT)
    assert decision.chosen == LIGHT
    assert CURRENT in decision.even
    assert "less memory" in decision.why


def test_a_shorter_p95_decides_where_memory_does_not() -> None:
    ratios = {"throughput": 2.0, "memory": 0.7}
    found = pooled(outcome(LIGHT, {**ratios, "p95": 0.5}), outcome(FAST, {**ratios, "p95": 0.9}))
    assert deciding.decide(found, CURRENT, THROUGHPUT).chosen == LIGHT


def test_faults_and_a_price_in_p95_bar() -> None:
    wrong = outcome(FAST, {"throughput": 5.0}, fault="3 wrong answers")
    late = outcome(Candidate(2, 8), {"throughput": 2.0, "p95": 2.0})
    found = pooled(wrong, late, outcome(LIGHT, {"throughput": 1.5, "p95": 0.7}))
    assert deciding.decide(found, CURRENT, THROUGHPUT).chosen == LIGHT
    assert deciding.barred(found[0], THROUGHPUT) == "3 wrong answers"
    assert "p95 is" in deciding.barred(found[1], THROUGHPUT)
    bound = objective.parse("throughput", 0.2)
    assert "p95 is over 0.2 s" in deciding.barred(standings.pool([late], bound)[0], bound)


def test_the_objective_decides() -> None:
    own = [outcome(FAST, {"throughput": 1.3, "p95": 1.2}), outcome(LIGHT, {"throughput": 0.95, "p95": 0.5})]
    goal = objective.parse("p95")
    assert deciding.decide(standings.pool(own, goal), CURRENT, goal).chosen == LIGHT
    assert deciding.decide(pooled(*own), CURRENT, THROUGHPUT).chosen == FAST
    goal = objective.parse("mix:throughput=1,p95=1")
    assert deciding.decide(standings.pool(own, goal), CURRENT, goal).chosen == LIGHT


def test_the_cheapest_plan() -> None:
    goal = objective.parse("cheapest:1s")
    own = [
        outcome(LIGHT, {"throughput": 0.99}),
        outcome(FAST, {"throughput": 1.5}),
        outcome(SLOW, {"p95": 3.0}),
    ]
    prices = {LIGHT: 7.0, FAST: 25.0, SLOW: 5.0, CURRENT: 25.0}
    decision = deciding.decide(standings.pool(own, goal), CURRENT, goal, prices.__getitem__)
    assert decision.chosen == LIGHT  # SLOW costs less, and does not keep to the bound


def test_survivors_have_the_best_and_the_lightest() -> None:
    found = pooled(
        *(outcome(Candidate(n), {"throughput": 1 + n / 100, "memory": 2.0 - n / 9}, 1) for n in range(1, 8))
    )
    top = max(found, key=lambda s: s.score).candidate
    assert top in deciding.survivors(found, THROUGHPUT, 2)
    assert deciding.survivors((), THROUGHPUT, 4) == ()


@pytest.mark.parametrize("noise", [0.01, 0.03])
def test_twenty_runs_agree(noise: float) -> None:
    decisions = [
        deciding.decide(pooled(*face_app(str(seed), noise)), CURRENT, THROUGHPUT) for seed in range(20)
    ]
    assert {d.chosen for d in decisions} == {Candidate(2, preload=True)}


def test_a_noisy_machine_is_believed_to_be_noisy() -> None:
    found = pooled(outcome(LIGHT, {"throughput": 1.15}, 3, 0.3))
    decision = deciding.decide(found, CURRENT, THROUGHPUT)
    assert decision.keep
    assert not decision.clear


def test_configurations_are_held_against_each_other_in_shared_rounds() -> None:
    one, other, elsewhere = pooled(
        outcome(FAST, {"throughput": 2.0}),
        outcome(LIGHT, {"throughput": 1.0}),
        outcome(SLOW, {}, block="9.9"),
    )
    found = standings.against(one, other)
    assert found is not None
    assert found.verdict == stats.WORSE
    assert found.ratio == pytest.approx(0.5, rel=0.1)
    assert standings.against(one, elsewhere) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("througput", "did you mean 'throughput'"),
        ("mix:speed=1", "a mix is of"),
        ("mix:p95=x", "no weight"),
        ("mix:p95=0", "positive"),
        ("cheapest:soon", "no time"),
        ("p95:1", "takes nothing"),
    ],
)
def test_objectives_that_are_none(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        objective.parse(text)


def test_objectives_are_ratios() -> None:
    goal = objective.parse("mix:throughput=2,p95=1")
    one = goal.value({"throughput": 10, "p95": 0.5, "memory": 1})
    assert goal.value({"throughput": 20, "p95": 1.0, "memory": 9}) / one == pytest.approx(2.0)
    assert objective.duration("500ms") == 0.5
    assert objective.duration("2") == 2

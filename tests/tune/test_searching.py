"""The search as a whole, with rounds that are drawn from a known truth instead of measured: who wins, when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bpopt.tune import candidates, rounds, searching
from bpopt.tune.bench import Bench
from bpopt.tune.candidates import Allowed, Candidate
from bpopt.tune.rounds import Outcome, Works
from bpopt.tune.searching import Search
from bpopt.tune.store import Store
from bpopt.verify.model import Plan, Silent
from tests.tune.made import CURRENT, THROUGHPUT, outcome

BEST = Candidate(2, preload=True)


class Truth:
    """What each configuration of the face app does (measured.md, 3.1), with noise; it counts what it was asked."""

    def __init__(self, seed: str, noise: float = 0.03) -> None:
        self.seed, self.noise, self.asked = seed, noise, 0
        self.fault: Candidate | None = None
        self.interrupt_after = -1

    def __call__(self, bench: Bench, works: Works) -> tuple[Outcome, ...]:
        if self.asked == self.interrupt_after:
            raise KeyboardInterrupt
        self.asked += 1
        return tuple(self.one(candidate, works) for candidate in works.candidates)

    def one(self, c: Candidate, works: Works) -> Outcome:
        busy = min(c.workers, 2) / 2
        threads = 1.43 if c.threads > 1 else 1.02
        memory = (0.47 + 0.11 * c.workers if c.preload else 0.5 * c.workers) + 0.02 * (c.threads - 1)
        ratios = {"throughput": busy, "p95": threads / busy, "memory": memory}
        fault = "2 workers crashed" if c == self.fault else ""
        return outcome(c, ratios, works.rounds, self.noise, self.seed, works.name, fault)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path}/study.sqlite3", "search") as opened:
        yield opened


def search(store: Store, seconds: float = 300.0) -> Search:
    bench: Any = Bench(None, "", Plan("", ""), 8, CURRENT, Silent())  # type: ignore[arg-type]
    space = tuple(c for c in candidates.space(CURRENT, Allowed(2, 8)) if c != CURRENT)
    return Search(bench, store, THROUGHPUT, space, 4, 10, monotonic() + seconds, [])


@pytest.mark.parametrize("seed", ["a", "b", "c", "d", "e"])
def test_five_runs_agree(store: Store, seed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "run", Truth(seed))
    own = search(store)
    assert searching.run(own) == searching.CLEAR
    decision = own.decide()
    assert decision.chosen == BEST
    assert decision.clear


def test_a_faulty_leader_is_replaced(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = Truth("fault")
    truth.fault = BEST
    monkeypatch.setattr(rounds, "run", truth)
    own = search(store)
    searching.run(own)
    assert own.decide().chosen != BEST


def test_an_interrupted_search_goes_on_where_it_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Truth("whole")
    monkeypatch.setattr(rounds, "run", whole)
    first = Truth("whole")
    first.interrupt_after = 3
    monkeypatch.setattr(rounds, "run", first)
    assert searching.run(search(store)) == searching.INTERRUPTED
    kept = len(store.outcomes())
    assert kept == 12
    second = Truth("whole")
    monkeypatch.setattr(rounds, "run", second)
    own = search(store)
    assert searching.run(own) == searching.CLEAR
    assert own.decide().chosen == BEST
    found = [(one.candidate, one.block) for one in store.outcomes()]
    assert len(found) == len(set(found))  # nothing was measured again
    asked = second.asked
    assert searching.run(search(store)) == searching.CLEAR
    assert second.asked == asked


def test_a_spent_budget_ends_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "run", Truth("late"))
    own = search(store, seconds=0)
    assert searching.run(own) == searching.BUDGET
    assert own.decide().keep


def test_noise_that_hides_everything_never_ends_in_a_wrong_claim(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "run", Truth("noisy", 0.15))
    monkeypatch.setattr(searching, "PARTS", 2)
    own = search(store)
    assert searching.run(own) == searching.BUDGET
    found = own.decide()
    assert found.keep or found.chosen.preload  # its memory is less, and that is shown

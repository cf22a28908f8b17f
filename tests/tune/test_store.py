"""The shared store: no measurement is made twice or lost, whatever database and however many runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bpopt.settings import ConfigError
from bpopt.tune import database
from bpopt.tune import store as stores
from bpopt.tune.candidates import GEVENT, Candidate
from bpopt.tune.store import Store
from tests.tune import postgres
from tests.tune.made import outcome
from tests.tune.working_together import SPACE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/study.sqlite3"


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Opens stores, and closes them after the test."""
    with ExitStack() as stack:
        yield lambda *given, **options: stack.enter_context(Store(*given, **options))


def test_what_was_found_is_there_for_the_next_run(url: str, opened: Callable[..., Store]) -> None:
    store = opened(url, "one")
    store.offer(0, "0.0", (Candidate(1), Candidate(2, 4, GEVENT, True, 500)))
    store.offer(0, "0.0", (Candidate(1), Candidate(2)))  # only what is new
    claims = store.claim(9, 0)
    assert [claim.candidate.key for claim in claims] == ["w1-t1", "w2-t4-gevent-preload-r500", "w2-t1"]
    found = outcome(Candidate(1), {"throughput": 2.0})
    store.report(claims[0], found, 2.0)
    again = opened(url, "one")
    assert again.outcomes() == again.outcomes(0) == (found,)
    assert again.outcomes(-1) == ()
    assert opened(url, "other").outcomes() == ()
    assert opened(url, "one", fresh=True).outcomes() == ()


def test_what_is_given_back_is_taken_again(url: str, opened: Callable[..., Store]) -> None:
    store = opened(url, "one")
    store.offer(0, "0.0", (Candidate(1), Candidate(2)))
    store.give_back(store.claim(2, 0))
    assert store.running(0) == 0
    assert [claim.candidate for claim in opened(url, "one").claim(2, 0)] == [Candidate(1), Candidate(2)]


def test_a_claim_is_of_one_block(url: str, opened: Callable[..., Store]) -> None:
    store = opened(url, "one")
    store.offer(0, "0.0", (Candidate(1),))
    store.offer(0, "0.1", (Candidate(2),))
    assert [claim.block for claim in store.claim(4, 0)] == ["0.0"]
    assert [claim.block for claim in store.claim(4, 0)] == ["0.1"]
    assert store.claim(4, 0) == []


def test_what_waits_of_earlier_rungs_is_dropped(url: str, opened: Callable[..., Store]) -> None:
    store = opened(url, "one")
    store.offer(0, "0.0", (Candidate(1),))
    store.offer(1, "1.0", (Candidate(2),))
    assert [claim.candidate for claim in store.claim(4, 1)] == [Candidate(2)]
    assert store.claim(4, 1) == []
    store.offer(0, "0.0", (Candidate(1),))
    store.offer(2, "2.0", (Candidate(3),))
    assert [claim.candidate for claim in store.claim(4, 0)] == [Candidate(1)]
    assert store.waiting() == 1


def test_what_a_dead_run_had_taken_is_taken_again(
    url: str, opened: Callable[..., Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(url, "one")
    store.offer(0, "0.0", (Candidate(1),))
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    monkeypatch.setattr(stores, "_self", lambda: f"{os.uname().nodename} {int(dead.stdout)}")
    assert len(store.claim(1, 0)) == 1
    monkeypatch.undo()
    assert store.claim(1, 0) == []
    assert store.running(0) == 0
    assert len(store.claim(1, 0)) == 1
    assert store.running(0) == 1


def test_notes_are_made_once(url: str, opened: Callable[..., Store]) -> None:
    store = opened(url, "one")
    assert store.once("rate", lambda: 12.5) == 12.5
    assert opened(url, "one").once("rate", lambda: 99.0) == 12.5


def test_optunas_own_tools_can_read_it(url: str, opened: Callable[..., Store]) -> None:
    store = opened(url, "one")
    store.offer(0, "0.0", (Candidate(3, 2, preload=True),))
    (claim,) = store.claim(1, 0)
    store.report(claim, outcome(claim.candidate, {}), 1.5)
    best = store.study.best_trial
    assert best.params == {
        "workers": 3,
        "threads": 2,
        "worker_class": "sync",
        "preload": True,
        "max_requests": 0,
    }
    assert best.value == 1.5


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/study.sqlite3"
        return
    unable = postgres.unable()
    if unable:
        pytest.skip(unable)
    with postgres.server() as found:
        yield found


def test_two_processes_share_one_study(shared: str, opened: Callable[..., Store]) -> None:
    order = [sys.executable, "-m", "tests.tune.working_together", shared]
    runs = [subprocess.Popen(order, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    taken = [json.loads(run.communicate(timeout=120)[0]) for run in runs]
    # both may offer at the very same moment, and then some are measured twice: none is left out
    assert set(taken[0] + taken[1]) == {candidate.workers for candidate in SPACE}
    found = opened(shared, "together").outcomes()
    assert {one.candidate for one in found} == set(SPACE)
    assert len(found) == len(taken[0]) + len(taken[1])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////no/such/folder/x.db", "unable to open"),
        ("postgresql://someone:secret@/study?host=/no/such/folder", "connection"),
        ("nosuch://x", "Can't load plugin|no such|argument"),
        ("x", "argument|parse"),
    ],
)
def test_a_store_that_cannot_be_opened(url: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "ATTEMPTS", 1)
    with pytest.raises(ConfigError, match=said) as caught:
        Store(url, "one")
    assert "secret" not in str(caught.value)


def test_the_default_lies_in_the_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert database.default_url() == f"sqlite:///{tmp_path}/bpopt/tune.sqlite3"


def test_without_optuna_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ConfigError, match=r"pip install 'bpopt\[tune\]'"):
        Store("sqlite://", "one")

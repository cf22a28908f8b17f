"""Answers that stay, answers that change, and those that only different requests in flight bring to light."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bpopt.verify import probe
from bpopt.verify.model import FAILED, PASSED, SKIPPED, Silent
from tests.verify.planted import COMMAND, DIFFERENT, UNABLE, leftovers, pair, plan

pytestmark = pytest.mark.skipif(UNABLE is not None, reason=str(UNABLE))
THREADS = f"{COMMAND} --threads 4"


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert leftovers(tmp_path) == []


def test_identical(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "steady", "steady", (COMMAND, THREADS))
    result = probe.run(one, two, plan(tmp_path, one, DIFFERENT), Silent())
    assert (result.status, result.reason) == (PASSED, "")
    flown = result.details["in_flight"]["after"]
    assert flown["right"] > 100
    assert (flown["wrong"], flown["failed"], flown["crashed"]) == (0, 0, 0)
    assert flown["stopped_on_term"]


def test_other_answers(tmp_path: Path) -> None:
    table = {"health": "/health", "request": [{"name": "all", "path": ["/a", "/near", "/page"]}]}
    env = ({"ANSWER": "42"}, {"ANSWER": "43"})
    one, two = pair(tmp_path, "other", "other", env=env)
    result = probe.run(one, two, plan(tmp_path, one, table), Silent())
    assert result.status == FAILED
    assert result.details["changed"] == {
        "GET /a (1)": "answer is 43 instead of 42",
        "GET /near (2)": "near is 0.500043 instead of 0.500042",
        "GET /page (3)": 'after "p>Answer " comes "43" instead of "42"',
    }
    assert "not compared, it varies by itself: all: at, all: token" in result.notes


def test_declared_tolerance(tmp_path: Path) -> None:
    table = {"health": "/health", "request": [{"name": "near", "path": "/near", "tolerance": 0.00001}]}
    one, two = pair(tmp_path, "other", "other", env=({"ANSWER": "42"}, {"ANSWER": "43"}))
    result = probe.run(one, two, plan(tmp_path, one, table), Silent())
    assert (result.status, result.details["changed"]) == (PASSED, {})
    assert any("no part of the traffic has different requests" in note for note in result.notes)


def test_threads_that_mix_up_requests(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "mixing", "mixing", (COMMAND, THREADS))
    result = probe.run(one, two, plan(tmp_path, one, DIFFERENT), Silent())
    assert (result.status, result.details["changed"]) == (FAILED, {})  # one at a time nothing shows
    assert result.details["in_flight"]["before"]["wrong"] == 0
    after = result.details["in_flight"]["after"]
    assert after["wrong"] > 0
    assert after["swapped"] == after["wrong"]
    assert "of them the answer to another request" in result.reason


def test_one_request_repeated_hides_it(tmp_path: Path) -> None:
    table = {"health": "/health", "request": [{"name": "name", "path": "/name/1"}]}
    one, two = pair(tmp_path, "mixing", "mixing", (COMMAND, THREADS))
    result = probe.run(one, two, plan(tmp_path, one, table), Silent())
    assert result.status == PASSED  # and so the notes must say that this was blind
    assert any("no part of the traffic has different requests" in note for note in result.notes)


def test_side_that_does_not_come_up(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "steady", "crashing")
    result = probe.run(one, two, plan(tmp_path, one), Silent())
    assert result.status == SKIPPED
    assert "after does not come up" in result.reason


def test_refused_preparation(tmp_path: Path) -> None:
    table = {"health": "/", "prepare": [{"path": "/x"}], "request": [{"path": "/"}]}
    one, two = pair(tmp_path, "steady", "steady")
    taken = plan(tmp_path, one, table)
    refusing = taken.traffic.prepare[0]._replace(method="GARBAGE ")
    result = probe.run(
        one, two, taken._replace(traffic=taken.traffic._replace(prepare=(refusing,))), Silent()
    )
    assert result.status == SKIPPED
    assert "before could not be prepared" in result.reason


def test_a_held_port_is_nobody_elses() -> None:
    from bpopt.verify.server import hold_port

    hold, port = hold_port()
    with hold, socket.socket() as other, pytest.raises(OSError):
        other.bind(("127.0.0.1", port))

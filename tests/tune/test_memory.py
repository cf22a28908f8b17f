"""The arithmetic of memory: from points to a model, what it says of others, what fits."""

from __future__ import annotations

import json

import pytest

from bpopt.tune import fitting, memory
from bpopt.tune import model as models
from bpopt.tune.candidates import GEVENT, Allowed, Candidate
from bpopt.tune.model import Point, Shape
from tests.tune.made import MB, model


def point(candidate: Candidate, loaded: float, one: float, full: float, growth: float = 0.0) -> Point:
    return Point(candidate, candidate.slots(8), loaded * MB, loaded * MB, one * MB, full * MB, growth)


POINTS = [
    point(Candidate(1), 120, 170, 170),
    point(Candidate(2), 220, 270, 320),
    point(Candidate(1, preload=True), 140, 190, 190),
    point(Candidate(2, preload=True), 160, 210, 260),
    point(Candidate(1, 4), 126, 176, 266),
]


def test_points_that_were_made_by_a_model_give_it_back() -> None:
    found = models.fit(POINTS)
    assert found.plain == Shape(20 * MB, 100 * MB)
    assert found.preload == Shape(120 * MB, 20 * MB)
    assert found.request == 50 * MB
    assert found.slot == pytest.approx(32 * MB)
    assert found.thread == pytest.approx(2 * MB)
    assert found.peak(Candidate(2), 8) == 320 * MB
    assert found.peak(Candidate(4, preload=True), 8) == 400 * MB
    assert found.peak(Candidate(1, 4), 8) == pytest.approx(266 * MB)
    assert found.peak(Candidate(4, 8), 4) == found.peak(Candidate(4), 4)


def test_gevent_is_told_apart() -> None:
    found = models.fit([*POINTS, point(Candidate(1, 1, GEVENT), 140, 190, 330)])
    assert found.green is not None
    assert found.green.worker == 20 * MB
    assert found.peak(Candidate(1, 1, GEVENT), 8) == pytest.approx(330 * MB)
    assert models.fit(POINTS).plain == found.plain


def test_the_sum_shows_the_arithmetic() -> None:
    text = model().sum(Candidate(2, 2), 8)
    assert (
        text
        == "100 shared + 2 x 150 workers + 2 x 50 largest requests + 2 x 40 further threads with theirs = 580 MB"
    )


def test_what_does_not_fit_is_left_out_with_the_arithmetic() -> None:
    both = (Candidate(2), Candidate(3), Candidate(3, preload=True))
    kept, left = fitting.fits(model(), both, 512 * MB, 8)
    assert kept == (Candidate(2), Candidate(3, preload=True))
    assert left[0].why.endswith("= 700 MB, and there are 512 MB")
    assert fitting.fits(model(), both, None, 8)[0] == both


def test_a_leak_asks_for_new_workers_in_time() -> None:
    leaking = model(growth=50_000.0)
    number = fitting.recycle(leaking, 512 * MB, Allowed(2, 8))
    assert number == 300
    kept, left = fitting.keeps(leaking, (Candidate(2), Candidate(2, max_requests=number)), 512 * MB)
    assert kept == (Candidate(2, max_requests=300),)
    assert "fill 512 MB after 10737 requests" in left[0].why
    assert fitting.recycle(model(), 512 * MB, Allowed(2, 8)) == 0
    assert "2 x 300 x 49 KB leaked" in leaking.sum(Candidate(2, max_requests=300), 8)


def test_what_is_measured() -> None:
    assert memory.points(True, True, False, Candidate(2)) == (
        *(Candidate(n) for n in (1, 2)),
        *(Candidate(n, preload=True) for n in (1, 2)),
        Candidate(1, 4),
    )
    assert all(c.threads == 1 and not c.preload for c in memory.points(False, False, False, Candidate(2)))


def test_a_model_is_stored_whole() -> None:
    found = models.fit([*POINTS, point(Candidate(1, 1, GEVENT), 140, 190, 330)])
    assert models.read(json.loads(json.dumps(models.record(found)))) == found

"""Outcomes, models and reports made by hand, for the tests of what reckons with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from bpopt.tune import deciding, objective, standings
from bpopt.tune.candidates import Candidate, Left
from bpopt.tune.model import Model, Point, Shape
from bpopt.tune.report import Report
from bpopt.tune.resources import Resources
from bpopt.tune.rounds import Outcome
from bpopt.tune.searching import CLEAR
from bpopt.verify.model import AFTER, BEFORE, BEFORE_AGAIN

MB = 2**20
CURRENT = Candidate(2)
THROUGHPUT = objective.parse("throughput")
BASE = {"throughput": 20.0, "p95": 0.5, "memory": 370.0 * MB, "cpu": 0.1}


def outcome(
    candidate: Candidate,
    ratios: Mapping[str, float],
    rounds: int = 6,
    noise: float = 0.02,
    seed: str = "",
    block: str = "0.0",
    fault: str = "",
) -> Outcome:
    """Rounds in which a configuration is so many times the current one, with noise and a drift that all share."""
    made = []
    own, shared = Random(f"{seed}{candidate}{block}"), Random(f"{seed}{block}")
    for _ in range(rounds):
        drift = shared.gauss(1, 3 * noise)
        control = [_figures({}, drift, noise, shared) for _ in range(2)]
        made.append(
            {BEFORE: control[0], BEFORE_AGAIN: control[1], AFTER: _figures(ratios, drift, noise, own)}
        )
    return Outcome(candidate, block, tuple(made), fault)


def _figures(ratios: Mapping[str, float], drift: float, noise: float, random: Random) -> dict[str, float]:
    def value(name: str) -> float:
        shifted = (
            1.0
            if name == "memory"
            else (drift if name == "throughput" else 1 / drift) * random.gauss(1, noise)
        )
        return BASE[name] * ratios.get(name, 1.0) * shifted

    return {name: value(name) for name in BASE}


def pooled(*outcomes: Outcome) -> tuple[standings.Standing, ...]:
    """Their standings, for throughput."""
    return standings.pool(outcomes, THROUGHPUT)


def face_app(seed: str, noise: float) -> Iterator[Outcome]:
    """What the face app was measured to do at 512 MB on 2 cores (measured.md, 3.1 and 3.5), with noise."""
    for candidate, throughput, p95, memory in (
        (Candidate(1), 0.5, 1.97, 0.55),
        (Candidate(2, preload=True), 1.0, 1.02, 0.69),
        (Candidate(2, 4, preload=True), 0.97, 1.43, 0.79),
        (Candidate(4, preload=True), 1.0, 1.02, 0.86),
    ):
        ratios = {"throughput": throughput, "p95": p95, "memory": memory}
        yield outcome(candidate, ratios, 5, noise, seed)


def model(growth: float = 0.0) -> Model:
    """A model in round numbers: 100 MB shared, 150 a worker (with --preload 200 and 30), 50 a request."""
    points = (Point(Candidate(1), 1, 250.0 * MB, 250.0 * MB, 300.0 * MB, 300.0 * MB),)
    return Model(
        Shape(100.0 * MB, 150.0 * MB),
        Shape(200.0 * MB, 30.0 * MB),
        50.0 * MB,
        40.0 * MB,
        5.0 * MB,
        growth,
        points,
    )


def report(ended: str = CLEAR) -> Report:
    """A report with all that one can hold."""
    found = pooled(*face_app("report", 0.01), outcome(Candidate(3), {}, fault="2 workers crashed"))
    return Report(
        app="apps/faces",
        date="2026-11-25T04:00:00Z",
        resources=Resources(512 * MB, 2, "--memory"),
        objective=THROUGHPUT,
        current=CURRENT,
        decision=deciding.decide(found, CURRENT, THROUGHPUT),
        standings=found,
        left=(Left(Candidate(3), "100 + 3 x 150 workers = 550 MB, and there are 512 MB"),),
        model=model(),
        clients=8,
        ended=ended,
        diff="--- a/Procfile\n+++ b/Procfile\n@@ -1 +1 @@\n-web: a\n+web: a --preload\n",
        machine={
            "bpopt": "0.1.0",
            "python": "3.11.7",
            "packages": {"gunicorn": "27.0.1"},
            "system": "Linux 6.1",
            "machine": "x86_64",
            "processor": "some processor",
            "cores": 2,
            "memory": 8 * 1024**3,
            "load_before": 0.1,
            "load_after": 0.9,
        },
        settings={"rounds": 25, "requests": 40, "study": "x", "seed": 1},
        notes=("a <note>",),
        seconds=123.0,
    )

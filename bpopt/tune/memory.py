"""How much memory a configuration takes, measured: idle, after the mix of requests, with the largest in flight.

Each point is a server of its own without a limit. Workers and --preload are told apart by one worker against two.
"""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

from bpopt.tune import model
from bpopt.tune.candidates import GEVENT, THREADED, Candidate
from bpopt.tune.model import Model, Point
from bpopt.verify import driving
from bpopt.verify import memory as measuring
from bpopt.verify.memory import Sampler
from bpopt.verify.ready import Ready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bpopt.tune.bench import Bench
    from bpopt.verify.server import Server

PAUSE = 0.03  # seconds between samples while the largest requests are in flight: peaks are short
TURNS = 2  # largest requests that each slot answers
SECONDS = 4.0  # of the mix on each point, if the budget allows it
THREADS = 4  # of the point that tells what a thread takes


def points(preload: bool, threads: bool, gevent: bool, current: Candidate) -> tuple[Candidate, ...]:
    """What is measured: one worker and two, without and with --preload; one of several threads, and of gevent."""
    own = current.worker_class
    found = [Candidate(n, 1, own) for n in (1, 2)] if not (preload and current.preload) else []
    found += [Candidate(n, 1, own, True) for n in (1, 2)] if preload else []
    if threads and own in (*THREADED, GEVENT):
        found.append(Candidate(1, THREADS, preload=found[0].preload))
    if gevent:
        found.append(Candidate(1, 1, GEVENT))
    return tuple(found)


def measure(
    bench: Bench,
    candidates: Iterable[Candidate],
    once: Callable[[str, Callable[[], Any]], Any],
    seconds: float,
) -> Model:
    """Measure the points, the mix for so many seconds, and make the model of them. Down if one does not come up.

    `once(key, make)` keeps what is measured, so that an interrupted run need not do it again.
    """
    found = []
    for candidate in candidates:
        bench.progress.step(f"memory of {candidate.title}")
        made = once(f"point {candidate.key}", partial(_measured, bench, candidate, once, seconds))
        found.append(model.restored(made))
    return model.fit(found)


def _measured(
    bench: Bench, candidate: Candidate, once: Callable[[str, Callable[[], Any]], Any], seconds: float
) -> dict[str, Any]:
    side = bench.side(candidate)
    requests = once("memory requests", lambda: _requests(bench, candidate, seconds))
    with Ready(side, bench.plan, candidate.key, prepared=False) as server:
        return model.stored(_point(bench, server, candidate, requests))


def _requests(bench: Bench, candidate: Candidate, seconds: float) -> int:
    """How many requests the mix is asked on each point: the same on all."""
    with Ready(bench.side(candidate), bench.plan, candidate.key) as server:
        return measuring.size(server, bench.plan, seconds)


def _point(bench: Bench, server: Server, candidate: Candidate, requests: int) -> Point:
    run = measuring.measure(server, bench.plan, requests, prepare=True)
    slots = candidate.slots(bench.clients)
    one = flight(bench, server, 1)
    full = flight(bench, server, slots) if slots > 1 else one
    # What the mix has leaked is no part of a worker: it is reckoned by itself.
    leaked = run.growth * requests if run.growth >= measuring.LEAK else 0.0
    loaded, first, most = (
        max(0.0, size - leaked) for size in (run.figures["loaded.pss"], one, max(one, full))
    )
    return Point(candidate, slots, run.figures["idle.pss"], loaded, first, most, run.growth)


def flight(bench: Bench, server: Server, slots: int, turns: int = TURNS) -> float:
    """The peak PSS with so many of the largest requests in flight, each slot `turns` times."""
    heavy = bench.plan.traffic.heaviest
    orders = [repeat(heavy[number % len(heavy)], turns) for number in range(slots)]
    with Sampler(server, PAUSE) as sampler:
        sampler.take()
        driving.closed(server.port, [iter(order) for order in orders], driving.PATIENCE)
    return float(max(pss for _, pss, _ in sampler.samples))

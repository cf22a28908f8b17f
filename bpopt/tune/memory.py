"""How much memory a configuration takes at its peak: measured on few, reckoned for all.

Each point is a server of its own without a limit: idle, after the mix of requests, then with the largest requests in
flight, one and then as many as it works on at once. Workers and --preload are told apart by one worker against two.
"""

from __future__ import annotations

from functools import partial
from itertools import repeat
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.tune.candidates import GEVENT, THREADED, Candidate, Left
from bpopt.verify import driving
from bpopt.verify import memory as measuring
from bpopt.verify.memory import Sampler
from bpopt.verify.ready import Ready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bpopt.tune.bench import Bench
    from bpopt.tune.candidates import Allowed
    from bpopt.verify.server import Server

PAUSE = 0.03  # seconds between samples while the largest requests are in flight: peaks are short
TURNS = 2  # largest requests that each slot answers
SECONDS = 4.0  # of the mix on each point, if the budget allows it
THREADS = 4  # of the point that tells what a thread takes
SLACK = 1.1  # times the plan: what is reckoned to be less over it is tried, not left out
NEAR = 0.8  # of the plan: what is reckoned to take more is tried at once
ROOM = 0.25  # part of what is left of the plan that a leak may fill before a worker is replaced
MB = 2**20


class Point(NamedTuple):
    """One configuration measured; PSS of the process tree in bytes, `growth` in bytes per request.

    `one` is the peak with one of the largest requests in flight, `full` with `slots` of them.
    """

    candidate: Candidate
    slots: int
    idle: float
    loaded: float
    one: float
    full: float
    growth: float = 0.0


class Shape(NamedTuple):
    """What a process tree is made of, in bytes, without or with --preload: what all share, and each worker."""

    base: float
    worker: float


class Green(NamedTuple):
    """What gevent takes, in bytes: more than another worker, and for each request in flight beyond the first."""

    worker: float
    slot: float


class Model(NamedTuple):
    """The memory of any configuration, in bytes.

    `request` is what the largest request takes in flight, `slot` what each further thread of a worker takes with one
    in flight of its own (`thread` of it idle), `green` what gevent adds. `plain` and `preload` are None where not
    measured. `growth` is what each request leaves behind for good.
    """

    plain: Shape | None
    preload: Shape | None
    request: float
    slot: float
    thread: float
    growth: float
    points: tuple[Point, ...]
    green: Green | None = None

    def shape(self, candidate: Candidate) -> Shape:
        """The shape that a configuration has."""
        wanted, other = (self.preload, self.plain) if candidate.preload else (self.plain, self.preload)
        found = wanted or other
        assert found is not None
        return found

    def peak(self, candidate: Candidate, clients: int) -> float:
        """The bytes that a configuration takes when all it can work on are the largest requests: seen, or reckoned."""
        seen = next((p.full for p in self.points if p.candidate == candidate), None)
        return self.reckoned(candidate, clients) if seen is None else seen

    def reckoned(self, candidate: Candidate, clients: int) -> float:
        """The sum of the parts."""
        return sum(size for size, _ in self.parts(candidate, clients))

    def parts(self, candidate: Candidate, clients: int) -> list[tuple[float, str]]:
        """The summands of the peak, each with its words."""
        shape, count = self.shape(candidate), candidate.workers
        slots = candidate.slots(clients)
        busy = min(count, slots)
        parts = [
            (shape.base, f"{_mb(shape.base)} shared"),
            (count * shape.worker, f"{count} x {_mb(shape.worker)} workers"),
            (busy * self.request, f"{busy} x {_mb(self.request)} largest requests"),
        ]
        green = self.green if candidate.worker_class == GEVENT else None
        if green is not None:
            parts.append((count * green.worker, f"{count} x {_mb(green.worker)} for gevent"))
        if slots > busy and green is not None:
            further = slots - busy
            parts.append((further * green.slot, f"{further} x {_mb(green.slot)} further requests"))
        elif slots > busy:
            further = slots - busy
            parts.append((further * self.slot, f"{further} x {_mb(self.slot)} further threads with theirs"))
        if candidate.max_requests and self.growth:
            kept = count * candidate.max_requests * self.growth
            parts.append((kept, f"{count} x {candidate.max_requests} x {self.growth / 1024:.0f} KB leaked"))
        return parts

    def sum(self, candidate: Candidate, clients: int) -> str:
        """The arithmetic in words, in MB of 1024 * 1024 bytes."""
        if any(p.candidate == candidate for p in self.points):
            return f"{_mb(self.peak(candidate, clients))} MB measured with the largest requests"
        summands = " + ".join(text for _, text in self.parts(candidate, clients))
        return f"{summands} = {_mb(self.reckoned(candidate, clients))} MB"


def fits(
    model: Model, candidates: Iterable[Candidate], limit: int | None, clients: int
) -> tuple[tuple[Candidate, ...], tuple[Left, ...]]:
    """Those that may fit the plan at their peak (SLACK), and the others with the arithmetic; all without a limit."""
    kept, left = [], []
    for candidate in candidates:
        if limit is None or model.peak(candidate, clients) <= limit * SLACK:
            kept.append(candidate)
        else:
            left.append(Left(candidate, f"{model.sum(candidate, clients)}, and there are {_mb(limit)} MB"))
    return tuple(kept), tuple(left)


def near(
    model: Model, candidates: Iterable[Candidate], limit: int | None, clients: int
) -> frozenset[Candidate]:
    """Those that come so near to the plan's memory that they must be tried with the largest requests."""
    if limit is None:
        return frozenset()
    return frozenset(c for c in candidates if model.peak(c, clients) > limit * NEAR)


def recycle(model: Model, limit: int | None, allowed: Allowed) -> int:
    """After how many requests a worker of a leaking app must be replaced, 0 if it leaks nothing or has no limit.

    What the workers may have gathered is ROOM of what one worker a core leaves free, in round numbers.
    """
    if not model.growth or limit is None:
        return 0
    plain = Candidate(allowed.cores, preload=allowed.preload and allowed.cores > 1)
    free = max(0.0, limit - model.peak(plain, allowed.clients))
    number: int = int(free * ROOM / (plain.workers * model.growth))
    scale = int(10 ** max(0, len(str(number)) - 1))
    return max(50, number // scale * scale)


def keeps(
    model: Model, candidates: Iterable[Candidate], limit: int | None
) -> tuple[tuple[Candidate, ...], tuple[Left, ...]]:
    """Those whose workers are replaced before what the app leaks fills the plan; all if it leaks nothing."""
    kept, left = [], []
    for candidate in candidates:
        if model.growth and limit is not None and not candidate.max_requests:
            often = limit / model.growth
            leak = f"{model.growth / 1024:.0f} KB leaked by each request"
            left.append(Left(candidate, f"{leak} fill {_mb(limit)} MB after {often:.0f} requests"))
        else:
            kept.append(candidate)
    return tuple(kept), tuple(left)


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
        found.append(_restored(made))
    return fit(found)


def _measured(
    bench: Bench, candidate: Candidate, once: Callable[[str, Callable[[], Any]], Any], seconds: float
) -> dict[str, Any]:
    side = bench.side(candidate)
    requests = once("memory requests", lambda: _requests(bench, candidate, seconds))
    with Ready(side, bench.plan, candidate.key, prepared=False) as server:
        return _stored(_point(bench, server, candidate, requests))


def _requests(bench: Bench, candidate: Candidate, seconds: float) -> int:
    """How many requests the mix is asked on each point: the same on all."""
    with Ready(bench.side(candidate), bench.plan, candidate.key) as server:
        return measuring.size(server, bench.plan, seconds)


def _point(bench: Bench, server: Server, candidate: Candidate, requests: int) -> Point:
    run = measuring.measure(server, bench.plan, requests, prepare=True)
    slots = candidate.slots(bench.clients)
    one = flight(bench, server, 1)
    full = flight(bench, server, slots) if slots > 1 else one
    figures = run.figures
    return Point(
        candidate, slots, figures["idle.pss"], figures["loaded.pss"], one, max(one, full), run.growth
    )


def flight(bench: Bench, server: Server, slots: int, turns: int = TURNS) -> float:
    """The peak PSS with so many of the largest requests in flight, each slot `turns` times."""
    heavy = bench.plan.traffic.heaviest
    orders = [repeat(heavy[number % len(heavy)], turns) for number in range(slots)]
    with Sampler(server, PAUSE) as sampler:
        sampler.take()
        driving.closed(server.port, [iter(order) for order in orders], driving.PATIENCE)
    return float(max(pss for _, pss, _ in sampler.samples))


def fit(found: list[Point]) -> Model:
    """The model from its points."""
    green = next((p for p in found if p.candidate.worker_class == GEVENT and len(found) > 2), None)
    found = [p for p in found if p is not green]
    single = [p for p in found if p.candidate.threads == 1]
    request = max(0.0, median([_per_request(p) for p in single]))
    threaded = next((p for p in found if p.candidate.threads > 1), None)
    slot = thread = request
    if threaded is not None:
        alone = next(
            p
            for p in single
            if p.candidate.workers == 1 and p.candidate.preload == threaded.candidate.preload
        )
        more = max(1, threaded.slots - 1)
        slot = max(0.0, (threaded.full - alone.full) / more)
        thread = max(0.0, (threaded.loaded - alone.loaded) / more)
    shapes = {
        preload: _shape([p for p in single if p.candidate.preload == preload]) for preload in (False, True)
    }
    growth = min((p.growth for p in found), default=0.0)
    return Model(
        shapes[False],
        shapes[True],
        request,
        slot,
        thread,
        growth if growth >= measuring.LEAK else 0.0,
        tuple(found),
        _green(green, single),
    )


def _green(point: Point | None, single: list[Point]) -> Green | None:
    """What gevent takes more than one worker of the plain kind."""
    alone = next((p for p in single if p.candidate.workers == 1), None)
    if point is None or alone is None:
        return None
    further = max(1, point.slots - 1)
    return Green(max(0.0, point.loaded - alone.loaded), max(0.0, (point.full - point.one) / further))


def _shape(own: list[Point]) -> Shape | None:
    """From one worker and two: what a second one adds, and what is left of the first without it."""
    sizes = {p.candidate.workers: p.loaded for p in own if p.candidate.threads == 1}
    if len(sizes) < 2:
        return None
    worker = max(0.0, sizes[2] - sizes[1])
    return Shape(max(0.0, sizes[1] - worker), worker)


def _per_request(point: Point) -> float:
    return max(point.one - point.loaded, (point.full - point.loaded) / max(1, point.slots))


def record(model: Model) -> dict[str, Any]:
    """The model as JSON holds it."""
    made = model._asdict()
    made["plain"] = model.plain and model.plain._asdict()
    made["preload"] = model.preload and model.preload._asdict()
    made["green"] = model.green and model.green._asdict()
    made["points"] = [_stored(point) for point in model.points]
    return made


def read(made: dict[str, Any]) -> Model:
    """The model of what `record` gave."""
    plain, preload = (Shape(**made[name]) if made[name] else None for name in ("plain", "preload"))
    request, slot, thread, growth = (float(made[name]) for name in ("request", "slot", "thread", "growth"))
    green = Green(**made["green"]) if made["green"] else None
    return Model(plain, preload, request, slot, thread, growth, tuple(map(_restored, made["points"])), green)


def _stored(point: Point) -> dict[str, Any]:
    return {**point._asdict(), "candidate": point.candidate._asdict()}


def _restored(made: dict[str, Any]) -> Point:
    return Point(**{**made, "candidate": Candidate(**made["candidate"])})


def _mb(size: float) -> str:
    return f"{size / MB:.1f}" if 0 < size < 10 * MB else f"{size / MB:.0f}"

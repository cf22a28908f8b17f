"""What a process tree is made of: the memory of any configuration, reckoned from a few that were measured."""

from __future__ import annotations

from statistics import median
from typing import Any, NamedTuple

from bpopt.tune.candidates import GEVENT, Candidate
from bpopt.verify import memory as measuring

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
            (shape.base, f"{megabytes(shape.base)} shared"),
            (count * shape.worker, f"{count} x {megabytes(shape.worker)} workers"),
            (busy * self.request, f"{busy} x {megabytes(self.request)} largest requests"),
        ]
        green = self.green if candidate.worker_class == GEVENT else None
        if green is not None:
            parts.append((count * green.worker, f"{count} x {megabytes(green.worker)} for gevent"))
        if slots > busy and green is not None:
            further = slots - busy
            parts.append((further * green.slot, f"{further} x {megabytes(green.slot)} further requests"))
        elif slots > busy:
            further = slots - busy
            parts.append(
                (further * self.slot, f"{further} x {megabytes(self.slot)} further threads with theirs")
            )
        if candidate.max_requests and self.growth:
            kept = count * candidate.max_requests * self.growth
            parts.append((kept, f"{count} x {candidate.max_requests} x {self.growth / 1024:.0f} KB leaked"))
        return parts

    def sum(self, candidate: Candidate, clients: int) -> str:
        """The arithmetic in words, in MB of 1024 * 1024 bytes."""
        if any(p.candidate == candidate for p in self.points):
            return f"{megabytes(self.peak(candidate, clients))} MB measured with the largest requests"
        summands = " + ".join(text for _, text in self.parts(candidate, clients))
        return f"{summands} = {megabytes(self.reckoned(candidate, clients))} MB"


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
    made["points"] = [stored(point) for point in model.points]
    return made


def read(made: dict[str, Any]) -> Model:
    """The model of what `record` gave."""
    plain, preload = (Shape(**made[name]) if made[name] else None for name in ("plain", "preload"))
    request, slot, thread, growth = (float(made[name]) for name in ("request", "slot", "thread", "growth"))
    green = Green(**made["green"]) if made["green"] else None
    return Model(plain, preload, request, slot, thread, growth, tuple(map(restored, made["points"])), green)


def stored(point: Point) -> dict[str, Any]:
    """A point as JSON holds it."""
    return {**point._asdict(), "candidate": point.candidate._asdict()}


def restored(made: dict[str, Any]) -> Point:
    """The point of what `stored` gave."""
    return Point(**{**made, "candidate": Candidate(**made["candidate"])})


def megabytes(size: float) -> str:
    """A number of MB of 1024 * 1024 bytes, as sums show it."""
    return f"{size / MB:.1f}" if 0 < size < 10 * MB else f"{size / MB:.0f}"

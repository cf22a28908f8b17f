"""The phases of a round of load: what is sent, and the figures that come of it.

Each phase sends a fixed number of requests, the same ones in the same order to every side in a round, so that
what differs is the server and not the draw.
"""

from __future__ import annotations

from itertools import accumulate, islice
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import driving, traffic, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bpopt.verify.driving import Exchange
    from bpopt.verify.judging import Judge, Tally
    from bpopt.verify.log import Events
    from bpopt.verify.server import Server
    from bpopt.verify.traffic import Traffic

CLOSED, OPEN, REST, SLOW, IDLE = "closed", "open", "rest", "slow", "idle"
MOST = 4000  # requests of one phase
ENOUGH_FOR_P99 = 100  # answers: of fewer, it is only the slowest one
AT_REST = 5  # requests for the health check while nothing else is asked
OTHERS = 4  # slow clients, and idle connections
OTHERS_SECONDS = 0.3
OTHERS_PART = 0.3  # seconds of a round for them: they are not in all rounds


class Phase(NamedTuple):
    """One phase. `level` is the number of clients, or the rate in requests per second (open)."""

    key: str
    title: str
    kind: str
    level: float
    requests: int


class Sample(NamedTuple):
    """What one phase gave on one side in one round; `replaced` are processes that are new since its start."""

    exchanges: list[Exchange]
    tally: Tally
    elapsed: float
    cpu: float
    events: Events
    replaced: int


class Figure(NamedTuple):
    """One figure of a phase, as `model.Measure` describes it."""

    key: str
    title: str
    unit: str
    lower_is_better: bool
    value: float
    how: str


def choose(asked: Traffic, capacity: dict[int, float], seconds: float) -> tuple[Phase, ...]:
    """The phases that fill about so many seconds, for a server that does `capacity[clients]` requests a second.

    Where not even one turn of the mix each fits, the lower rates of the open loop are left out.
    """
    most = max(asked.concurrency)
    rates = sorted(rate * capacity[most] if rate <= 1 else rate for rate in asked.rates)
    speeds = {clients: capacity[clients] for clients in asked.concurrency}
    while len(rates) > 1 and sum(asked.cycle / s for s in (*speeds.values(), *rates)) > seconds - OTHERS_PART:
        rates.pop(0)
    part = max(0.1, seconds - OTHERS_PART) / (len(speeds) + len(rates))
    phases = [
        Phase(f"closed{clients}", _clients(clients), CLOSED, clients, _count(asked, speed * part))
        for clients, speed in speeds.items()
    ]
    for number, rate in enumerate(rates, 1):
        phases.append(
            Phase(
                f"open{number}", f"{words.figures(rate)} requests/s", OPEN, rate, _count(asked, rate * part)
            )
        )
    phases.append(Phase("rest", "an idle server", REST, 1, AT_REST))
    phases.append(Phase("slow", f"{OTHERS} slow clients", SLOW, OTHERS, 0))
    phases.append(Phase("idle", f"{OTHERS} idle connections", IDLE, OTHERS, 0))
    return tuple(phases)


def _clients(clients: int) -> str:
    return f"{clients} client" + ("s" if clients > 1 else "")


def _count(asked: Traffic, wanted: float) -> int:
    """Whole turns of the mix, at least one."""
    return asked.cycle * max(1, round(min(wanted, MOST) / asked.cycle))


def capacity(server: Server, asked: Traffic, seed: int) -> dict[int, float]:
    """Requests per second that a server does for each number of clients, roughly: what phases are sized by."""
    found = {}
    for clients in asked.concurrency:
        count, rate, slow = asked.cycle, 0.0, 0
        while slow < 2 and count <= MOST:  # twice, since on a busy machine something may have been held up
            requests = list(islice(traffic.mix(asked, seed), count))
            began = monotonic()
            driving.closed(server.port, driving.shared(requests, clients))
            elapsed = monotonic() - began
            rate = max(rate, count / elapsed)
            slow += 2 if elapsed > 1.0 else elapsed > 0.25
            count *= 1 if slow else 4
        found[clients] = rate
    return found


def run(server: Server, phase: Phase, asked: Traffic, judge: Judge, seed: str) -> Sample:
    """Run a phase on a server; never longer than a few times what it should take."""
    pids, earlier, used, began = set(server.pids()), server.events(), server.cpu(), monotonic()
    exchanges = _send(server, phase, asked, seed)
    elapsed = monotonic() - began
    cpu = server.cpu() - used
    tally = judge.tally(e for e in exchanges if e.sent in judge.learned)
    events = server.events_since(earlier, bool(tally.failed))
    return Sample(exchanges, tally, elapsed, cpu, events, len(set(server.pids()) - pids))


def _send(server: Server, phase: Phase, asked: Traffic, seed: str) -> list[Exchange]:
    port, health = server.port, asked.asks_health
    if phase.kind == REST:
        return driving.one_by_one(port, [health] * phase.requests)
    if phase.kind == SLOW:
        return driving.beside_slow(port, OTHERS, OTHERS_SECONDS, health, driving.PATIENCE)
    if phase.kind == IDLE:
        return driving.beside_idle(port, OTHERS, OTHERS_SECONDS, health, driving.PATIENCE)
    requests = list(islice(traffic.mix(asked, seed), phase.requests))
    if phase.kind == CLOSED:
        until = monotonic() + driving.PATIENCE
        return driving.closed(port, driving.shared(requests, int(phase.level)), driving.PATIENCE, until)
    return driving.opened(port, requests, arrivals(phase.requests, phase.level, seed))


def arrivals(count: int, rate: float, seed: str) -> list[float]:
    """When to send: seconds with exponential gaps, as independent visitors come (a Poisson process)."""
    from random import Random

    random = Random(seed)
    gaps = [random.expovariate(rate) for _ in range(count)]
    stretch = count / rate / (sum(gaps) or 1)  # the same length for every draw
    return list(accumulate(gap * stretch for gap in gaps))


def figures(phase: Phase, sample: Sample, asked: Traffic) -> Iterator[Figure]:
    """The figures of a phase; none where no answer was right."""
    right = [e for e in sample.exchanges if not e.answer.error]
    if not right:
        return
    if phase.kind == REST:
        how = f"median of {AT_REST} requests for {asked.health}, one after the other, nothing else asked"
        usual = quantile([e.seconds for e in right], 0.5)
        yield Figure("load.rest.health.p50", "Health at rest", "s", True, usual, how)
        return
    if phase.kind in (SLOW, IDLE):
        worst = max(e.seconds for e in sample.exchanges)
        how = f"longest wait for {asked.health} beside {phase.title} that take {OTHERS_SECONDS:g} s"
        yield Figure(f"load.{phase.key}.worst", f"Health beside {phase.title}, worst", "s", True, worst, how)
        return
    yield from _latencies(phase, right, asked)
    if phase.kind == CLOSED:
        span = max(e.answer.ended for e in sample.exchanges) - min(e.answer.began for e in sample.exchanges)
        how = f"right answers per second, closed loop, {phase.title}, a new connection each"
        title = f"Throughput, {phase.title}"
        yield Figure(f"load.{phase.key}.throughput", title, "1/s", False, sample.tally.right / span, how)
        how = "CPU seconds of the process tree for a request of the mix"
        cpu = sample.cpu / len(right)
        yield Figure(f"load.{phase.key}.cpu", f"CPU per request, {phase.title}", "s", True, cpu, how)


def _latencies(phase: Phase, right: list[Exchange], asked: Traffic) -> Iterator[Figure]:
    loop = "from when it was due" if phase.kind == OPEN else "from sending"
    how = f"{loop} to the last byte, {phase.kind} loop, {phase.title}"
    seconds = [e.seconds for e in right]
    wanted = [(50, 1), (95, 1), (99, ENOUGH_FOR_P99)]
    for percent, least in wanted:
        if len(seconds) >= least:
            key, title = f"load.{phase.key}.p{percent}", f"p{percent}, {phase.title}"
            yield Figure(key, title, "s", True, quantile(seconds, percent / 100), how)
    if len(asked.entries) > 1:
        for entry in asked.entries:
            own = [e.seconds for e in right if e.sent.entry == entry.name]
            key, title = f"load.{phase.key}.{entry.name}.p50", f"{entry.name} p50, {phase.title}"
            if own:
                yield Figure(key, title, "s", True, quantile(own, 0.5), how)


def quantile(values: Sequence[float], part: float) -> float:
    """The quantile of some values (not empty), between neighbours in proportion."""
    ordered = sorted(values)
    at = part * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)

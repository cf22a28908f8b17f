"""The phases of a round of load: what is sent, and what came back.

Each phase sends a fixed number of requests, the same ones in the same order to every side in a round, so that
what differs is the server and not the draw.
"""

from __future__ import annotations

from itertools import accumulate, islice
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import driving, traffic, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bpopt.verify.client import Sent
    from bpopt.verify.driving import Exchange
    from bpopt.verify.judging import Judge, Tally
    from bpopt.verify.log import Events
    from bpopt.verify.server import Server
    from bpopt.verify.traffic import Traffic

CLOSED, OPEN, REST, SLOW, IDLE = "closed", "open", "rest", "slow", "idle"
MOST = 4000  # requests of one phase
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
    """What one phase gave on one side in one round.

    `elapsed` are the seconds in which that side was asked, `replaced` the processes that are new since its start.
    """

    exchanges: list[Exchange]
    tally: Tally
    elapsed: float
    cpu: float
    events: Events
    replaced: int


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


class Meter:
    """What a server had used before a phase."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.pids, self.events, self.cpu = set(server.pids()), server.events(), server.cpu()

    def sample(self, exchanges: list[Exchange], elapsed: float, judge: Judge) -> Sample:
        """What the phase gave."""
        cpu = self.server.cpu() - self.cpu
        tally = judge.tally(e for e in exchanges if e.sent in judge.learned)
        events = self.server.events_since(self.events, bool(tally.failed))
        return Sample(exchanges, tally, elapsed, cpu, events, len(set(self.server.pids()) - self.pids))


def run(server: Server, phase: Phase, asked: Traffic, judge: Judge, seed: str) -> Sample:
    """Run a phase on a server; never longer than a few times what it should take."""
    meter = Meter(server)
    exchanges = _send(server, phase, asked, seed)
    answers = [e.answer for e in exchanges]
    ended, began = max((a.ended for a in answers), default=0.0), min((a.began for a in answers), default=0.0)
    return meter.sample(exchanges, ended - began, judge)


def in_turns(
    servers: Mapping[str, Server], phase: Phase, asked: Traffic, judges: Mapping[str, Judge], seed: str
) -> dict[str, Sample]:
    """Run a phase of one client on all servers at once: each request goes to one after the other.

    A machine shared with others changes its speed by a tenth from one second to the next; from one request to the
    next it hardly does. So the sides are compared within tenths of a second, not seconds.
    """
    from random import Random

    meters = {label: Meter(server) for label, server in servers.items()}
    found: dict[str, list[Exchange]] = {label: [] for label in servers}
    random, order, until = Random(seed), list(servers), monotonic() + len(servers) * driving.PATIENCE
    for sent in _requests(phase, asked, seed):
        random.shuffle(order)
        for label in order:
            found[label] += driving.one_by_one(servers[label].port, [sent])
        if monotonic() > until:
            break
    return {
        label: meters[label].sample(own, sum(e.seconds for e in own), judges[label])
        for label, own in found.items()
    }


def _requests(phase: Phase, asked: Traffic, seed: str) -> list[Sent]:
    if phase.kind == REST:
        return [asked.asks_health] * phase.requests
    return list(islice(traffic.mix(asked, seed), phase.requests))


def _send(server: Server, phase: Phase, asked: Traffic, seed: str) -> list[Exchange]:
    port, health = server.port, asked.asks_health
    if phase.kind == REST:
        return driving.one_by_one(port, _requests(phase, asked, seed))
    if phase.kind == SLOW:
        return driving.beside_slow(port, OTHERS, OTHERS_SECONDS, health, driving.PATIENCE)
    if phase.kind == IDLE:
        return driving.beside_idle(port, OTHERS, OTHERS_SECONDS, health, driving.PATIENCE)
    requests = _requests(phase, asked, seed)
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

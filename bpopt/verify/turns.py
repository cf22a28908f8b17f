"""Running a phase: on one server, or on all sides in turns."""

from __future__ import annotations

from itertools import accumulate, islice
from math import ceil
from time import monotonic
from typing import TYPE_CHECKING

from bpopt.verify import driving, phases, traffic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bpopt.verify.client import Sent
    from bpopt.verify.driving import Exchange
    from bpopt.verify.judging import Judge
    from bpopt.verify.phases import Phase, Sample
    from bpopt.verify.server import Server
    from bpopt.verify.traffic import Traffic

BURSTS = 4  # of a closed phase of several clients, on each side


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
        return phases.Sample(exchanges, tally, elapsed, cpu, events, len(set(self.server.pids()) - self.pids))


def run(server: Server, phase: Phase, asked: Traffic, judge: Judge, seed: str) -> Sample:
    """Run a phase on a server; never longer than a few times what it should take."""
    meter = Meter(server)
    exchanges = _send(server, phase, asked, seed)
    return meter.sample(exchanges, span(exchanges), judge)


def in_turns(
    servers: Mapping[str, Server], phase: Phase, asked: Traffic, judges: Mapping[str, Judge], seed: str
) -> dict[str, Sample]:
    """Run a closed phase on all servers at once: one request each in turn, or some of several clients.

    A machine shared with others changes its speed by a tenth from one second to the next; from one request to the
    next it hardly does. So the sides are compared within tenths of a second, not seconds.
    """
    from random import Random

    meters = {label: Meter(server) for label, server in servers.items()}
    found: dict[str, list[Exchange]] = {label: [] for label in servers}
    elapsed = dict.fromkeys(servers, 0.0)
    random, order, until = Random(seed), list(servers), monotonic() + len(servers) * driving.PATIENCE
    requests, size = _requests(phase, asked, seed), _burst(phase, asked)
    for first in range(0, len(requests), size):
        random.shuffle(order)
        for label in order:
            own = _closed(servers[label], requests[first : first + size], int(phase.level))
            found[label] += own
            elapsed[label] += span(own)
        if monotonic() > until:
            break
    return {label: meters[label].sample(own, elapsed[label], judges[label]) for label, own in found.items()}


def _burst(phase: Phase, asked: Traffic) -> int:
    """How many requests one server gets before the next has its turn: of several clients, whole turns of the mix."""
    return 1 if phase.level == 1 else asked.cycle * ceil(phase.requests / asked.cycle / BURSTS)


def span(exchanges: list[Exchange]) -> float:
    """Seconds from the first request to the last answer."""
    answers = [e.answer for e in exchanges]
    return max((a.ended for a in answers), default=0.0) - min((a.began for a in answers), default=0.0)


def _requests(phase: Phase, asked: Traffic, seed: str) -> list[Sent]:
    if phase.kind == phases.REST:
        return [asked.asks_health] * phase.requests
    return list(islice(traffic.mix(asked, seed), phase.requests))


def _closed(server: Server, requests: list[Sent], clients: int) -> list[Exchange]:
    if clients == 1:
        return driving.one_by_one(server.port, requests)
    until = monotonic() + driving.PATIENCE
    return driving.closed(server.port, driving.shared(requests, clients), driving.PATIENCE, until)


def _send(server: Server, phase: Phase, asked: Traffic, seed: str) -> list[Exchange]:
    port, health = server.port, asked.asks_health
    if phase.kind == phases.SLOW:
        return driving.beside_slow(port, phases.OTHERS, phases.OTHERS_SECONDS, health, driving.PATIENCE)
    if phase.kind == phases.IDLE:
        return driving.beside_idle(port, phases.OTHERS, phases.OTHERS_SECONDS, health, driving.PATIENCE)
    requests = _requests(phase, asked, seed)
    if phase.kind in phases.LOOPS:
        return _closed(server, requests, int(phase.level))
    return driving.opened(port, requests, arrivals(phase.requests, phase.level, seed))


def arrivals(count: int, rate: float, seed: str) -> list[float]:
    """When to send: seconds with exponential gaps, as independent visitors come (a Poisson process)."""
    from random import Random

    random = Random(seed)
    gaps = [random.expovariate(rate) for _ in range(count)]
    stretch = count / rate / (sum(gaps) or 1)  # the same length for every draw
    return list(accumulate(gap * stretch for gap in gaps))

"""A block of rounds: some configurations and twice the current one, all up at once, measured in turn.

What changes on the machine meanwhile meets all of them, so only ratios within a round are used. The servers have the
processors of the plan and its memory, and every answer is checked against what it was in a quiet moment.
"""

from __future__ import annotations

from contextlib import ExitStack
from random import Random
from time import monotonic, process_time
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.tune import memory
from bpopt.verify import judging, machine, phases, turns
from bpopt.verify.figures import figures as figures_of
from bpopt.verify.model import AFTER, BEFORE, BEFORE_AGAIN
from bpopt.verify.ready import Ready, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.tune.bench import Bench
    from bpopt.tune.candidates import Candidate
    from bpopt.verify.judging import Judge
    from bpopt.verify.phases import Phase, Sample
    from bpopt.verify.server import Server

STARTING = 3  # servers that start at the same time
CONTROL = (BEFORE, BEFORE_AGAIN)
# Figure -> (title, unit, lower is better). Memory is PSS after a round's requests.
FIGURES = {
    "throughput": ("throughput", "1/s", False),
    "p95": ("p95", "s", True),
    "memory": ("memory", "B", True),
    "cpu": ("CPU per request", "s", True),
    "health": ("health p50", "s", True),
}

Figures = dict[str, float]


class Outcome(NamedTuple):
    """What one block found of one configuration.

    `rounds` have the figures of each round by label (before, before again, after), `fault` says why the
    configuration is out of the question, `peak` is its PSS with the largest requests in flight (0 if not looked at),
    `others` how many processors work of others took meanwhile.
    """

    candidate: Candidate
    block: str
    rounds: tuple[dict[str, Figures], ...]
    fault: str = ""
    peak: float = 0.0
    others: float = 0.0


class Works(NamedTuple):
    """What a block is to do: configurations, rounds, requests in each measurement, and which to try full."""

    name: str
    candidates: tuple[Candidate, ...]
    rounds: int
    requests: int
    full: tuple[Candidate, ...] = ()


def rate(bench: Bench, server: Server) -> float:
    """Requests of the mix that a server answers in a second."""
    return phases.capacity(server, bench.plan.traffic, bench.plan.seed)[bench.clients]


def size(bench: Bench, rate: float, seconds: float) -> int:
    """How many requests a measurement sends: whole turns of the mix that take the current configuration so long."""
    cycle = bench.plan.traffic.cycle
    return int(cycle * max(1, round(min(rate * seconds, phases.MOST) / cycle)))


def run(bench: Bench, works: Works) -> tuple[Outcome, ...]:
    """Run a block. Down if the current configuration does not come up; others that do not have a fault instead."""
    with ExitStack() as stack:
        servers, judges, faults = _started(bench, works, stack)
        clock = _Clock(servers)
        rounds = list(_rounds(bench, works, servers, judges, faults))
        others = clock.others()
        peaks = {c.key: _full(bench, servers[c.key], c, faults) for c in works.full if c.key not in faults}
    return tuple(
        Outcome(c, works.name, _own(rounds, c.key), faults.get(c.key, ""), peaks.get(c.key, 0.0), others)
        for c in works.candidates
    )


class _Clock:
    """Tells how many processors were taken by what is neither these servers nor this process."""

    def __init__(self, servers: dict[str, Server]) -> None:
        self.servers = servers
        self.began, self.busy, self.own = monotonic(), machine.worked(), self._own()

    def _own(self) -> float:
        return process_time() + sum(server.cpu() for server in self.servers.values())

    def others(self) -> float:
        """Processors, on average since it was made."""
        seconds = machine.worked() - self.busy - (self._own() - self.own)
        return max(0.0, seconds / (monotonic() - self.began))


def _started(
    bench: Bench, works: Works, stack: ExitStack
) -> tuple[dict[str, Server], dict[str, Judge], dict[str, str]]:
    """The servers of a block by name, what each must answer, and why others did not come up; a few at a time."""
    wanted = {**dict.fromkeys(CONTROL, bench.current), **{c.key: c for c in works.candidates}}
    bench.progress.step(f"starting {len(wanted)} servers")
    ready = {name: _ready(bench, candidate, name) for name, candidate in wanted.items()}
    # The first of the current configuration is asked twice, so that what counts tells so.
    started = together(ready, lambda name: 2 if name == BEFORE else 1, stack, STARTING)
    for name, down in started.downs.items():
        if name in CONTROL:
            raise down
    faults = {name: str(down) for name, down in started.downs.items()}
    return started.servers, judging.learn_all(bench.plan.traffic, started.passes, CONTROL), faults


def _ready(bench: Bench, candidate: Candidate, label: str) -> Ready:
    limit = None if bench.unlimited and label in CONTROL else bench.plan.limit
    return Ready(bench.side(candidate), bench.plan, label, limit)


def _rounds(
    bench: Bench, works: Works, servers: dict[str, Server], judges: dict[str, Judge], faults: dict[str, str]
) -> Iterator[dict[str, Figures]]:
    """The figures of each round, by the name of the server; one that is at fault is left out from there on."""
    phase = phases.Phase("tune", f"{bench.clients} clients", phases.CLOSED, bench.clients, works.requests)
    names = {c.key: c.short for c in works.candidates}
    for number in range(works.rounds):
        order = [name for name in servers if name not in faults]
        Random(f"{bench.plan.seed}:{works.name}:{number}").shuffle(order)
        found: dict[str, Figures] = {}
        for name in order:
            bench.progress.step(f"round {number + 1} of {works.rounds}: {names.get(name, 'yours')}")
            server = servers[name]
            seed = f"{bench.plan.seed}:tune"
            sample = turns.run(server, phase, bench.plan.traffic, judges[name], seed)
            fault = _fault(server, sample)
            if fault and name in names:
                faults[name] = fault
            else:
                found[name] = figures(phase, sample, server, bench)
        yield found


def figures(phase: Phase, sample: Sample, server: Server, bench: Bench) -> Figures:
    """The figures of one measurement."""
    asked = bench.plan.traffic
    own = {figure.key: figure.value for figure in figures_of(phase, sample, asked)}
    health = next((e.name for e in asked.entries if e.sent[0].path == asked.health), "")
    keys = {"throughput": "throughput", "p95": "p95", "cpu": "cpu", "health": f"{health}.p50"}
    found = {name: own[f"load.tune.{key}"] for name, key in keys.items() if f"load.tune.{key}" in own}
    return {**found, "memory": float(server.memory().pss)}


def _fault(server: Server, sample: Sample) -> str:
    """What rules a configuration out: wrong answers, none, workers that crashed or were killed."""
    tally, events, toll = sample.tally, sample.events, server.toll()
    killed = toll.kills if toll is not None else 0
    found = [
        f"{killed} processes were killed by the memory limit" if killed else "",
        f"{tally.wrong} wrong answers" if tally.wrong else "",
        f"{tally.failed} requests without an answer" if tally.failed else "",
        f"{events.crashed} workers crashed" if events.crashed and not killed else "",
        f"{events.timeouts} workers hung" if events.timeouts else "",
    ]
    example = f" ({tally.examples[0]})" if tally.examples else ""
    text = ", ".join(part for part in found if part)
    return f"{text}{example}" if text else ""


def _full(bench: Bench, server: Server, candidate: Candidate, faults: dict[str, str]) -> float:
    """The peak PSS with the largest requests in all slots; a fault if that is too much for the plan."""
    bench.progress.step(f"the largest requests on {candidate.title}")
    peak = memory.flight(bench, server, candidate.slots(bench.clients))
    toll, limit = server.toll(), bench.plan.limit
    if toll is not None and toll.kills:
        faults[candidate.key] = (
            f"{toll.kills} processes were killed by the memory limit at the largest requests"
        )
    elif toll is None and limit is not None and peak > limit:
        faults[candidate.key] = (
            f"a peak PSS of {peak / 2**20:.0f} MB at the largest requests is more than the plan has"
        )
    return peak


def _own(rounds: list[dict[str, Figures]], key: str) -> tuple[dict[str, Figures], ...]:
    """The rounds that one configuration took part in, with the control's figures."""
    return tuple(
        {BEFORE: one[BEFORE], BEFORE_AGAIN: one[BEFORE_AGAIN], AFTER: one[key]}
        for one in rounds
        if key in one and all(label in one for label in CONTROL)
    )


def record(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON holds it."""
    return {**outcome._asdict(), "candidate": outcome.candidate._asdict(), "rounds": list(outcome.rounds)}


def read(made: dict[str, Any]) -> Outcome:
    """The outcome of what `record` gave."""
    from bpopt.tune.candidates import Candidate

    rest = (made[name] for name in ("fault", "peak", "others"))
    return Outcome(Candidate(**made["candidate"]), made["block"], tuple(made["rounds"]), *rest)

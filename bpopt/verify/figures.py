"""The figures that come of a phase: latencies, throughput, CPU seconds a request, the wait for the health check."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify.phases import AT_REST, CLOSED, IDLE, OPEN, OTHERS_SECONDS, REST, SLOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bpopt.verify.driving import Exchange
    from bpopt.verify.phases import Phase, Sample
    from bpopt.verify.traffic import Traffic

ENOUGH_FOR_P99 = 100  # answers: of fewer, it is only the slowest one


class Figure(NamedTuple):
    """One figure of a phase, as `model.Measure` describes it."""

    key: str
    title: str
    unit: str
    lower_is_better: bool
    value: float
    how: str


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
        how = f"right answers per second, closed loop, {phase.title}, a new connection each"
        title = f"Throughput, {phase.title}"
        yield Figure(
            f"load.{phase.key}.throughput", title, "1/s", False, sample.tally.right / sample.elapsed, how
        )
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

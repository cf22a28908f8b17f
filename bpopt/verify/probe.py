"""Stage `probe`: does the app still answer the same, one request at a time and with different ones in flight?

Three passes over all requests on two servers of before tell what differs by itself; that is masked. Then after
is asked the same. Then, on both, clients send *different* requests at once, and each answer is compared with
what the same server answered in a quiet moment: what threads mix up shows only so, one request repeated hides
it completely. Workers that a signal ended are counted, and whether the server still stops when asked to.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.verify import driving, judging, model, processes
from bpopt.verify.model import BEFORE_AGAIN, FAILED, PASSED, SKIPPED, StageResult
from bpopt.verify.ready import Down, Ready, one_pass
from bpopt.verify.server import NoServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.verify.client import Sent
    from bpopt.verify.driving import Exchange
    from bpopt.verify.judging import Judge, Tally
    from bpopt.verify.log import Events
    from bpopt.verify.model import Plan, Progress, Side
    from bpopt.verify.server import Server
    from bpopt.verify.traffic import Traffic

NAME = "probe"
TITLE = "Answers"

CLIENTS = (8, 32)  # at least and at most so many requests in flight
SHORTEST = 2.0  # seconds with requests in flight, whatever the budget
ENOUGH = 40  # faults after which nothing more need be seen
MOST = 20_000  # requests in flight; fast apps answer more than need be looked at


class Flight(NamedTuple):
    """What happened while different requests were in flight together."""

    tally: Tally
    events: Events
    clients: int
    seconds: float
    stopped: bool


def run(before: Side, after: Side, plan: Plan, progress: Progress) -> StageResult:
    """Compare the answers of the two sides."""
    began = monotonic()
    unable = processes.supported()
    if unable is not None:
        return StageResult(NAME, SKIPPED, unable)
    try:
        result = _run(before, after, plan, progress, began)
    except (NoServer, Down) as error:
        result = StageResult(NAME, SKIPPED, str(error))
    return result._replace(seconds=monotonic() - began)


def _run(before: Side, after: Side, plan: Plan, progress: Progress, began: float) -> StageResult:
    until = began + model.seconds_for(plan, NAME)
    progress.step("asking before, one request at a time")
    with Ready(before, plan) as server:
        passes = [one_pass(server, plan.traffic), one_pass(server, plan.traffic)]
    with Ready(before, plan, BEFORE_AGAIN) as server:
        passes.append(one_pass(server, plan.traffic))
        judge = judging.learn(plan.traffic, passes)
        flight_before = flight(server, judge, plan, progress, (until - monotonic()) / 3)
    progress.step("asking after, one request at a time")
    with Ready(after, plan) as server:
        new = [one_pass(server, plan.traffic), one_pass(server, plan.traffic)]
        own = judging.learn(plan.traffic, new, judge.learned)
        flight_after = flight(server, own, plan, progress, until - monotonic())
    unasked = judging.unanswered(plan.traffic, judge, [e for one in passes for e in one])
    changed = _changed(judge, [e for one in new for e in one])
    details = _details(judge, changed, unasked, flight_before, flight_after)
    reasons = [*_changes_told(changed), *_faults_told(flight_before, flight_after)]
    notes = [*_notes(unasked, flight_before), *judge.blind_spots(), *_masks_told(judge)]
    if reasons:
        return StageResult(NAME, FAILED, "; ".join(reasons), (), tuple(notes), details)
    flown = flight_after.tally.right
    notes.insert(
        0, f"{flown} answers with up to {flight_after.clients} different requests in flight, all right"
    )
    return StageResult(NAME, PASSED, "", (), tuple(notes), details)


def flight(server: Server, judge: Judge, plan: Plan, progress: Progress, seconds: float) -> Flight:
    """Different requests in flight together for so many seconds, then the end of the server."""
    clients = min(max(CLIENTS[0], 2 * server.command.slots), CLIENTS[1])
    progress.step(f"{clients} different requests in flight on {server.side.name}")
    patience = min(driving.PATIENCE, max(5.0, 6 * judge.slowest * clients))
    earlier, began, faults, count = server.events(), monotonic(), 0, 0
    until = began + max(SHORTEST, seconds - 2 * judge.slowest)

    def stop(exchange: Exchange) -> bool:
        nonlocal faults, count
        count += 1
        faults += bool(judge.fault(exchange.sent, exchange.answer)) if exchange.sent in judge.learned else 0
        return faults >= ENOUGH or count >= MOST

    orders = [_different(plan.traffic, plan.seed, number, clients) for number in range(clients)]
    exchanges = driving.closed(server.port, orders, patience, until, stop)
    tally = judge.tally(e for e in exchanges if e.sent in judge.learned)
    took = monotonic() - began
    events = server.events_since(earlier, bool(tally.failed))
    stopped = server.stop()
    return Flight(tally, events, clients, took, stopped)


def _different(traffic: Traffic, seed: int, client: int, clients: int) -> Iterator[Sent]:
    """The requests of one client, without end: all in turn, each client from another start, shuffled each turn.

    So at any time the clients ask for different things, and no two pairs of requests always meet.
    """
    from random import Random

    random = Random(f"{seed}:{client}")
    every = [sent for entry in traffic.entries for sent in entry.sent]
    start = client * len(every) // clients
    yield from every[start:] + every[:start]
    while True:
        random.shuffle(every)
        yield from every


def _changed(judge: Judge, exchanges: list[Exchange]) -> dict[str, str]:
    """How after's answers differ from before's, by request."""
    found: dict[str, str] = {}
    for exchange in exchanges:
        fault = judge.fault(exchange.sent, exchange.answer) if exchange.sent in judge.learned else ""
        if fault:
            found.setdefault(exchange.sent.name, fault)
    return found


def _changes_told(changed: dict[str, str]) -> list[str]:
    first = [f"{name}: {fault}" for name, fault in list(changed.items())[:3]]
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
    return [f"after answers differently: {'; '.join(first)}{more}"] if changed else []


def _faults_told(before: Flight, after: Flight) -> list[str]:
    """What goes wrong in after with different requests in flight and does not in before."""
    new, old = faults(after), faults(before)
    worse = [text for kind, text in new.items() if kind not in old]
    if not worse:
        return []
    total = after.tally.right + after.tally.faults
    example = f" ({after.tally.examples[0]})" if after.tally.examples else ""
    return [f"with different requests in flight together, of {total} answers: {', '.join(worse)}{example}"]


def faults(flight: Flight) -> dict[str, str]:
    """What went wrong in a flight, by kind, in words."""
    tally, events = flight.tally, flight.events
    swapped = f", {tally.swapped} of them the answer to another request" if tally.swapped else ""
    signals = ", ".join(f"{name} {count} times" for name, count in events.signalled.items())
    found = {
        "wrong": f"{tally.wrong} wrong{swapped}" if tally.wrong else "",
        "failed": f"{tally.failed} failed" if tally.failed else "",
        "crashed": f"{events.crashed} workers crashed" + (f" ({signals})" if signals else ""),
        "timeouts": f"{events.timeouts} workers hung until their time-out" if events.timeouts else "",
        "unstoppable": "" if flight.stopped else "it did not stop when asked to",
    }
    if not events.crashed:
        del found["crashed"]
    return {kind: text for kind, text in found.items() if text}


def _notes(unasked: list[str], before: Flight) -> list[str]:
    notes = [f"before answers badly in a quiet moment: {text}" for text in unasked[:3]]
    wrong = faults(before)
    if wrong:
        example = f" ({before.tally.examples[0]})" if before.tally.examples else ""
        notes.append(
            f"before itself is at fault with different requests in flight: {', '.join(wrong.values())}{example}"
        )
    return notes


def _masks_told(judge: Judge) -> list[str]:
    """What is not compared, since before does not answer the same twice."""
    paths = {
        f"{s.entry}: {'.'.join(p).replace('.[]', '[]')}"
        for s, e in judge.learned.items()
        for p in e.masked
        if p
    }
    return [f"not compared, it varies by itself: {', '.join(sorted(paths))}"] if paths else []


def _details(
    judge: Judge, changed: dict[str, str], unasked: list[str], before: Flight, after: Flight
) -> dict[str, Any]:
    return {
        "requests": len(judge.learned),
        "changed": changed,
        "bad_before": unasked,
        "in_flight": {"before": _flown(before), "after": _flown(after)},
    }


def _flown(flight: Flight) -> dict[str, Any]:
    tally = flight.tally._asdict() | {"examples": list(flight.tally.examples)}
    workers = {
        "crashed": flight.events.crashed,
        "signals": flight.events.signalled,
        "timeouts": flight.events.timeouts,
    }
    rest = {"clients": flight.clients, "seconds": round(flight.seconds, 2), "stopped_on_term": flight.stopped}
    return {**tally, **workers, **rest, "workers_booted": flight.events.booted}

"""The run: what there is and what the app allows, memory, the search, the answer. This is what `bpopt tune` calls."""

from __future__ import annotations

import tempfile
from statistics import mean
from time import monotonic
from typing import TYPE_CHECKING, Any

from bpopt.settings import ConfigError
from bpopt.tune import (
    candidates,
    edits,
    fitting,
    halving,
    memory,
    permitting,
    preparing,
    rounds,
    searching,
)
from bpopt.tune.candidates import Allowed, Candidate, Left
from bpopt.tune.permitting import Permits
from bpopt.tune.report import Report
from bpopt.tune.searching import Search
from bpopt.tune.store import Store
from bpopt.verify import machine
from bpopt.verify.ready import Down, Ready
from bpopt.verify.server import Guard, NoServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from bpopt.app import App
    from bpopt.settings import Settings
    from bpopt.tune.bench import Bench
    from bpopt.tune.model import Model
    from bpopt.tune.preparing import Prepared, Wishes
    from bpopt.verify.model import Progress

BLOCK = 4  # configurations measured side by side, beside the current one twice
MEMORY_PART = 1 / 150  # of the budget is for the mix on each point of memory
TAKEN = 0.1  # of the processors by others: from there on it is said
LEAST = 0.5  # seconds of it at least


def tune(
    app: App, settings: Settings, wishes: Wishes, progress: Progress, tell: Callable[[str], None]
) -> Report:
    """Find the best configuration of an app. ConfigError if it cannot be run or tuned here."""
    ready = preparing.prepare(app, settings, wishes)
    described = machine.describe(ready.environment)
    with Guard(tempfile.mkdtemp(prefix="bpopt-tune-")) as scratch:
        made, left_out = preparing.made(ready, scratch, progress)
        with Store(wishes.storage, preparing.study(ready, made), wishes.fresh) as store:
            tell(_announce(ready, made, store))
            try:
                report = _measure(ready, made, store)
            except (Down, NoServer) as error:
                raise ConfigError(f"what you have cannot be measured: {error}") from None
            except KeyboardInterrupt:
                tell("interrupted: what was measured is kept, the same command goes on with it")
                raise
    described["load_after"] = machine.load()
    notes = [*ready.resources.notes, *report.notes]
    if left_out:
        notes.append(f"links that lead out of the app were not copied: {', '.join(left_out)}")
    return report._replace(machine=described, notes=tuple(notes), seconds=monotonic() - ready.began)


def _announce(ready: Prepared, made: Bench, store: Store) -> str:
    known = len(store.outcomes())
    again = f"; {known} measurements are there already (--fresh to begin anew)" if known else ""
    return (
        f"{made.current.title} now; {ready.resources.title}, {ready.clients} clients; "
        f"at most {ready.wishes.budget / 60:.3g} min{again}"
    )


def _measure(ready: Prepared, made: Bench, store: Store) -> Report:
    """Memory, then the search; what is noted in the study already is not measured again."""
    setup, wishes = edits.setups(ready.app)[0], ready.wishes
    progress = made.progress
    progress.stage("look", "What you have")
    rate = store.once("rate", lambda: _rate(made))
    progress.done()
    progress.stage("permits", "What the app allows")
    permits = _permits(ready, made, store)
    progress.done()
    progress.stage("memory", "Memory")
    model = _model(ready, made, store, permits)
    progress.done()
    allowed, space, left = _space(ready, made, setup, permits, model)
    made = made._replace(unlimited=not _fits(ready, made, model))
    search = _search(ready, made, store, (space, model), rate)
    enough = wishes.stored and bool(store.outcomes())
    ended = searching.CLEAR if enough else searching.run(search)
    progress.done()
    return _report(ready, made, search, (allowed, model, left), ended)


def _rate(made: Bench) -> float:
    """Requests per second that the current configuration answers: what measurements are sized by."""
    with Ready(made.side(made.current), made.plan, "look") as server:
        return rounds.rate(made, server)


def _permits(ready: Prepared, made: Bench, store: Store) -> Permits:
    def look() -> dict[str, Any]:
        read = permitting.read(ready.app, edits.setups(ready.app)[0], made.plan.python)
        return permitting.tried(made, read)._asdict()

    noted = store.once("permits", look)
    return Permits(**{**noted, "why": tuple(noted["why"])})


def _model(ready: Prepared, made: Bench, store: Store, permits: Permits) -> Model:
    wanted = memory.points(permits.preload, permits.threads, permits.gevent, made.current)
    seconds = min(memory.SECONDS, max(LEAST, ready.wishes.budget * MEMORY_PART))
    unlimited = made._replace(plan=made.plan._replace(limit=None))
    return memory.measure(unlimited, wanted, store.once, seconds)


def _space(
    ready: Prepared, made: Bench, setup: Any, permits: Permits, model: Model
) -> tuple[Allowed, tuple[Candidate, ...], tuple[Left, ...]]:
    """What is tried, and what is not with its reason."""
    has, clients = ready.resources, ready.clients
    allowed = Allowed(has.cores, clients, permits.threads, permits.preload, permits.gevent, 0, permits.why)
    allowed = allowed._replace(recycle=fitting.recycle(model, has.memory, allowed))
    found = candidates.space(made.current, allowed)
    if edits.forced(setup):
        found = candidates.unique(c._replace(preload=True) for c in found)
    others = tuple(c for c in found if c != made.current)
    kept, too_large = fitting.fits(model, others, has.memory, clients)
    kept, leaking = fitting.keeps(model, kept, has.memory)
    return allowed, kept, (*candidates.not_offered(made.current, allowed), *too_large, *leaking)


def _search(
    ready: Prepared, made: Bench, store: Store, found: tuple[tuple[Candidate, ...], Model], rate: float
) -> Search:
    space, model = found
    deadline = ready.began + ready.wishes.budget
    block = _block(model, space, ready.clients)
    steps = halving.rungs(len(space))
    seconds = halving.seconds(steps, block, deadline - monotonic())
    requests = store.once("requests", lambda: rounds.size(made, rate, seconds))
    cost = _cost(ready, model) if ready.wishes.objective.name == "cheapest" else None
    own = Search(made, store, ready.wishes.objective, space, block, requests, deadline, [])
    near = fitting.near(model, space, ready.resources.memory, ready.clients)
    return own._replace(fits=not made.unlimited, near=near, cost=cost)


def _fits(ready: Prepared, made: Bench, model: Model) -> bool:
    """Whether the plan holds what the app has now."""
    limit = ready.resources.memory
    if limit is None or not fitting.keeps(model, [made.current], limit)[0]:
        return limit is None
    return model.peak(made.current, ready.clients) <= limit


def _block(model: Model, space: tuple[Candidate, ...], clients: int) -> int:
    """How many configurations are up at once: at most BLOCK, and not more than half of the free memory holds."""
    largest = max((model.peak(candidate, clients) for candidate in space), default=1.0)
    return max(1, min(BLOCK, int(machine.free() / 2 / largest) - len(rounds.CONTROL)))


def _cost(ready: Prepared, model: Model) -> Callable[[Candidate], float]:
    from bpopt.tune import holding

    platforms = [target.platform for target in ready.app.targets]
    return lambda candidate: holding.price(platforms, model.peak(candidate, ready.clients))


def _report(
    ready: Prepared, made: Bench, search: Search, found: tuple[Allowed, Model, tuple[Left, ...]], ended: str
) -> Report:
    from bpopt import diff

    allowed, model, left = found
    decision = search.decide()
    made_changes = {} if decision.keep else edits.changes(ready.app, decision.chosen)
    before = {path: ready.app.files.read(path) for path in made_changes}
    return Report(
        app=ready.app.root or ".",
        date=_now(),
        resources=ready.resources,
        objective=ready.wishes.objective,
        current=made.current,
        decision=decision,
        standings=search.standings(),
        left=left,
        model=model,
        clients=ready.clients,
        ended=ended,
        diff="".join(diff.unified("", before, made_changes)),
        machine={},
        settings=_recorded(ready, search),
        notes=tuple(_notes(ready, search, allowed, model)),
        seconds=0.0,
    )


def _notes(ready: Prepared, search: Search, allowed: Allowed, model: Model) -> list[str]:
    from bpopt.verify import cage

    notes = list(allowed.why)
    if ready.resources.memory is not None and not cage.may_be_made():
        notes.append(f"limit of memory: {cage.how(None)}")
    if ready.traffic.guessed:
        notes.append(
            f"no traffic is configured: only {ready.traffic.health} is asked, which may be unlike your visitors"
        )
    elif allowed.threads and all(len(entry.sent) == 1 for entry in ready.traffic.entries):
        notes.append("no part of the traffic has different requests, so what threads mix up could not show")
    if search.bench.unlimited:
        reckoned = model.sum(search.bench.current, ready.clients)
        notes.append(f"what you have does not fit the plan and ran without its limit here: {reckoned}")
    others = mean([outcome.others for outcome in search.store.outcomes()] or [0.0])
    if others > TAKEN * ready.resources.cores:
        taken = f"other work took {others:.2g} of this machine's {machine.cores()} processors meanwhile"
        notes.append(f"{taken}: what more workers bring is more than was seen")
    if model.growth:
        what = f"every request leaves {model.growth / 1024:.0f} KB behind"
        notes.append(f"{what}: workers must be replaced (--max-requests)" if allowed.recycle else what)
    return notes


def _recorded(ready: Prepared, search: Search) -> dict[str, Any]:
    return {
        "objective": ready.wishes.objective.text,
        "budget": ready.wishes.budget,
        "seed": ready.wishes.seed,
        "clients": ready.clients,
        "requests": search.requests,
        "study": search.store.name,
        "traffic": ready.traffic.digest,
        "rounds": sum(len(o.rounds) for o in search.store.outcomes()),
    }


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

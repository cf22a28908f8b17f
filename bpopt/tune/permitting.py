"""What the app allows: threads, --preload and gevent, by reading its source and by trying with requests in flight."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple

from bpopt.rules.gunicorn import GREEN
from bpopt.tune.candidates import GEVENT, THREADED, Candidate
from bpopt.verify import judging, probe
from bpopt.verify.ready import Down, Ready, one_pass

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.tune.bench import Bench
    from bpopt.verify.probe import Flight

PROBED = 4  # threads of the server that different requests are sent to at once
SECONDS = 4.0  # so long, at most
PART = 1 / 100  # of the budget


class Permits(NamedTuple):
    """What may be offered, and for what may not: why, a sentence each."""

    threads: bool
    preload: bool
    gevent: bool
    why: tuple[str, ...]


def read(app: App, setup: Setup, python: str) -> Permits:
    """What reading the source says: a hazard removes what it is a hazard for."""
    hazards, why = app.hazards(setup), []
    threaded = setup.worker in (*THREADED, *GREEN)
    if hazards.threads:
        why.append(f"no threads: {hazards.threads[0].place} {hazards.threads[0].what}")
    if hazards.preload:
        why.append(f"no --preload: {hazards.preload[0].place} {hazards.preload[0].what}")
    threads, preload = not hazards.threads and threaded, not hazards.preload and setup.worker not in GREEN
    gevent = threaded and not hazards.threads and _has_gevent(app, python)
    return Permits(threads, preload, gevent, tuple(why))


def _has_gevent(app: App, python: str) -> bool:
    """Whether gevent is among the requirements (where there are any) and in the Python that runs the app."""
    if app.requirement_files and app.requirement("gevent") is None and _extra(app) is None:
        return False
    order = [python, "-I", "-c", "import importlib.util as u, sys; sys.exit(u.find_spec('gevent') is None)"]
    return subprocess.run(order, capture_output=True, check=False).returncode == 0


def _extra(app: App) -> str | None:
    """gunicorn[gevent] in the requirements."""
    entry = app.requirement("gunicorn")
    return entry.name if entry is not None and "gevent" in getattr(entry, "extras", ()) else None


def tried(bench: Bench, permits: Permits) -> Permits:
    """What is left after trying: threads and gevent answer different requests at once as one worker does alone."""
    if not permits.threads:
        return permits
    alone = _flown(bench, Candidate(1))
    for candidate, name in ((Candidate(1, PROBED), "threads"), (Candidate(1, 1, GEVENT), GEVENT)):
        if not getattr(permits, name):
            continue
        wrong = _new(alone, _flown(bench, candidate))
        if wrong:
            why = f"no {name}: with different requests in flight {wrong}"
            permits = permits._replace(**{name: False}, why=(*permits.why, why))
    return permits


def _flown(bench: Bench, candidate: Candidate) -> Flight | str:
    """Different requests in flight on a configuration; why it does not come up as text."""
    bench.progress.step(f"different requests at once: {candidate.title}")
    try:
        with Ready(bench.side(candidate), bench.plan, candidate.key) as server:
            passes = [one_pass(server, bench.plan.traffic), one_pass(server, bench.plan.traffic)]
            judge = judging.learn(bench.plan.traffic, passes)
            return probe.flight(
                server, judge, bench.plan, bench.progress, min(SECONDS, bench.plan.budget * PART)
            )
    except Down as error:
        return str(error)


def _new(alone: Flight | str, together: Flight | str) -> str:
    """What goes wrong together and does not alone, in words; empty if nothing does."""
    if isinstance(together, str):
        return "" if isinstance(alone, str) else together
    known = {} if isinstance(alone, str) else probe.faults(alone)
    return ", ".join(text for kind, text in probe.faults(together).items() if kind not in known)

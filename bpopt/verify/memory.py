"""Stage `memory`: PSS and USS of the process tree idle, under load and after it, and whether it keeps to the plan.

Each run is a new server, since memory once taken rarely comes back. The plan's limit is enforced by a control
group where one may be made; where not, the sampled peak of PSS is held against it.
"""

from __future__ import annotations

import threading
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.verify import cage, driving, model, phases, processes, traffic
from bpopt.verify.model import AFTER, BEFORE, FAILED, LABELS, PASSED, SKIPPED, StageResult
from bpopt.verify.ready import Down, Ready
from bpopt.verify.server import NoServer

if TYPE_CHECKING:
    from bpopt.verify.cage import Toll
    from bpopt.verify.model import Measure, Plan, Progress, Side
    from bpopt.verify.server import Server

NAME = "memory"
TITLE = "Memory"

PAUSE = 0.2  # seconds between samples: a sample costs some milliseconds of CPU
SURE = 2  # rounds: memory varies so little from run to run that two often leave no doubt
TURNS = 2  # of the mix at least
CHUNKS = 4  # parts of a run; what is still growing in the last ones is a leak
JUDGED = 200  # requests of a run from which on growth may be called a leak: caches and arenas fill up first
LEAK = 1024  # bytes per request

FIGURES = (
    ("idle.pss", "Memory, idle", "PSS of the process tree before any request"),
    ("idle.uss", "Unshared memory, idle", "USS of the process tree before any request"),
    ("loaded.pss", "Memory, after load", "PSS of the process tree after the traffic"),
    ("loaded.uss", "Unshared memory, after load", "USS of the process tree after the traffic"),
    ("peak.pss", "Memory, peak", f"greatest PSS of the process tree, sampled every {PAUSE:g} s under load"),
)


class Run(NamedTuple):
    """One run: figures in bytes, samples as (seconds, PSS, USS), PSS after each chunk, and the cage's toll."""

    figures: dict[str, float]
    samples: list[tuple[float, int, int]]
    chunks: list[int]
    requests: int
    failed: int
    toll: Toll | None
    how: str

    @property
    def growth(self) -> float:
        """Bytes per request from the first chunk's end to the last's; 0 if any chunk did not grow."""
        steps = [late - early for early, late in zip(self.chunks, self.chunks[1:], strict=False)]
        if not steps or min(steps) <= 0 or self.requests < JUDGED:
            return 0.0
        return sum(steps) / (self.requests * len(steps) / CHUNKS)


class Sampler:
    """Samples the memory of a server in a thread, every `pause` seconds, as a context manager."""

    def __init__(self, server: Server, pause: float = PAUSE) -> None:
        self.server, self.pause = server, pause
        self.samples: list[tuple[float, int, int]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self.pause):
            self.take()

    def take(self) -> processes.Memory:
        """Take a sample now."""
        memory = self.server.memory()
        self.samples.append((round(monotonic() - self.server.began, 3), memory.pss, memory.uss))
        return memory


def run(before: Side, after: Side, plan: Plan, progress: Progress) -> StageResult:
    """Measure the memory of both sides."""
    began = monotonic()
    unable = processes.supported()
    if unable is not None:
        return StageResult(NAME, SKIPPED, unable)
    try:
        result = _run(before, after, plan, progress, began)
    except NoServer as error:
        result = StageResult(NAME, SKIPPED, str(error))
    return result._replace(seconds=monotonic() - began)


def _run(before: Side, after: Side, plan: Plan, progress: Progress, began: float) -> StageResult:
    trials, requests = _trials(before, after, plan, progress)
    expected = 1.5 * (monotonic() - began)  # three runs, where these were two
    details: dict[str, Any] = {"limit": plan.limit, "requests": requests}
    details["trials"] = {name: _told(trial) for name, trial in trials.items()}
    over = {name: over_limit(trial, plan.limit) for name, trial in trials.items()}
    failing = _limit_verdict(over)
    downs = [name for name, trial in trials.items() if isinstance(trial, Down)]
    if downs and plan.limit is None:
        return StageResult(NAME, SKIPPED, str(trials[downs[0]]), details=details)
    # What does not fit is measured without the limit, so that there are figures to see how much is too much.
    limited = plan._replace(limit=None) if any(over.values()) else plan
    left = model.seconds_left(plan, NAME, began)
    try:
        runs = _rounds(before, after, limited, progress, requests, left, expected)
    except Down as error:
        return StageResult(NAME, FAILED if failing else SKIPPED, failing or str(error), details=details)
    if not any(runs.values()):  # no time for even one round: the trials are all there is
        runs = {name: [trial] for name, trial in trials.items() if isinstance(trial, Run)}
    details["samples"] = {label: own[-1].samples for label, own in runs.items() if own}
    details["growth"] = {label: [round(one.growth) for one in own] for label, own in runs.items()}
    reasons = [text for text in (failing, _leak(runs)) if text]
    notes = _notes(over, trials, runs, plan)
    return StageResult(
        NAME, FAILED if reasons else PASSED, "; ".join(reasons), measures(runs), notes, details
    )


def _trials(before: Side, after: Side, plan: Plan, progress: Progress) -> tuple[dict[str, Run | Down], int]:
    """Each side once under the limit, and how many requests a run of the rounds should send."""
    trials: dict[str, Run | Down] = {}
    requests = 0
    for side in (before, after):
        progress.step(f"{side.name} under {_megabytes(plan.limit)}" if plan.limit else f"trying {side.name}")
        try:
            trials[side.name] = one = _one(side, plan, side.name, requests)
            requests = one.requests
        except Down as error:
            trials[side.name] = error
    return trials, requests


def _one(side: Side, plan: Plan, label: str, requests: int) -> Run:
    """One run on a new server, which is prepared only after idle: that is before any request."""
    with Ready(side, plan, label, plan.limit, prepared=False) as server:
        try:
            return measure(server, plan, requests, prepare=True)
        except driving.Unprepared as error:
            raise Down(f"{side.name} could not be prepared: {error}") from None


def size(server: Server, plan: Plan, seconds: float) -> int:
    """How many requests a run sends: so many turns of the mix that last about `seconds`, in equal chunks."""
    asked, most = plan.traffic, max(plan.traffic.concurrency)
    rate = phases.capacity(server, asked._replace(concurrency=(most,)), plan.seed)[most]
    turns = max(TURNS, round(min(rate * seconds, phases.MOST) / asked.cycle))
    return int(-(-asked.cycle * turns // CHUNKS) * CHUNKS)


def _run_seconds(plan: Plan) -> float:
    """How long the load of one run may last: half of its time, as starting and stopping take the other."""
    return model.seconds_for(plan, NAME) / (len(LABELS) * plan.min_rounds + 2) / 2


def measure(server: Server, plan: Plan, requests: int, prepare: bool = False) -> Run:
    """Idle, so many requests in chunks (0: as many as fit), and after it.

    What the traffic needs is sent after idle if `prepare` says so.
    """
    asked, clients = plan.traffic, max(plan.traffic.concurrency)
    server.settle()
    mix = traffic.mix(asked, f"{plan.seed}:memory")
    chunks, failed = [], 0
    with Sampler(server) as sampler:
        idle = sampler.take()
        if prepare:
            driving.prepare(server.port, asked)
        requests = requests or size(server, plan, _run_seconds(plan))
        for _ in range(CHUNKS):
            part = list(islice(mix, requests // CHUNKS))
            exchanges = driving.closed(server.port, driving.shared(part, clients), driving.PATIENCE)
            failed += sum(bool(e.answer.error) for e in exchanges)
            chunks.append(sampler.take().pss)
        server.settle(2.0)
        loaded = sampler.take()
    peak = max(pss for _, pss, _ in sampler.samples)
    values = {"idle.pss": idle.pss, "idle.uss": idle.uss, "loaded.pss": loaded.pss, "loaded.uss": loaded.uss}
    figures = {**{name: float(value) for name, value in values.items()}, "peak.pss": float(peak)}
    return Run(figures, sampler.samples, chunks, requests, failed, server.toll(), cage.how(server.cage))


def _rounds(
    before: Side,
    after: Side,
    plan: Plan,
    progress: Progress,
    requests: int,
    seconds: float,
    expected: float,
) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {label: [] for label in LABELS}
    for number, order in enumerate(model.rounds(plan, NAME, seconds, expected), 1):
        for label in order:
            progress.step(f"round {number}: {label}")
            runs[label].append(_one(model.side_of(label, before, after), plan, label, requests))
        if number >= SURE and plan.enough is not None and plan.enough(measures(runs)):
            break
    return runs


def measures(runs: dict[str, list[Run]]) -> tuple[Measure, ...]:
    """The measures of the rounds so far."""
    return tuple(
        model.measured(
            f"memory.{key}",
            title,
            "B",
            True,
            {label: [r.figures[key] for r in own] for label, own in runs.items()},
            how,
        )
        for key, title, how in FIGURES
    )


def over_limit(trial: Run | Down, limit: int | None) -> str:
    """How a side does not keep to the limit, empty if it does (or there is none)."""
    if limit is None:
        return ""
    if isinstance(trial, Down):
        return str(trial)
    if trial.toll is not None:
        kills = trial.toll.kills
        return f"{kills} processes were killed at {_megabytes(limit)} ({trial.how})" if kills else ""
    peak = trial.figures["peak.pss"]
    return (
        f"a peak PSS of {_megabytes(peak)} is over {_megabytes(limit)} ({trial.how})" if peak > limit else ""
    )


def _limit_verdict(over: dict[str, str]) -> str:
    if not over[AFTER]:
        return ""
    return f"after does not keep to the plan's memory: {over[AFTER]}" + (
        ", and no more does before" if over[BEFORE] else ""
    )


def _leak(runs: dict[str, list[Run]]) -> str:
    """The verdict if after grows with every request in every round and before does not."""
    least = {label: min((run.growth for run in own), default=0.0) for label, own in runs.items()}
    if least[AFTER] < LEAK or least[AFTER] < 3 * max(own for label, own in least.items() if label != AFTER):
        return ""
    return f"after leaks about {least[AFTER] / 1024:.0f} KB with every request"


def _notes(
    over: dict[str, str], trials: dict[str, Run | Down], runs: dict[str, list[Run]], plan: Plan
) -> tuple[str, ...]:
    notes = []
    if over[BEFORE] and not over[AFTER]:
        notes.append(f"before does not keep to the plan's memory, after does: {over[BEFORE]}")
    if plan.limit is not None:
        how = next((trial.how for trial in trials.values() if isinstance(trial, Run)), cage.how(None))
        notes.append(f"limit of {_megabytes(plan.limit)}: {how}")
    if any(over.values()):
        notes.append("the figures were taken without the limit")
    growing = min((run.growth for run in runs[BEFORE]), default=0.0)
    if growing >= LEAK:
        notes.append(f"before leaks about {growing / 1024:.0f} KB with every request")
    return tuple(notes)


def _told(trial: Run | Down) -> dict[str, Any]:
    if isinstance(trial, Down):
        return {"down": str(trial)}
    toll = trial.toll._asdict() if trial.toll is not None else None
    figures = {name: trial.figures[name] for name in ("loaded.pss", "peak.pss")}
    return {**figures, "toll": toll, "failed": trial.failed, "limit": trial.how}


def _megabytes(size: float | None) -> str:
    return f"{(size or 0) / 2**20:.0f} MB"

"""The words that all of `bpopt verify` uses: sides, the plan, what a stage gives back.

A stage is a module with NAME, TITLE and `run(before, after, plan, progress) -> StageResult`; the stages are
listed by hand in `bpopt/verify/stages.py`. A stage measures in rounds: in each round all three sides (before,
before again, after) once, in an order shuffled by the seed, and it stops when its time or `plan.enough` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bpopt.app import App

BEFORE, BEFORE_AGAIN, AFTER = "before", "before again", "after"
LABELS = (BEFORE, BEFORE_AGAIN, AFTER)

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"

# How much of the budget a stage gets, in parts; a stage that is not chosen leaves its parts to the others.
# config and slug take what they need (a second), apt and build are as long as the network and the compiler are.
SHARES: Mapping[str, int] = {"boot": 3, "probe": 4, "memory": 7, "load": 10}


class Side(NamedTuple):
    """One of the two states that are compared.

    `name` is "before" or "after"; `root` a scratch copy of the app on disk that nothing may write to (servers
    run in copies of their own); `app` its files as the rules see them.
    """

    name: str
    root: str
    app: App


class Measure(NamedTuple):
    """One quantity, measured once a round on each side; the three tuples are in order of rounds, equally long.

    `key` is dotted and stable (`load.closed4.throughput`); `unit` one of "s", "B", "1/s", "count", "ratio".
    `how` says in a sentence how it was measured.
    """

    key: str
    title: str
    unit: str
    lower_is_better: bool
    before: tuple[float, ...]
    before_again: tuple[float, ...]
    after: tuple[float, ...]
    how: str


def measured(
    key: str, title: str, unit: str, lower_is_better: bool, samples: Mapping[str, list[float]], how: str
) -> Measure:
    """A measure from its samples by label of LABELS; a round that not all sides finished is left out.

    Where there was no time to measure before again, that label is left out.
    """
    rounds = min(map(len, samples.values()))
    before, again, after = (tuple(samples.get(label, ())[:rounds]) for label in LABELS)
    return Measure(key, title, unit, lower_is_better, before, again, after, how)


class StageResult(NamedTuple):
    """What a stage found.

    `status` is "passed", "failed" or "skipped"; `reason` says why it failed or was skipped, empty if it passed.
    `notes` are sentences worth showing; `details` is anything more that JSON can hold (time series, logs).
    """

    stage: str
    status: str
    reason: str = ""
    measures: tuple[Measure, ...] = ()
    notes: tuple[str, ...] = ()
    details: Mapping[str, Any] = {}
    seconds: float = 0.0


class Plan(NamedTuple):
    """What a run is to do.

    `scratch` is a private folder, everything that servers write lies in it; `python` the interpreter that runs
    the app; `environment` what the user sets for the app on top of what its files set; `limit` the memory of
    the deployment plan in bytes; `budget` the seconds for all of `stages` together; `deadline` the seconds a server
    may take to answer first, `grace` those it may take to stop after SIGTERM. `traffic` is a
    `bpopt.verify.traffic.Traffic`, None where there is none.
    A verdict needs `min_rounds`, for which a stage may take `overrun` times its part of the budget; beyond that,
    having no verdict is better. `enough(measures)` may stop a stage's rounds early; `process` is the process type
    to run. `settings` are the `bpopt.settings.Settings` whose fixes made the after side, None where it was given.
    `build` says whether slow things may be done: packages fetched, an environment built. `processors` are those
    that servers may run on, empty for all.
    """

    scratch: str
    python: str
    budget: float = 170.0
    seed: int = 1
    stages: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    unsafe: bool = False
    environment: Mapping[str, str] = {}
    limit: int | None = None
    traffic: Any = None
    gates: Mapping[str, Any] = {}
    deadline: float = 60.0
    grace: float = 10.0
    min_rounds: int = 3
    max_rounds: int = 15
    overrun: float = 1.5
    enough: Callable[[tuple[Measure, ...]], bool] | None = None
    process: str = "web"
    settings: Any = None
    build: bool = False
    processors: tuple[int, ...] = ()


class Progress(Protocol):
    """Where a run tells what it does: a bar in the terminal, plain lines elsewhere."""

    def stage(self, name: str, title: str) -> None:
        """A stage begins."""

    def step(self, text: str) -> None:
        """What the stage does now."""

    def done(self) -> None:
        """The stage is over."""


class Silent:
    """A progress that shows nothing, for tests and for `--quiet`."""

    def stage(self, name: str, title: str) -> None:
        """Show nothing."""

    def step(self, text: str) -> None:
        """Show nothing."""

    def done(self) -> None:
        """Show nothing."""


def seconds_for(plan: Plan, stage: str) -> float:
    """The part of the budget, in seconds, that a stage of SHARES may use."""
    chosen = [name for name in SHARES if not plan.stages or name in plan.stages]
    return plan.budget * SHARES[stage] / (sum(SHARES[name] for name in chosen) or 1)


def seconds_left(plan: Plan, stage: str, began: float) -> float:
    """What is left of a stage's time since `began` (monotonic), but a third of it at least for the measuring."""
    from time import monotonic

    whole = seconds_for(plan, stage)
    return max(whole / 3, whole - (monotonic() - began))


def side_of(label: str, before: Side, after: Side) -> Side:
    """The side that a label of LABELS stands for."""
    return after if label == AFTER else before


def rounds(plan: Plan, stage: str, seconds: float, expected: float = 0.0) -> Iterator[tuple[str, ...]]:
    """The labels of each round in shuffled order, until the next round would not end within `seconds`.

    At least `plan.min_rounds` rounds are given, at most `plan.max_rounds`; but not even the least on a machine so
    busy that they would take `plan.overrun` times as long. `expected` seconds, or the longest round so far, tell how
    long the next will take.
    """
    from random import Random
    from time import monotonic

    began, longest = monotonic(), expected
    for number in range(plan.max_rounds):
        allowed = seconds if number >= plan.min_rounds else seconds * plan.overrun
        if monotonic() - began + longest > allowed and (number or expected):
            return
        order = list(LABELS)
        Random(f"{plan.seed}:{stage}:{number}").shuffle(order)
        at = monotonic()
        yield tuple(order)
        longest = max(longest, monotonic() - at) if number else monotonic() - at

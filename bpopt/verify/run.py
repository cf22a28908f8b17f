"""The run: make the states, run the stages on them, judge what they found. This is what `bpopt verify` calls."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.finding import Safety
from bpopt.settings import ConfigError
from bpopt.suggest import meant
from bpopt.verify import each, environment, gates, limit, machine, model, sides, stages, stats, traffic
from bpopt.verify.each import TIMED
from bpopt.verify.model import SKIPPED, Plan, StageResult
from bpopt.verify.report import Applied, Effect, Report
from bpopt.verify.server import Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bpopt.app import App
    from bpopt.finding import Fix
    from bpopt.settings import Settings
    from bpopt.verify.each import Alone
    from bpopt.verify.environment import Environment
    from bpopt.verify.model import Progress
    from bpopt.verify.sides import Sides
    from bpopt.verify.traffic import Traffic

BUDGET = 170.0  # seconds for the whole run, builds left out
QUICK = 15.0  # seconds that are enough for what runs no app
STARTS = 3  # a timed stage starts servers at least so often


class Wishes(NamedTuple):
    """What the command line asks for.

    `stages` are those to run, in order; `memory` is the limit in bytes and `budget` the seconds for all stages but
    those that `build` asks for (half as much again for each rule with `each`). None and empty stand for "find it
    yourself".
    """

    stages: tuple[str, ...]
    unsafe: bool = False
    before: str | None = None
    after: str | None = None
    build: bool = False
    each: bool = False
    budget: float = BUDGET
    traffic: str | None = None
    memory: int | None = None
    python: str | None = None
    environment: Mapping[str, str] = {}
    seed: int = 1
    deadline: float = 60.0


class _Ready(NamedTuple):
    """All that stays the same for every comparison of one run."""

    app: App
    settings: Settings
    wishes: Wishes
    environment: Environment
    traffic: Traffic
    limit: int | None
    gates: dict[str, Any]


def verify(
    app: App,
    settings: Settings,
    wishes: Wishes,
    progress: Progress,
    tell: Callable[[str], None] = lambda text: None,
) -> Report:
    """Compare the states of an app. ConfigError if the wishes cannot be met; what the app does is in the report."""
    began = monotonic()
    ready, why = _prepare(app, settings, wishes)
    described = machine.describe(ready.environment)
    with Guard(_scratch()) as scratch:
        made = sides.make(
            app,
            settings,
            f"{scratch}/states",
            unsafe=wishes.unsafe,
            before=wishes.before,
            after=wishes.after,
        )
        alone = each.make(app, settings, made, f"{scratch}/alone", wishes) if wishes.each else ()
        tell(_announce(ready, made, alone))
        results = _stages(wishes.stages, ready, made, f"{scratch}/run", progress)
        effects = _each(ready, alone, scratch, progress)
    described["load_after"] = machine.load()
    return Report(
        app=app.root if app.root not in ("", ".") else os.path.basename(sides.folder_of(app)) or ".",
        date=_now(),
        titles=made.titles,
        applied=tuple(_applied(made)),
        changed=made.changed,
        diff=made.diff,
        results=results,
        gates=gates.judge(ready.gates, results),
        machine=described,
        settings=_recorded(ready, why),
        seconds=monotonic() - began,
        notes=tuple(_notes(ready, made)),
        each=effects,
    )


def _prepare(app: App, settings: Settings, wishes: Wishes) -> tuple[_Ready, str]:
    table = settings["verify"]
    known = traffic.TABLE_KEYS | {"gates"}
    for key in table:
        if key not in known:
            raise ConfigError(f"[tool.bpopt.verify]: unknown setting {key!r}{meant(key, known)}")
    wanted = gates.validate(table.get("gates", {}), "[tool.bpopt.verify]")
    found, why = (wishes.memory, "--memory") if wishes.memory else limit.of_app(app)
    own = environment.look(wishes.python, app)
    mix = traffic.load(app, getattr(app.files, "root", "."), table, wishes.traffic)
    return _Ready(app, settings, wishes, own, mix, found, wanted), why


def _scratch() -> str:
    import tempfile

    return tempfile.mkdtemp(prefix="bpopt-verify-")


def _announce(ready: _Ready, made: Sides, alone: tuple[Alone, ...]) -> str:
    """What will be done and how long it takes, said before it begins."""
    wishes = ready.wishes
    timed = bool(set(wishes.stages) & set(TIMED))
    seconds = wishes.budget if timed else QUICK
    seconds += sum(wishes.budget / 2 if one.timed else QUICK for one in alone)
    slow = ", the build as long as it takes" if wishes.build else ""
    said = f"before: {made.titles[0]}; after: {made.titles[1]}; about {_minutes(seconds)}{slow}"
    busy = machine.busy()
    return f"{said}\n{busy}: expect few clear answers" if busy and timed else said


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"


def _stages(
    names: tuple[str, ...], ready: _Ready, made: Sides, scratch: str, progress: Progress
) -> tuple[StageResult, ...]:
    """Run the stages; one that cannot run is skipped with the reason."""
    os.makedirs(scratch)
    plan, spent = _plan(names, ready, made, scratch), 0.0
    results: list[StageResult] = []
    for number, name in enumerate(names):
        plan = plan._replace(stages=names[number:], budget=max(0.0, ready.wishes.budget - spent))
        if not any(later in model.SHARES for later in names[number + 1 :]):
            plan = plan._replace(overrun=1.0)  # nothing is left to take the time from
        module = stages.module(name)
        reason = _hindrance(name, ready, results) or _late(name, plan, ready, results)
        if reason:
            results.append(StageResult(name, SKIPPED, reason))
            continue
        progress.stage(name, module.TITLE)
        began = monotonic()
        try:
            results.append(module.run(made.before, made.after, plan, progress))
        finally:
            progress.done()
        if not (plan.build and name in stages.SLOW):
            spent += monotonic() - began
    return tuple(results)


def _late(name: str, plan: Plan, ready: _Ready, results: list[StageResult]) -> str:
    """Why what is left of the budget is too little for a stage, empty if it is not."""
    boot = next((result.details for result in results if result.stage == "boot"), {})
    start = max((own.get("seconds", 0.0) for own in boot.values()), default=0.0)
    if name not in stages.AFTER_BOOT or plan.budget >= STARTS * start:
        return ""
    busy = machine.busy()
    why = f" ({busy})" if busy else ""
    return f"no time left of {_minutes(ready.wishes.budget)}{why}: give it more with --budget"


def _plan(names: tuple[str, ...], ready: _Ready, made: Sides, scratch: str) -> Plan:
    wishes = ready.wishes
    return Plan(
        scratch=scratch,
        python=ready.environment.python,
        budget=wishes.budget,
        seed=wishes.seed,
        stages=names,
        select=tuple(ready.settings["select"]),
        unsafe=wishes.unsafe,
        environment=wishes.environment,
        limit=ready.limit,
        traffic=ready.traffic,
        gates=ready.gates,
        deadline=wishes.deadline,
        enough=stats.enough,
        settings=None if wishes.after else ready.settings,
        build=wishes.build,
    )


def _hindrance(name: str, ready: _Ready, results: list[StageResult]) -> str:
    """Why a stage cannot run, empty if it can."""
    if stages.STAGES[name] and name != "config" and ready.environment.missing:
        return ready.environment.reason + sides.sample_hint(ready.app)
    boot = next((result for result in results if result.stage == "boot"), None)
    if name not in stages.AFTER_BOOT or boot is None:
        return ""
    if boot.status == SKIPPED:
        return boot.reason
    down = [side for side in ("before", "after") if boot.details.get(side, {}).get("kind", "up") != "up"]
    return f"{' and '.join(down)} does not come up" if down else ""


def _each(ready: _Ready, alone: tuple[Alone, ...], scratch: str, progress: Progress) -> tuple[Effect, ...]:
    """The fix of every rule on its own: a comparison each, with half the budget."""
    half = ready._replace(wishes=ready.wishes._replace(budget=ready.wishes.budget / 2))
    effects = []
    for one in alone:
        progress.step(f"{one.code} {one.name} alone")
        effects.append(one.effect(_stages(one.stages, half, one.sides, f"{scratch}/{one.code}", progress)))
    return tuple(effects)


def _applied(made: Sides) -> list[Applied]:
    return [
        Applied(finding.code, finding.name, finding.path, finding.fix.title, _warning(finding.fix))
        for finding in made.applied
        if finding.fix is not None
    ]


def _warning(fix: Fix) -> str:
    """Why a fix is unsafe, as the rule has it: what verify may find."""
    return fix.reason if fix.safety is Safety.UNSAFE else ""


def _notes(ready: _Ready, made: Sides) -> list[str]:
    """What the reader must know of the comparison itself."""
    notes = []
    if not made.changed:
        notes.append("both states are the same: differences are noise")
    if made.left_out:
        notes.append(f"links that lead out of the app were not copied: {', '.join(made.left_out)}")
    if ready.traffic.guessed and any(name in ready.wishes.stages for name in stages.AFTER_BOOT):
        path = ready.traffic.health
        notes.append(f"no traffic is configured: only {path} is asked, and any answer below 500 counts")
    return notes


def _recorded(ready: _Ready, why: str) -> dict[str, Any]:
    wishes = ready.wishes
    return {
        "stages": list(wishes.stages),
        "budget": wishes.budget,
        "seed": wishes.seed,
        "unsafe": wishes.unsafe,
        "select": list(ready.settings["select"]),
        "targets": [target.label for target in ready.app.targets],
        "memory_limit": ready.limit,
        "memory_limit_from": why if ready.limit else "",
        "traffic": {
            "hash": ready.traffic.digest,
            "source": ready.traffic.source,
            "health": ready.traffic.health,
            "requests": {entry.name: entry.weight for entry in ready.traffic.entries},
            "paths": {
                entry.name: sorted({sent.path for sent in entry.sent}) for entry in ready.traffic.entries
            },
        },
    }


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

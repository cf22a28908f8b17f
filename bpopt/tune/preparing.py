"""Before anything is measured: what the command line asks for, what there is to run with, the name of the study."""

from __future__ import annotations

import hashlib
import os
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from bpopt.settings import ConfigError
from bpopt.tune import bench, edits, resources
from bpopt.verify import environment, processes, sides, traffic
from bpopt.verify.model import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bpopt.app import App
    from bpopt.settings import Settings
    from bpopt.tune.bench import Bench
    from bpopt.tune.objective import Objective
    from bpopt.tune.resources import Resources
    from bpopt.verify.environment import Environment
    from bpopt.verify.model import Progress
    from bpopt.verify.traffic import Traffic

BUDGET = 600.0  # seconds
CLIENTS = 8  # that ask at once, unless the traffic says more: more than most configurations can work on
UNLIMITED = -1  # as memory: whatever the app's files say, there is no limit


class Wishes(NamedTuple):
    """What the command line asks for; None and empty stand for "find it yourself". `memory` in bytes.

    `stored` is content with what was measured before, whatever that is.
    """

    objective: Objective
    memory: int | None = None
    cpus: float | None = None
    clients: int | None = None
    budget: float = BUDGET
    storage: str | None = None
    fresh: bool = False
    traffic: str | None = None
    python: str | None = None
    environment: Mapping[str, str] = {}
    seed: int = 1
    deadline: float = 60.0
    stored: bool = False


class Prepared(NamedTuple):
    """All that does not change during a run."""

    app: App
    wishes: Wishes
    resources: Resources
    traffic: Traffic
    environment: Environment
    clients: int
    began: float


def prepare(app: App, settings: Settings, wishes: Wishes) -> Prepared:
    """What a run has to do with. ConfigError if the app cannot be run or tuned here."""
    unable = processes.supported()
    if unable is not None:
        raise ConfigError(unable)
    own = environment.look(wishes.python, app)
    if own.missing:
        raise ConfigError(own.reason + sides.sample_hint(app))
    edits.setups(app)
    mix = traffic.load(app, sides.folder_of(app), settings["verify"], wishes.traffic)
    clients = wishes.clients or max(CLIENTS, *mix.concurrency)
    has = resources.of(app, wishes.memory, wishes.cpus)
    return Prepared(app, wishes, has, mix._replace(concurrency=(clients,)), own, clients, monotonic())


def made(ready: Prepared, scratch: str, progress: Progress) -> tuple[Bench, list[str]]:
    """What measuring shares, and the links that lead out of the app and are left out."""
    files, left_out = bench.copy(ready.app, scratch)
    wishes, has = ready.wishes, ready.resources
    plan = Plan(
        scratch=os.path.join(scratch, "run"),
        python=ready.environment.python,
        budget=wishes.budget,
        seed=wishes.seed,
        environment=wishes.environment,
        limit=has.memory,
        traffic=ready.traffic,
        deadline=wishes.deadline,
        processors=resources.processors(has.cores),
    )
    os.makedirs(plan.scratch)
    now = edits.current(ready.app, edits.setups(ready.app)[0])
    return bench.Bench(ready.app, files, plan, ready.clients, now, progress), left_out


def study(ready: Prepared, made: Bench) -> str:
    """The study: the same for the same files, traffic, resources and versions, so that it is found again."""
    digest = hashlib.sha256()
    for path, _ in sides.all_files(made.files):
        full = os.path.join(made.files, path)
        content = os.readlink(full).encode() if os.path.islink(full) else open(full, "rb").read()  # noqa: SIM115
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    own = (
        ready.traffic.digest,
        ready.resources[:2],
        ready.clients,
        ready.environment.version,
        sorted(ready.environment.versions.items()),
        sorted(ready.wishes.environment.items()),
    )
    digest.update(repr(own).encode())
    name = os.path.basename(os.path.abspath(sides.folder_of(ready.app)))
    return f"bpopt tune {name} {digest.hexdigest()[:16]}"

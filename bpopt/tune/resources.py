"""What the deployment has: memory and processors of a plan, as named, or as the options say."""

from __future__ import annotations

import os
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from bpopt.settings import ConfigError
from bpopt.verify import limit, machine

if TYPE_CHECKING:
    from bpopt.app import App


class Resources(NamedTuple):
    """Memory in bytes (None without a limit) and cores of a deployment, where they come from, and what to know."""

    memory: int | None
    cores: int
    source: str
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """In words."""
        size = f"{self.memory / 2**20:.0f} MB" if self.memory else "no limit of memory"
        return f"{size} on {self.cores} core{'s' if self.cores > 1 else ''}"


def of(app: App, memory: int | None, cpus: float | None) -> Resources:
    """The resources that the options name, else those of the smallest plan that the app is meant for.

    A negative `memory` stands for no limit, whatever the app's files say.
    """
    if memory is not None and memory < 0:
        return _without_limit(cpus)
    plans = sorted((plan for _, plan in limit.plans(app)), key=lambda plan: plan.memory)
    plan = plans[0] if plans else None
    source = "--memory" if memory else f"{plan.title}" if plan else ""
    size = memory or (plan.memory if plan else None)
    notes = (
        [] if size else ["no plan is known, so that memory is not limited: name one with --plan or --memory"]
    )
    wanted, own = cpus, machine.cores()
    if wanted is None and plan is not None and not memory and plan.cpus:
        wanted = plan.cpus
    if wanted is None:
        notes.append(f"how many processors the plan has is not known: measured on the {own} of this machine")
        wanted = own
    if wanted != ceil(wanted):
        notes.append(f"{wanted:g} of a processor cannot be given here: measured on {ceil(wanted)}")
    if wanted > own:
        notes.append(f"this machine has only {own} of the plan's {wanted:g} processors")
    return Resources(size, min(own, max(1, ceil(wanted))), source, tuple(notes))


def _without_limit(cpus: float | None) -> Resources:
    """All of this machine, or so many of its processors."""
    return Resources(None, min(machine.cores(), ceil(cpus or machine.cores())), "")


def processors(cores: int) -> tuple[int, ...]:
    """The processors that servers are bound to, empty for all of this machine's."""
    if not hasattr(os, "sched_getaffinity"):
        return ()
    own = sorted(os.sched_getaffinity(0))
    return tuple(own[:cores]) if cores < len(own) else ()


def number(text: str) -> float:
    """The processors of `--cpus`; ConfigError for anything else."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= 1024:
        raise ConfigError(f"--cpus: {text!r} is no number of processors")
    return found

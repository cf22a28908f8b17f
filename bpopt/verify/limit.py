"""How much memory the deployment has: the plan that was named, or that the app's files name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.settings import ConfigError
from bpopt.suggest import meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.platforms.plans import Plan

_UNITS = {
    "": 1024**2,
    "k": 1024,
    "m": 1024**2,
    "g": 1024**3,
}  # plans count in powers of 1024; a bare number is MB


def parse(text: str) -> int:
    """Bytes of `512`, `512M`, `1.5G` (powers of 1024); ConfigError for anything else."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?", text.strip(), re.IGNORECASE)
    if found is None or not float(found[1]):
        raise ConfigError(f"--memory: {text!r} is no amount of memory (512M, 1.5G)")
    return round(float(found[1]) * _UNITS[found[2].lower()])


def of_app(app: App) -> tuple[int | None, str]:
    """The memory of the smallest plan that the app is meant for, in bytes, and which that is; None if no file says."""
    named = [(plan.memory, f"{target.platform.name} {plan.title}") for target, plan in plans(app)]
    return min(named) if named else (None, "")


def plans(app: App) -> Iterator[tuple[Target, Plan]]:
    """The plans that the app is meant for, by target: told, or as its files name them."""
    for target in app.targets:
        if target.plan is not None:
            plan = target.platform.plan(target.plan)
            if plan is None and len(app.targets) == 1:
                known = [p.name for p in target.platform.plans]
                raise ConfigError(
                    f"{target.platform.name} has no plan {target.plan!r}{meant(target.plan, known)}"
                )
            if plan is not None:
                yield target, plan
            continue
        for name in _written(app, target):
            if (plan := target.platform.plan(name)) is not None:
                yield target, plan


def _written(app: App, target: Target) -> Iterator[str]:
    """The plans of web processes as app.json or the app spec has them."""
    if target.platform.name == "digitalocean" and app.app_spec is not None:
        yield from (s.instance_size_slug.value for s in app.app_spec.services if s.instance_size_slug)
    elif app.app_json is not None and target.why == "app.json":
        yield from (f.size.value for f in app.app_json.formation if f.name == "web" and f.size)

"""The stages in the order in which they run, listed by hand; a stage's module is imported when it runs."""

from __future__ import annotations

from typing import Any

# Name -> whether it runs the app and so needs a Python that has the app's requirements.
STAGES = {
    "config": True,
    "slug": False,
    "apt": False,
    "build": False,
    "boot": True,
    "probe": True,
    "memory": True,  # before load: it needs no quiet machine, and should not be what there is no time for
    "load": True,
}
# Nothing can be asked of an app that does not come up.
AFTER_BOOT = ("probe", "memory", "load")


# What takes as long as the network and the compilers do, with --build: no budget is for that.
SLOW = ("apt", "build")


def module(name: str) -> Any:
    """The module of a stage: NAME, TITLE and run()."""
    from importlib import import_module

    return import_module(f"bpopt.verify.{name}")


def chosen(only: tuple[str, ...], skip: tuple[str, ...], build: bool) -> tuple[str, ...]:
    """The stages to run: all but the slow build, or those asked for, less those not wanted."""
    wanted = only or tuple(name for name in STAGES if name != "build" or build)
    return tuple(name for name in STAGES if name in wanted and name not in skip)

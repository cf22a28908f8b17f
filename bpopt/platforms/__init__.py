"""What each platform does with an app's files: facts as data, each with its source and the date of the check.

The data is edited in `bpopt/data/platforms/*.toml`, `plans.toml` and `python.toml`. What is loaded are the
Python literals in `tables/`, written by `python -m bpopt.platforms.build`: a compiled literal costs a
fraction of what reading TOML does. `plans` and `python` are modules of their own, seldom needed.
"""

from __future__ import annotations

from bpopt.platforms.load import canonical, load
from bpopt.platforms.model import NAMES, Fact, Platform, Stack, Value

__all__ = ["NAMES", "Fact", "Platform", "Stack", "Value", "canonical", "load"]

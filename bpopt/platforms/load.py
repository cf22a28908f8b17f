"""Platforms by name: a table of literals made into typed values, once."""

from __future__ import annotations

from importlib import import_module

from bpopt.platforms.model import NAMES, Fact, Platform, Stack

# Other names that people use for a platform or a stack, lower case.
_ALIASES: dict[str, tuple[str, str | None]] = {
    "heroku-cedar": ("heroku", None),
    "cedar": ("heroku", None),
    "fir": ("heroku-fir", None),
    "do": ("digitalocean", None),
    "digital-ocean": ("digitalocean", None),
    "app-platform": ("digitalocean", None),
    "herokuish": ("dokku", None),
    "ubuntu-22": ("digitalocean", "ubuntu-22"),
}
# A stack name belongs to the platform it is named after (Dokku's and Fir's stacks are Heroku's).
_STACKED = ("heroku", "scalingo")

_loaded: dict[str, Platform] = {}


def load(name: str) -> Platform:
    """The platform of that exact name. KeyError for an unknown one; see `canonical` for other names."""
    if name not in _loaded:
        if name not in NAMES:
            raise KeyError(name)
        table = import_module(f"bpopt.platforms.tables.{name.replace('-', '_')}")
        sources: tuple[tuple[str, str], ...] = table.SOURCES
        facts = {key: Fact(row[0], *sources[row[1]], *row[2:]) for key, row in table.FACTS.items()}
        stacks = tuple(Stack(*row) for row in table.STACKS)
        _loaded[name] = Platform(name, table.TITLE, stacks, facts)
    return _loaded[name]


def canonical(name: str) -> tuple[str, str | None] | None:
    """Platform and stack that a name stands for, any case: `heroku-24` is ("heroku", "heroku-24").

    A platform's own name has no stack. None for a name that is neither.
    """
    wanted = name.strip().lower()
    if wanted in NAMES:
        return wanted, None
    if wanted in _ALIASES:
        return _ALIASES[wanted]
    for platform in _STACKED:
        if wanted.startswith(f"{platform}-") and load(platform).stack(wanted) is not None:
            return platform, wanted
    return None

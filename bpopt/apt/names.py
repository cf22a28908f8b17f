"""Package names that an archive has dropped or renamed, and what to write instead.

The table is `data/apt/renames.toml`, read from `renames.json`, which is made of it; it says where each statement was
read and when. A name that the table does not hold may still be gone: the catalog of the exact suite is what decides.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, Literal

from bpopt.apt import stacks
from bpopt.values import NamedTuple

_TABLE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "apt", "renames")


class Rename(NamedTuple):
    """What became of a package name on a suite.

    `kind` is "gone" (apt refuses the name), or "renamed" (it still works because exactly one package provides
    it: worth a hint, never an error). `new` is what to write instead, () when nothing should be. `since` is
    the first suite known for which this holds, `source` the address of its index, `checked` the date.
    """

    old: str
    new: tuple[str, ...]
    kind: Literal["gone", "renamed"]
    since: str
    note: str
    source: str
    checked: str


@lru_cache(maxsize=4096)  # apps name the same packages over and over
def renamed(name: str, stack: str | None) -> Rename | None:
    """Return what became of package `name` on `stack`; None when it stands there or nothing is known."""
    found, table = stacks.find(stack), _table()
    if found is None:
        return None
    entry = table.names.get(name)
    if entry is not None:
        return _by_entry(name, entry, found.suite, table)
    series = table.series.get(name)
    return _by_series(name, series, found.suite, table) if series is not None else None


def spoken_of(name: str) -> bool:
    """Tell whether the table holds a name: some suite has it, or had it."""
    return name in _table().spoken


def elsewhere(name: str, stack: str | None) -> bool:
    """Tell whether another archive that the image has enabled may hold `name`, so its absence proves nothing.

    The heroku images read the archive of the PostgreSQL project besides Ubuntu's: all supported versions of
    postgresql, its libraries and extensions. Source (checked 2026-11-24): heroku-24/setup.sh in
    https://github.com/heroku/base-images, commit 61a6b2b.
    """
    found = stacks.find(stack)
    return found is not None and found.image is not None and name.startswith(_PGDG)


# What the packages of https://apt.postgresql.org are called.
_PGDG = (
    "barman",
    "libecpg",
    "libpg",
    "libpq",
    "omnidb",
    "patroni",
    "pg",
    "pldebugger",
    "plpgsql",
    "postgis",
    "postgresql",
    "powa",
    "psycopg",
    "python3-psycopg",
    "timescaledb",
    "wal2json",
)


class _Table(NamedTuple):
    names: dict[str, dict[str, Any]]
    series: dict[str, dict[str, Any]]
    spoken: set[str]
    checked: str


@lru_cache(maxsize=1)
def _table() -> _Table:
    """The table, from the JSON that `python -m bpopt.generate` makes of it: reading TOML takes ten times as long."""
    import json

    with open(_TABLE + ".json", encoding="utf-8") as file:
        raw = json.load(file)
    names = {old: entry for entry in raw["name"] for old in entry["old"]}
    series = {
        member: entry
        for entry in raw["series"]
        for members in (
            entry.get("older", ()),
            *(entry.get(suite, ()) for suite in stacks.UBUNTU + stacks.DEBIAN),
        )
        for member in members
    }
    spoken = {*names, *series, *(new for entry in raw["name"] for new in entry["new"])}
    return _Table(names, series, spoken, raw["checked"])


@lru_cache(maxsize=16)
def _index(suite: str) -> str:
    """The address of a suite's index: that of its distribution stands in the head of the table as written."""
    key = "ubuntu = " if suite in stacks.UBUNTU else "debian = "
    with open(_TABLE + ".toml", encoding="utf-8") as file:
        address = next(line for line in file if line.startswith(key)).split('"')[1]
    return f"{address}{suite}/"


def _by_entry(name: str, entry: dict[str, Any], suite: str, table: _Table) -> Rename | None:
    suites = stacks.family(suite)
    distribution = "ubuntu" if suites is stacks.UBUNTU else "debian"
    kinds: tuple[Literal["gone", "renamed"], ...] = ("gone", "renamed")
    for kind in kinds:
        since = entry.get(kind, {}).get(distribution)
        if since is not None and suites.index(suite) >= suites.index(since):
            return Rename(
                name,
                tuple(entry["new"]),
                kind,
                since,
                entry.get("note", ""),
                _index(since),
                table.checked,
            )
    return None


def _by_series(name: str, entry: dict[str, Any], suite: str, table: _Table) -> Rename | None:
    here = tuple(entry.get(suite, ()))
    if name in here:
        return None
    kind: Literal["gone", "renamed"] = "renamed" if name + "t64" in here else "gone"
    return Rename(name, here[:1], kind, suite, entry.get("note", ""), _index(suite), table.checked)

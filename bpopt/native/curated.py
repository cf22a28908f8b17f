"""What no binary says: libraries that source code opens by name, and programs that it runs.

The table is `data/native/curated.toml`, by hand, each entry with the address where it was read and the day.
"""

from __future__ import annotations

import os
from typing import Any

from bpopt.values import NamedTuple

PATH = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "native", "curated.toml")


class Entry(NamedTuple):
    """What is known of a distribution by reading it.

    `needs` are `via:name` (as in the table), needed for anything it does; `may` are needed for a part of it.
    `complete` tells that there is nothing else. `requires` are all distributions that it requires, None where
    that is not known. `below` is the first version for which the entry does not hold any more, "" for none.
    """

    names: tuple[str, ...]
    needs: tuple[str, ...]
    may: tuple[str, ...]
    complete: bool
    requires: tuple[str, ...] | None
    below: str
    source: str
    checked: str


def entries() -> tuple[Entry, ...]:
    """Read the table."""
    import tomli

    with open(PATH, "rb") as file:
        raw = tomli.load(file)
    return tuple(_entry(entry, raw["checked"]) for entry in raw["entry"])


def _entry(raw: dict[str, Any], checked: str) -> Entry:
    requires = raw.get("requires")
    return Entry(
        tuple(raw["names"]),
        tuple(raw.get("needs", ())),
        tuple(raw.get("may", ())),
        raw.get("complete", False),
        None if requires is None else tuple(requires),
        raw.get("below", ""),
        raw["source"],
        checked,
    )


def given() -> dict[str, tuple[str, ...]]:
    """Return for each distribution the sonames (`libQt5*`) that others bundle which it requires."""
    import tomli

    with open(PATH, "rb") as file:
        return {name: tuple(sonames) for name, sonames in tomli.load(file)["given"].items()}


def listed() -> frozenset[str]:
    """Every program and link name that the table speaks of, as the file lists call them."""
    from bpopt.native.rows import Need

    split = (need.partition(":") for entry in entries() for need in entry.needs + entry.may)
    needs = (Need(name, via, "", "") for via, _, name in split)
    return frozenset(need.brought_as for need in needs if need.via in ("program", "find"))

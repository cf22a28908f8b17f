"""Turn the TOML files of platform facts into the literals that are loaded: `python -m bpopt.platforms.build`.

With `--check` nothing is written; the exit status is 1 if a table is not what its TOML file says.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from bpopt.platforms import source
from bpopt.platforms.model import NAMES
from bpopt.values import NamedTuple

TABLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tables")

_HEAD = '"""Written by `python -m bpopt.platforms.build` from {origin}; do not edit."""\n\n'
_LAWLESS = "# ruff: noqa\n# fmt: off\n"  # rows are as long as their notes


class Table(NamedTuple):
    """One generated module: its file name in `tables/`, and its text."""

    name: str
    text: str


def tables() -> list[Table]:
    """Every table as the TOML files have it. ValueError names the file and entry that is wrong."""
    plans = {name: tuple(rows) for name, rows in source.plans().items()}
    return [
        *(_platform(name) for name in NAMES),
        _table("plans", "plans.toml", f"PLANS = {_mapping(plans)}\n"),
        _table("python", "python.toml", f"RELEASES = {_rows(source.releases())}\n"),
    ]


def stale() -> list[str]:
    """The names of the tables that are missing or not what the TOML files say."""
    return [table.name for table in tables() if _current(table.name) != table.text]


def _platform(name: str) -> Table:
    title, sources, stacks, facts = source.platform(name)
    body = (
        f"TITLE = {title!r}\n"
        f"SOURCES = {_rows(sources)}\n"
        f"STACKS = {_rows(stacks)}\n"
        f"FACTS = {_mapping(facts)}\n"
    )
    return _table(name, f"platforms/{name}.toml", body)


def _rows(rows: list[Any]) -> str:
    return "(\n" + "".join(f"    {row!r},\n" for row in rows) + ")"


def _mapping(entries: dict[str, Any]) -> str:
    """A dict literal; values that are rows of rows take a line for each."""
    lines = []
    for key, value in entries.items():
        nested = all(isinstance(row, tuple) for row in value)
        lines.append(f"    {key!r}: {_rows(list(value)) if nested else repr(value)},\n")
    return "{\n" + "".join(lines) + "}"


def _table(name: str, origin: str, body: str) -> Table:
    return Table(
        f"{name.replace('-', '_')}.py", _HEAD.format(origin=f"bpopt/data/{origin}") + _LAWLESS + body
    )


def _current(name: str) -> str | None:
    try:
        with open(os.path.join(TABLES, name), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def main(arguments: list[str]) -> int:
    """Write the tables, or with `--check` only say which are out of date; returns the exit status."""
    if arguments == ["--check"]:
        names = stale()
        for name in names:
            print(f"out of date: bpopt/platforms/tables/{name} (run python -m bpopt.platforms.build)")
        return 1 if names else 0
    for table in tables():
        with open(os.path.join(TABLES, table.name), "w", encoding="utf-8", newline="\n") as file:
            file.write(table.text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

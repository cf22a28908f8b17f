"""Turn the TOML files of platform facts into the literals that are loaded: `python -m bpopt.platforms.build`.

With `--check` nothing is written; the exit status is 1 if a table is not what its TOML file says.
"""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from bpopt.platforms.model import NAMES, Stack
from bpopt.platforms.plans import Plan
from bpopt.platforms.python import Release

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(os.path.dirname(HERE), "data")
TABLES = os.path.join(HERE, "tables")

_HEAD = '"""Written by `python -m bpopt.platforms.build` from {source}; do not edit."""\n\n'
_MODES = {"always", "default", "auto"}
_SCOPES = {"build", "run", "both"}
_FACT_FIELDS = {"value", "source", "verified", "note", "scope", "mode"}


# Facts that rules may also ask for by the name of the file they are about.
ALIASES = {
    "aptfile.read": "reads.aptfile",
    "procfile.read": "reads.procfile",
    "runtime_txt.read": "reads.runtime_txt",
    "python_version.read": "reads.python_version",
    "slugignore.honoured": "reads.slugignore",
}


class Table(NamedTuple):
    """One generated module: its file name in `tables/`, and its text."""

    name: str
    text: str


def tables() -> list[Table]:
    """Every table as the TOML files have it. ValueError names the file and entry that is wrong."""
    made = [_platform(name) for name in NAMES]
    return [*made, _plans(), _python()]


def _read(*path: str) -> dict[str, Any]:
    import tomllib

    with open(os.path.join(DATA, *path), "rb") as file:
        return tomllib.load(file)


def keys() -> dict[str, dict[str, str]]:
    """What each key of a fact means, by group, in the order in which they are shown."""
    return _read("platforms", "keys.toml")


def unknown(names: set[str]) -> list[str]:
    """The keys among `names` that `keys.toml` does not explain; environment variables need no explanation."""
    known = {f"{group}.{key}" for group, entries in keys().items() for key in entries}
    return sorted(name for name in names - known if not name.startswith("sets."))


def _platform(name: str) -> Table:
    raw = _read("platforms", f"{name}.toml")
    title, sources, stacks = raw.pop("title"), raw.pop("sources"), raw.pop("stacks")
    where = f"{name}.toml"
    order = list(sources)
    facts = {
        f"{group}.{key}": _fact(f"{where}: {group}.{key}", entry, order, group == "sets")
        for group, entries in raw.items()
        for key, entry in entries.items()
    }
    if wrong := unknown(set(facts)):
        raise ValueError(f"{where}: {wrong[0]} is not in keys.toml")
    facts |= {alias: facts[key] for alias, key in ALIASES.items()}
    unused = set(order) - {order[row[1]] for row in facts.values()} - {stack["source"] for stack in stacks}
    if unused:
        raise ValueError(f"{where}: sources that nothing cites: {', '.join(sorted(unused))}")
    body = (
        f"TITLE = {title!r}\n"
        f"SOURCES = {_rows([(s['url'], s['date']) for s in sources.values()])}\n"
        f"STACKS = {_rows([_stack(stack, sources) for stack in stacks])}\n"
        f"FACTS = {_mapping(facts)}\n"
    )
    return _table(name, f"bpopt/data/platforms/{where}", body)


def _fact(where: str, entry: dict[str, Any], sources: list[str], is_setting: bool) -> tuple[Any, ...]:
    """The row of a fact: value, number of its source, and as much of the rest as is not the default."""
    if unknown := set(entry) - _FACT_FIELDS:
        raise ValueError(f"{where}: unknown field {sorted(unknown)[0]}")
    if entry["source"] not in sources:
        raise ValueError(f"{where}: no source called {entry['source']}")
    if is_setting and not (entry.get("scope") in _SCOPES and entry.get("mode") in _MODES):
        raise ValueError(f"{where}: needs scope and mode")
    value = tuple(entry["value"]) if isinstance(entry["value"], list) else entry["value"]
    rest = [entry.get("verified", True), *(entry.get(field, "") for field in ("note", "scope", "mode"))]
    while rest and rest[-1] == (True if len(rest) == 1 else ""):
        rest.pop()
    return (value, sources.index(entry["source"]), *rest)


def _stack(entry: dict[str, Any], sources: dict[str, dict[str, str]]) -> tuple[Any, ...]:
    source = sources[entry["source"]]
    defaults = {"end_of_support": None, "default": False}
    return _row(Stack, defaults | entry | {"source": source["url"], "date": source["date"]})


def _plans() -> Table:
    raw = _read("plans.toml")
    sources = raw.pop("sources")
    plans: dict[str, Any] = {}
    for name, entries in raw.items():
        if name not in NAMES:
            raise ValueError(f"plans.toml: no platform called {name}")
        plans[name] = tuple(_plan(entry, sources) for entry in entries)
    return _table("plans", "bpopt/data/plans.toml", f"PLANS = {_mapping(plans)}\n")


def _plan(entry: dict[str, Any], sources: dict[str, dict[str, str]]) -> tuple[Any, ...]:
    source = sources[entry["source"]]
    defaults: dict[str, Any] = {"cpus": None, "price": None, "currency": "USD", "period": "month"}
    defaults |= {"verified": True, "retired": False, "note": ""}
    return _row(Plan, defaults | entry | {"source": source["url"], "date": source["date"]})


def _python() -> Table:
    raw = _read("python.toml")
    source = {"source": raw["source"]["url"], "date": raw["source"]["date"]}
    rows = [_row(Release, entry | source) for entry in raw["releases"]]
    return _table("python", "bpopt/data/python.toml", f"RELEASES = {_rows(rows)}\n")


def _row(kind: type[Stack | Plan | Release], entry: dict[str, Any]) -> tuple[Any, ...]:
    """The values of an entry in the order of its type's fields; ValueError if one is missing or unknown."""
    if set(entry) != set(kind._fields):
        wrong = sorted(set(entry) ^ set(kind._fields))
        raise ValueError(f"{kind.__name__} {entry.get('name')}: {', '.join(wrong)} missing or unknown")
    return tuple(entry[field] for field in kind._fields)


def _rows(rows: list[Any]) -> str:
    return "(\n" + "".join(f"    {row!r},\n" for row in rows) + ")"


def _mapping(entries: dict[str, Any]) -> str:
    """A dict literal; values that are rows of rows take a line for each."""
    lines = []
    for key, value in entries.items():
        nested = bool(value) and all(isinstance(row, tuple) for row in value)
        lines.append(f"    {key!r}: {_rows(list(value)) if nested else repr(value)},\n")
    return "{\n" + "".join(lines) + "}"


def _table(name: str, source: str, body: str) -> Table:
    head = _HEAD.format(source=source)
    return Table(f"{name.replace('-', '_')}.py", f"{head}# ruff: noqa\n# fmt: off\n{body}")


def stale() -> list[str]:
    """The names of the tables that are missing or not what the TOML files say."""
    return [table.name for table in tables() if _current(table.name) != table.text]


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

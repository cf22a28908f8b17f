"""The TOML files of platform facts, read and checked: what `build` and `docs` start from.

A fact is written `{ value, source, verified?, note? }`; those of `[sets]` have `scope` and `mode` too. `source`
is a key of `[sources]` of the same file, where address and date stand once. `bpopt check` reads none of this.
"""

from __future__ import annotations

import os
from typing import Any

from bpopt.platforms.model import Stack
from bpopt.platforms.plans import Plan
from bpopt.platforms.python import Release

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")

# Facts that rules may also ask for by the name of the file they are about.
ALIASES = {
    "aptfile.read": "reads.aptfile",
    "procfile.read": "reads.procfile",
    "runtime_txt.read": "reads.runtime_txt",
    "python_version.read": "reads.python_version",
    "slugignore.honoured": "reads.slugignore",
}

_MODES = {"always", "default", "auto"}
_SCOPES = {"build", "run", "both"}
_FIELDS = {"value", "source", "verified", "note", "scope", "mode"}

Row = tuple[Any, ...]


def keys() -> dict[str, dict[str, str]]:
    """What each key of a fact means, by group, in the order in which they are shown."""
    return _read("platforms", "keys.toml")


def platform(name: str) -> tuple[str, list[Row], list[Row], dict[str, Row]]:
    """Title, sources (address, date), stacks and facts of a platform. ValueError names a wrong entry."""
    raw = _read("platforms", f"{name}.toml")
    title, sources, stacks = raw.pop("title"), raw.pop("sources"), raw.pop("stacks")
    order = list(sources)
    facts: dict[str, Row] = {}
    for group, entries in raw.items():
        for key, entry in entries.items():
            where = f"{name}.toml: {group}.{key}"
            if group != "sets" and key not in keys().get(group, {}):
                raise ValueError(f"{where} is not in keys.toml")
            facts[f"{group}.{key}"] = _fact(where, entry, order, is_variable=group == "sets")
    facts |= {alias: facts[key] for alias, key in ALIASES.items()}
    _refuse_unused(name, order, {row[1] for row in facts.values()}, {stack["source"] for stack in stacks})
    addresses = [(source["url"], source["date"]) for source in sources.values()]
    return title, addresses, [_stack(stack, sources) for stack in stacks], facts


def plans() -> dict[str, list[Row]]:
    """The rows of `Plan` by platform."""
    raw = _read("plans.toml")
    sources = raw.pop("sources")
    defaults: dict[str, Any] = {"cpus": None, "price": None, "currency": "USD", "period": "month"}
    defaults |= {"verified": True, "retired": False, "note": ""}
    return {
        name: [_row(Plan, defaults | entry | _cited(entry, sources)) for entry in entries]
        for name, entries in raw.items()
    }


def releases() -> list[Row]:
    """The rows of `Release`, oldest first."""
    raw = _read("python.toml")
    source = raw["source"]
    cited = {"source": source["url"], "latest_source": source["latest_url"], "date": source["date"]}
    return [_row(Release, entry | cited) for entry in raw["releases"]]


def _read(*path: str) -> dict[str, Any]:
    import tomllib

    with open(os.path.join(DATA, *path), "rb") as file:
        return tomllib.load(file)


def _fact(where: str, entry: dict[str, Any], sources: list[str], *, is_variable: bool) -> Row:
    """The row of a fact: value, number of its source, and as much of the rest as is not the default."""
    if unknown := set(entry) - _FIELDS:
        raise ValueError(f"{where}: unknown field {sorted(unknown)[0]}")
    if entry["source"] not in sources:
        raise ValueError(f"{where}: no source called {entry['source']}")
    if is_variable and not (entry.get("scope") in _SCOPES and entry.get("mode") in _MODES):
        raise ValueError(f"{where}: needs scope and mode")
    value = tuple(entry["value"]) if isinstance(entry["value"], list) else entry["value"]
    rest = [entry.get("verified", True), *(entry.get(field, "") for field in ("note", "scope", "mode"))]
    while rest and rest[-1] == (True if len(rest) == 1 else ""):
        rest.pop()
    return (value, sources.index(entry["source"]), *rest)


def _stack(entry: dict[str, Any], sources: dict[str, dict[str, str]]) -> Row:
    defaults = {"end_of_support": None, "default": False}
    return _row(Stack, defaults | entry | _cited(entry, sources))


def _cited(entry: dict[str, Any], sources: dict[str, dict[str, str]]) -> dict[str, str]:
    source = sources[entry["source"]]
    return {"source": source["url"], "date": source["date"]}


def _row(kind: type[Stack | Plan | Release], entry: dict[str, Any]) -> Row:
    """The values of an entry in the order of its type's fields; ValueError if one is missing or unknown."""
    if set(entry) != set(kind._fields):
        wrong = ", ".join(sorted(set(entry) ^ set(kind._fields)))
        raise ValueError(f"{kind.__name__} {entry.get('name')}: {wrong} missing or unknown")
    return tuple(entry[field] for field in kind._fields)


def _refuse_unused(name: str, order: list[str], by_facts: set[int], by_stacks: set[str]) -> None:
    if unused := set(order) - {order[number] for number in by_facts} - by_stacks:
        raise ValueError(f"{name}.toml: sources that nothing cites: {', '.join(sorted(unused))}")

"""What is wrong with a configuration: unknown keys, wrong types, rules that are not there; with what was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.settings import ConfigError
from bpopt.settings.options import KEYS
from bpopt.suggest import meant
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Fault(NamedTuple):
    """What is wrong with a configuration, and the path of keys to it."""

    keys: tuple[str | int, ...]
    text: str


def fault(table: dict[str, Any]) -> Fault | None:
    """The first wrong key, type or rule name of a configuration, with what was meant; None if all is well."""
    for key, value in table.items():
        option = KEYS.get(key)
        if option is None:
            return Fault((key,), f"unknown setting {key!r}{meant(key, KEYS)}")
        wrong = misfit(value, option.schema, (key,))
        if wrong is not None:
            return wrong
    for keys, selector in _selectors(table):
        if (said := unknown_rule(selector)) is not None:
            return Fault(keys, said)
    return None


def _selectors(table: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every rule that a configuration names, with where it does."""
    for key in ("select", "ignore", "extend-safe-fixes", "extend-unsafe-fixes"):
        yield from (((key, number), name) for number, name in enumerate(table.get(key, ())))
    yield from ((("severity", name), name) for name in table.get("severity", ()))
    for pattern, names in table.get("per-file-ignores", {}).items():
        yield from ((("per-file-ignores", pattern, number), name) for number, name in enumerate(names))
    for number, item in enumerate(table.get("suppress", ())):
        yield ("suppress", number, "rule"), item["rule"]


def unknown_rule(selector: str) -> str | None:
    """What to say of a selector that stands for no rule, None if it stands for some."""
    from bpopt import rules

    if rules.matching(selector):
        return None
    return f"unknown rule {selector!r}{meant(selector, [*rules.index(), *rules.FAMILIES.values()])}"


def check_selector(selector: str, where: str) -> None:
    """ConfigError if a selector stands for no rule."""
    said = unknown_rule(selector)
    if said is not None:
        raise ConfigError(f"{where}: {said}")


_TYPES = {"string": str, "boolean": bool, "array": list, "object": dict}
_NAMES = {"string": "text", "boolean": "true or false", "array": "a list", "object": "a table"}


def misfit(value: Any, schema: dict[str, Any], keys: tuple[str | int, ...]) -> Fault | None:
    """Why a value does not fit its schema (the few forms that OPTIONS uses), None if it does."""
    if "enum" in schema:
        known = value in schema["enum"]
        listed = ", ".join(schema["enum"])
        return None if known else Fault(keys, f"{_dotted(keys)} must be one of {listed}, not {value!r}")
    wanted: Any = _TYPES[schema["type"]]
    if not isinstance(value, wanted):
        return Fault(keys, f"{_dotted(keys)} must be {_NAMES[schema['type']]}, not {value!r}")
    if len(value) < schema.get("minLength", 0) if isinstance(value, str) else False:
        return Fault(keys, f"{_dotted(keys)} must not be empty")
    if schema["type"] == "array" and "items" in schema:
        problems = (misfit(item, schema["items"], (*keys, i)) for i, item in enumerate(value))
        return next((p for p in problems if p), None)
    return _misfit_table(value, schema, keys) if schema["type"] == "object" else None


def _dotted(keys: tuple[str | int, ...]) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)[1:]


def _misfit_table(value: dict[str, Any], schema: dict[str, Any], keys: tuple[str | int, ...]) -> Fault | None:
    properties, extra = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key in schema.get("required", ()):
        if key not in value:
            return Fault(keys, f"{_dotted(keys)} needs {key!r}")
    for key, item in value.items():
        if key not in properties and extra is False:
            return Fault((*keys, key), f"{_dotted(keys)} has an unknown key {key!r}{meant(key, properties)}")
        wanted = properties.get(key, extra)
        problem = misfit(item, wanted, (*keys, key)) if isinstance(wanted, dict) else None
        if problem:
            return problem
    return None

"""The table of all settings: what each may be, its default and what it does; and the schema made from it."""

from __future__ import annotations

from typing import Any

from bpopt.values import NamedTuple


class Option(NamedTuple):
    """One setting: its key, the JSON schema of its value, its default and what it does."""

    key: str
    schema: dict[str, Any]
    default: Any
    help: str


_STRINGS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_SELECTORS: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string"},
    "description": "codes, names, code prefixes, families or ALL",
}
_SUPPRESS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["rule", "reason"],
        "additionalProperties": False,
        "properties": {
            "rule": {"type": "string"},
            "reason": {"type": "string", "minLength": 1},
            "path": {"type": "string"},
            "contains": {"type": "string"},
        },
    },
}
_SEVERITY: dict[str, Any] = {"type": "object", "additionalProperties": {"enum": ["error", "warning", "info"]}}

OPTIONS = (
    Option("select", _SELECTORS, ["ALL"], "Rules to run."),
    Option("ignore", _SELECTORS, [], "Rules not to run; stronger than select."),
    Option(
        "per-file-ignores",
        {"type": "object", "additionalProperties": _STRINGS},
        {},
        "Rules not to run on files, by pattern.",
    ),
    Option("severity", _SEVERITY, {}, "Severity of a rule, by code or name, in place of its own."),
    Option("platform", _STRINGS, [], "Where the app is deployed; found from its files if not given."),
    Option("stack", {"type": "string"}, None, "The stack, such as heroku-24."),
    Option("plan", {"type": "string"}, None, "The plan or instance size, such as standard-1x."),
    Option("exclude", _STRINGS, [], "Folders to leave out, as a .gitignore beside this file would."),
    Option("respect-gitignore", {"type": "boolean"}, True, "Leave out what .gitignore leaves out."),
    Option("unsafe-fixes", {"type": "boolean"}, False, "Apply unsafe fixes too, as --unsafe does."),
    Option("extend-safe-fixes", _SELECTORS, [], "Rules whose unsafe fixes count as safe."),
    Option("extend-unsafe-fixes", _SELECTORS, [], "Rules whose safe fixes count as unsafe."),
    Option(
        "baseline",
        {"type": "string"},
        None,
        "A file of known findings that do not count, relative to this file.",
    ),
    Option(
        "suppress", _SUPPRESS, [], "Findings to silence where the format has no comments; each with a reason."
    ),
    Option("verify", {"type": "object"}, {}, "What bpopt verify runs; see its own page."),
)
KEYS = {option.key: option for option in OPTIONS}


def schema() -> dict[str, Any]:
    """The JSON schema of the configuration, generated from OPTIONS."""
    properties = {o.key: {**o.schema, "description": o.help, "default": o.default} for o in OPTIONS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://github.com/bpopt/bpopt/blob/main/docs/schema/config.schema.json",
        "title": "bpopt configuration",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }

"""Settings: built once from defaults, the closest configuration file and the command line, then never changed.

`[tool.bpopt]` of a pyproject.toml or a bpopt.toml is read, whichever is closest to the app (bpopt.toml first
in the same folder); files are not merged. An unknown key is an error that says what was meant.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from bpopt.suggest import meant
from bpopt.text import Source
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.finding import Safety, Severity
    from bpopt.rules import Entry

FILE_NAMES = ("bpopt.toml", "pyproject.toml")


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
    Option("exclude", _STRINGS, [], "Folders and files to leave out, as patterns of .gitignore."),
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


class ConfigError(Exception):
    """The configuration or the command line asks for something bpopt does not have; shown without a traceback."""


class Suppression(NamedTuple):
    """One entry of the `suppress` table; `path` and `contains` are empty where not given."""

    rule: str
    reason: str
    path: str
    contains: str
    number: int


class Settings:
    """All settings of one run for one app; `origins` says of each key where its value came from."""

    def __init__(
        self, values: dict[str, Any], origins: dict[str, str], source: Source | None = None, folder: str = ""
    ) -> None:
        self.values = {option.key: values.get(option.key, option.default) for option in OPTIONS}
        self.origins = {option.key: origins.get(option.key, "default") for option in OPTIONS}
        self.source = source
        self.folder = folder

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def selects(self, entry: Entry) -> bool:
        """Whether a rule is to run: the most specific selector wins, ignore over select."""
        return _strength(entry, self["select"]) > _strength(entry, self["ignore"])

    @cached_property
    def rules_by_kind(self) -> dict[str, tuple[Entry, ...]]:
        """The rules to run, by the kind of what they look at."""
        from bpopt import rules

        return {kind: tuple(filter(self.selects, entries)) for kind, entries in rules.by_kind().items()}

    def severity_of(self, code: str, name: str) -> Severity | None:
        """The user's severity for a rule, None if there is none."""
        overrides: dict[str, str] = self["severity"]
        value = overrides.get(code) or overrides.get(name)
        if value is None:
            return None
        from bpopt.finding import Severity

        return Severity(value)

    def safety_of(self, code: str, safety: Safety) -> Safety:
        """The safety of a fix after the user's promotions and demotions; advice stays advice."""
        from bpopt import rules
        from bpopt.finding import Safety

        entry = rules.index().get(code)
        if safety is Safety.DISPLAY or entry is None:
            return safety
        if _strength(entry, self["extend-safe-fixes"]) > 0:
            return Safety.SAFE
        return Safety.UNSAFE if _strength(entry, self["extend-unsafe-fixes"]) > 0 else safety

    def ignores_path(self, path: str, code: str, name: str) -> bool:
        """Whether `per-file-ignores` silences a rule on a file (path relative to the app)."""
        table = self["per-file-ignores"]
        if not table:
            return False
        from bpopt import rules

        entry = rules.index()[code]
        return any(
            _matches(pattern, path) and _strength(entry, selectors) for pattern, selectors in table.items()
        )

    @property
    def suppressions(self) -> tuple[Suppression, ...]:
        """The `suppress` table."""
        return tuple(
            Suppression(item["rule"], item["reason"], item.get("path", ""), item.get("contains", ""), number)
            for number, item in enumerate(self["suppress"])
        )


def _strength(entry: Entry, selectors: list[str]) -> int:
    """How specifically any of the selectors names a rule: 0 not at all, 1 ALL, 2 family or prefix, more itself."""
    best = 0
    for selector in selectors:
        if selector in (entry.code, entry.name):
            return 100
        if selector == "ALL":
            best = max(best, 1)
        elif selector == entry.family or (len(selector) > 1 and entry.code.startswith(selector)):
            best = max(best, 1 + len(selector) if selector != entry.family else 4)
    return best


def _matches(pattern: str, path: str) -> bool:
    from pathspec import PathSpec

    return PathSpec.from_lines("gitignore", [pattern]).match_file(path)


def defaults(**values: Any) -> Settings:
    """The default settings with some values in their place (keys with `_` for `-`)."""
    return Settings({key.replace("_", "-"): value for key, value in values.items()}, {})


def load(path: str) -> Settings | None:
    """The settings in one configuration file, None if a pyproject.toml has no `[tool.bpopt]`."""
    from os.path import basename, dirname

    with open(path, "rb") as file:
        raw = file.read()
    if basename(path) == "pyproject.toml" and b"tool.bpopt" not in raw:
        return None
    source = Source(path, raw)
    table = _table(source, basename(path))
    if table is None:
        return None
    validate(table, path)
    return Settings(table, dict.fromkeys(table, path), source, dirname(path))


def _table(source: Source, name: str) -> dict[str, Any] | None:
    import tomli

    try:
        data = tomli.loads(source.text.replace("\r\n", "\n"))
    except (tomli.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{source.path}: not valid TOML: {error}") from None
    if name == "pyproject.toml":
        data = data.get("tool", {}).get("bpopt")
    if not isinstance(data, dict | None):
        raise ConfigError(f"{source.path}: [tool.bpopt] must be a table")
    return data


def validate(table: dict[str, Any], where: str) -> None:
    """Check keys, types and rule names of a configuration; ConfigError says what was meant."""
    for key, value in table.items():
        option = KEYS.get(key)
        if option is None:
            raise ConfigError(f"{where}: unknown setting {key!r}{meant(key, KEYS)}")
        problem = misfit(value, option.schema, key)
        if problem:
            raise ConfigError(f"{where}: {problem}")
    named = [*table.get("select", []), *table.get("ignore", []), *table.get("severity", {})]
    named += table.get("extend-safe-fixes", []) + table.get("extend-unsafe-fixes", [])
    named += [rule for selectors in table.get("per-file-ignores", {}).values() for rule in selectors]
    named += [item["rule"] for item in table.get("suppress", [])]
    for selector in named:
        check_selector(selector, where)


def check_selector(selector: str, where: str) -> None:
    """ConfigError if a selector stands for no rule."""
    from bpopt import rules

    if not rules.matching(selector):
        raise ConfigError(
            f"{where}: unknown rule {selector!r}{meant(selector, [*rules.index(), *rules.FAMILIES.values()])}"
        )


_TYPES = {"string": str, "boolean": bool, "array": list, "object": dict}


def misfit(value: Any, schema: dict[str, Any], where: str) -> str | None:
    """Why a value does not fit its schema (the few forms that OPTIONS uses), None if it does."""
    if "enum" in schema:
        return (
            None
            if value in schema["enum"]
            else f"{where} must be one of {', '.join(schema['enum'])}, not {value!r}"
        )
    wanted: Any = _TYPES[schema["type"]]
    if not isinstance(value, wanted):
        return f"{where} must be of type {schema['type']}, not {type(value).__name__}"
    if schema["type"] == "array" and "items" in schema:
        problems = (misfit(item, schema["items"], f"{where}[{i}]") for i, item in enumerate(value))
        return next((p for p in problems if p), None)
    return _misfit_table(value, schema, where) if schema["type"] == "object" else None


def _misfit_table(value: dict[str, Any], schema: dict[str, Any], where: str) -> str | None:
    properties, extra = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key in schema.get("required", ()):
        if key not in value:
            return f"{where} needs {key!r}"
    for key, item in value.items():
        if key not in properties and extra is False:
            return f"{where} has an unknown key {key!r}{meant(key, properties)}"
        wanted = properties.get(key, extra)
        problem = misfit(item, wanted, f"{where}.{key}") if isinstance(wanted, dict) else None
        if problem:
            return problem
    return None


def schema() -> dict[str, Any]:
    """The JSON schema of the configuration, generated from OPTIONS."""
    properties = {o.key: {**o.schema, "description": o.help, "default": o.default} for o in OPTIONS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bpopt configuration",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }

"""Settings: built once from defaults, the closest configuration file and the command line, then never changed.

`[tool.bpopt]` of a pyproject.toml or a bpopt.toml is read, whichever is closest to the app (bpopt.toml first
in the same folder); files are not merged. An unknown key is an error that says what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.suggest import meant
from bpopt.text import Source, Span, unreadable
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.finding import Safety, Severity
    from bpopt.rules import Asked, Entry

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


class ConfigError(Exception):
    """The configuration or the command line asks for something bpopt does not have; shown without a traceback."""


class Suppression(NamedTuple):
    """One entry of the `suppress` table; `path` and `contains` are empty where not given."""

    rule: str
    reason: str
    path: str
    contains: str
    number: int

    def names(self, path: str, whole: str, folder: str) -> bool:
        """Whether `path` names a file: as its app sees it (`path`), or from the configuration's folder."""
        if not self.path:
            return True
        from fnmatch import fnmatchcase
        from posixpath import relpath

        return any(fnmatchcase(seen, self.path) for seen in (path, relpath(whole, folder or ".")))


class Settings:
    """All settings of one run for one app; `origins` says of each key where its value came from."""

    def __init__(
        self, values: dict[str, Any], origins: dict[str, str], source: Source | None = None, folder: str = ""
    ) -> None:
        self.values = {option.key: values.get(option.key, option.default) for option in OPTIONS}
        self.origins = {option.key: origins.get(option.key, "default") for option in OPTIONS}
        self.source = source
        self.folder = folder
        self._asked: dict[frozenset[str], dict[str, Asked]] = {}

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def selects(self, entry: Entry) -> bool:
        """Whether a rule is to run: the most specific selector wins, ignore over select."""
        return _strength(entry, self["select"]) > _strength(entry, self["ignore"])

    def asked(self, platforms: frozenset[str]) -> dict[str, Asked]:
        """The rules to ask for an app on these platforms, by the kind of what they look at; reckoned once."""
        found = self._asked.get(platforms)
        if found is None:
            from bpopt import rules

            found = self._asked[platforms] = rules.asked(filter(self.selects, rules.REGISTRY), platforms)
        return found

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

    def ignores_path(self, paths: tuple[str, str], code: str, name: str) -> bool:
        """Whether `per-file-ignores` silences a rule on a file: its path in the app, and from the working directory."""
        table = self["per-file-ignores"]
        if not table:
            return False
        from posixpath import relpath

        from bpopt import rules

        entry = rules.index()[code]
        seen = (paths[0], relpath(paths[1], self.folder or "."))
        return any(
            _strength(entry, selectors) and _matches(pattern, path)
            for pattern, selectors in table.items()
            for path in seen
        )

    def place(self, *keys: str | int) -> Span:
        """Where a key (or an item of a list) stands in the configuration file."""
        return place(self.source, keys) if self.source is not None else Span(0, 0)

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

    try:
        with open(path, "rb") as file:
            raw = file.read()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    if basename(path) == "pyproject.toml" and b"bpopt" not in raw:
        return None
    source = Source(path, raw)
    table = _table(source, basename(path))
    if table is None:
        return None
    wrong = fault(table)
    if wrong is not None:
        raise ConfigError(f"{_shown(source, place(source, wrong.keys))}: {wrong.text}")
    return Settings(table, dict.fromkeys(table, path), source, dirname(path))


def _shown(source: Source, span: Span) -> str:
    at = source.position(span.start)
    return f"{source.path}:{at.line}:{at.column}"


def place(source: Source, keys: tuple[str | int, ...]) -> Span:
    """Where the value at a path of keys stands in a configuration file: its key, or the item of a list."""
    from bpopt.documents import toml_tree

    root = toml_tree.parse(source).root
    full = (*(("tool", "bpopt") if source.path.endswith("pyproject.toml") else ()), *keys)
    while root is not None and full:
        node, entry = root.get(*full), root.entry(*full)
        if entry is not None:
            return entry.key_span
        if node is not None:
            return node.span
        full = full[:-1]
    return Span(0, 0)


def _table(source: Source, name: str) -> dict[str, Any] | None:
    import tomli

    try:
        data: Any = tomli.loads(source.text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(_no_toml(source, error)) from None
    if name == "pyproject.toml":
        tool = data.get("tool", {})
        data = tool.get("bpopt") if isinstance(tool, dict) else None
    if not isinstance(data, dict | None):
        raise ConfigError(f"{source.path}: [tool.bpopt] must be a table")
    return data


def _no_toml(source: Source, error: Exception) -> str:
    """What is wrong with a file that is no TOML, and where."""
    from bpopt.documents import toml_tree

    reason = unreadable(source.raw)
    if reason is not None:
        return f"{source.path}: {reason}"
    problem = next(iter(toml_tree.parse(source).problems), None)
    if problem is None:
        return f"{source.path}: not valid TOML: {error}"
    return f"{_shown(source, problem.span)}: not valid TOML: {problem.message}"


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

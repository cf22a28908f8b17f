"""Settings: built once from defaults, the closest configuration file and the command line, then never changed.

`[tool.bpopt]` of a pyproject.toml or a bpopt.toml is read, whichever is closest to the app (bpopt.toml first
in the same folder); files are not merged. An unknown key is an error that says what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.settings.options import OPTIONS
from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.finding import Safety, Severity
    from bpopt.rules import Asked, Entry
    from bpopt.text import Source

FILE_NAMES = ("bpopt.toml", "pyproject.toml")


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
        if self.source is None:
            return Span(0, 0)
        from bpopt.settings.load import place

        return place(self.source, keys)

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

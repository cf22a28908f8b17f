"""Reading a configuration file, and saying where in it something stands."""

from __future__ import annotations

from typing import Any

from bpopt.settings import ConfigError, Settings
from bpopt.settings.faults import fault
from bpopt.text import Source, Span, unreadable


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

"""What an app installs from pyproject.toml beside uv.lock or poetry.lock: what it asks for itself, as requirements.

The platforms run `uv sync --locked --no-default-groups` and `poetry sync --only main`: groups and extras are not
installed, so only the dependencies that pyproject.toml names itself are certain. The lock tells their versions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.documents.requirement_line import Logical, Requirement, normalised, read_requirement
from bpopt.documents.requirements import Requirements
from bpopt.documents.tree import Problem
from bpopt.patterns import Pattern
from bpopt.text import Line, Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.tree import Node, Tree
    from bpopt.text import Source

_TOOLS = {"uv.lock": "uv", "poetry.lock": "poetry"}
_ALL = ("requirements.txt", "Pipfile.lock", *_TOOLS)
# Both tools write each package so. Reading a lock as TOML takes a second a megabyte, this some milliseconds.
_PACKAGE = Pattern(r'^\[\[package\]\]\r?\nname = "([^"\r\n]+)"\r?\nversion = "([^"\r\n]+)"', re.M)


class Locked(NamedTuple):
    """The direct dependencies that stand in pyproject.toml and in the lock.

    `document` holds them, `versions` are those of every package of the lock by its normalised name (of groups and
    other systems, too), `tool` is the command that writes the lock, `on` the targets that certainly install from it.
    """

    document: Requirements
    versions: Mapping[str, str]
    tool: str
    on: tuple[Target, ...]


def find(app: App) -> Locked | None:
    """What a lock installs, None unless one lock is all that a target can install from."""
    present = [name for name in _ALL if app.has(name)]
    if len(present) != 1 or present[0] not in _TOOLS:
        return None
    on = app.where(lambda target: _reads(target, present[0]))
    lock, tree = app.source(present[0]), app.first("pyproject")
    if not on or lock is None or tree is None or tree.root is None:
        return None
    versions = {normalised(name): version for name, version in _PACKAGE.findall(lock.text)}
    tool = _TOOLS[present[0]]
    direct = tuple(entry for entry in _direct(tree, tool) if entry.name in versions)
    return Locked(Requirements(tree.source, direct, (), (), ()), versions, tool, on)


def _reads(target: Target, lock: str) -> bool:
    fact = target.platform.fact("python.package_files")
    return fact is not None and fact.verified and isinstance(fact.value, tuple | list) and lock in fact.value


def _direct(tree: Tree, tool: str) -> Iterator[Requirement]:
    assert tree.root is not None
    own = tree.root.get("tool", "poetry", "dependencies") if tool == "poetry" else None
    entries = own.entries if own is not None and own.kind == "map" else []
    listed = tree.root.get("project", "dependencies")
    for item in listed.items if listed is not None and listed.kind == "list" else []:
        entry = _written(item, tree.source)
        if entry is not None and not any(normalised(other.key) == entry.name for other in entries):
            yield entry
    for other in entries:
        if isinstance(other.value.value, str):  # a table may say for which system, or only with which extra
            yield _key(other.key, other.key_span, tree.source)


def _written(item: Node, source: Source) -> Requirement | None:
    """One text of `[project] dependencies`, where it stands there as it is meant."""
    text, start = item.value, item.span.start + 1
    if not isinstance(text, str) or source.text[start : item.span.end - 1] != text:
        return None
    entry = read_requirement(Logical(text, start, _line(source, start)), 0)
    return None if isinstance(entry, Problem) or entry.url else entry


def _key(name: str, span: Span, source: Source) -> Requirement:
    line = _line(source, span.start)
    return Requirement(normalised(name), name, span, (), "", span, "", "", False, (), span, line)


def _line(source: Source, at: int) -> Line:
    return source.lines[source.position(at).line - 1]

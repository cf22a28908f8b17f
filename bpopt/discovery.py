"""Which apps to look at: one walk over the given folders, and for a given file the app that it belongs to.

A given folder is an app if it holds any file that bpopt reads; a folder below it only if one of the marker
files says so (a monorepo). Folders that .gitignore leaves out are no apps, nor are environments and caches.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bpopt.documents.kinds import FOLDERS, MARKERS, kind_of
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PRUNED = frozenset(
    {
        "node_modules",
        "__pycache__",
        "venv",
        "env",
        "site-packages",
        "bower_components",
        "vendor",
        "__pypackages__",
    }
)


class Place(NamedTuple):
    """The folder of an app, its files at the top and in the folders whose files have kinds, and all its folders."""

    root: str
    names: tuple[str, ...]
    folders: tuple[str, ...]


class NotThere(Exception):
    """A path that was given does not exist."""


def places(paths: Iterable[str], exclude: Iterable[str] = (), gitignore: bool = True) -> Iterator[Place]:
    """Every app among the paths, each once, in order. NotThere for a path that does not exist."""
    seen: set[str] = set()
    left_out = Ignored(list(exclude), gitignore)
    for path in paths:
        if os.path.isdir(path):
            found = _walk(os.path.normpath(path), left_out)
        elif os.path.lexists(path):
            found = iter((_of_file(path),))
        else:
            raise NotThere(path)
        for place in found:
            real = os.path.realpath(place.root)
            if real not in seen:
                seen.add(real)
                yield place


def _of_file(path: str) -> Place:
    """The app that a file belongs to: its folder, or the one above for `.do/app.yaml`."""
    folder = os.path.dirname(path) or "."
    if os.path.basename(os.path.normpath(folder)) in FOLDERS:
        folder = os.path.dirname(os.path.normpath(folder)) or "."
    names, folders = _list(folder)
    return Place(folder, _with_folders(folder, names, folders), tuple(folders))


def _walk(top: str, left_out: Ignored) -> Iterator[Place]:
    stack = [top]
    while stack:
        folder = stack.pop()
        names, folders = _list(folder)
        if folder != top and "pyvenv.cfg" in names:
            continue
        own = _with_folders(folder, names, folders)
        if _is_app(own, folder == top) and (folder == top or not left_out.covers(top, folder)):
            yield Place(folder, own, tuple(folders))
        below = [f for f in folders if not f.startswith(".") and f not in PRUNED]
        stack.extend(f"{folder}/{name}" if folder != "." else name for name in reversed(below))


def _is_app(names: tuple[str, ...], given: bool) -> bool:
    if not MARKERS.isdisjoint(names):
        return True
    return given and any(kind_of(name) not in (None, "pyproject") for name in names)


def _list(folder: str) -> tuple[list[str], list[str]]:
    """Files and folders in a folder, sorted; links to folders count as files, so that no walk runs in circles."""
    names: list[str] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                (folders if entry.is_dir(follow_symlinks=False) else names).append(entry.name)
    except OSError:
        return [], []
    names.sort()
    folders.sort()
    return names, folders


def _with_folders(folder: str, names: list[str], folders: list[str]) -> tuple[str, ...]:
    own = list(names)
    for name in FOLDERS:
        if name in folders:
            own += [f"{name}/{inner}" for inner in _list(f"{folder}/{name}")[0]]
    return tuple(own)


class Ignored:
    """What .gitignore files and the `exclude` setting leave out; asked only for folders that could be apps."""

    def __init__(self, exclude: list[str], gitignore: bool) -> None:
        self.exclude = exclude
        self.gitignore = gitignore
        self._specs: dict[str, object] = {}

    def covers(self, top: str, folder: str) -> bool:
        """Whether a folder below `top` is left out, by any .gitignore between them or by `exclude`."""
        relative = os.path.relpath(folder, top).replace(os.sep, "/")
        if self.exclude and self._match(("exclude",), self.exclude, relative):
            return True
        if not self.gitignore:
            return False
        parts = relative.split("/")
        for depth in range(len(parts)):
            above = os.path.join(top, *parts[:depth])
            lines = self._lines(above)
            if lines and self._match((above,), lines, "/".join(parts[depth:])):
                return True
        return False

    def _lines(self, folder: str) -> list[str]:
        try:
            with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
                return file.read().splitlines()
        except OSError:
            return []

    def _match(self, key: tuple[str, ...], lines: list[str], path: str) -> bool:
        from pathspec import GitIgnoreSpec

        name = "/".join(key)
        spec = self._specs.get(name)
        if spec is None:
            spec = self._specs[name] = compile_patterns(lines)
        assert isinstance(spec, GitIgnoreSpec)
        return spec.match_file(f"{path}/") or spec.match_file(f"{path}/x")


def compile_patterns(lines: list[str]) -> object:
    """A .gitignore matcher of the lines; a line that is no pattern is left out."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        good = [line for line in lines if _compiles(line)]
        return GitIgnoreSpec.from_lines(good)


def _compiles(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True

"""Which apps to look at: one walk over the given folders, and for a given file the app that it belongs to.

A given folder is an app if it holds any file that bpopt reads; a folder below it only if one of the marker
files says so (a monorepo). Folders that .gitignore leaves out are no apps, nor are environments and caches.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bpopt.documents.kinds import FOLDERS, MARKERS, PATHS, kind_of
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pathspec import GitIgnoreSpec

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
_MISPLACED = frozenset(PATHS)  # a folder of such a name stands where a file should, and is told of
LONGEST = 4096  # characters of a path, on Linux (PATH_MAX); a longer pattern fits none


class Place(NamedTuple):
    """The folder of an app, its files at the top and in the folders whose files have kinds, and all its folders."""

    root: str
    names: tuple[str, ...]
    folders: tuple[str, ...]


class NotThere(Exception):
    """A path that was given does not exist."""


class Excluded(NamedTuple):
    """Patterns of an `exclude` setting, and the folder that they are relative to."""

    folder: str
    patterns: tuple[str, ...]


def places(paths: Iterable[str], left_out: Callable[[str], Ignored] | None = None) -> Iterator[Place]:
    """Every app among the paths, each once, in order. NotThere for a path that does not exist.

    `left_out` says of a given folder (or that of a given file) what is not to be looked at below it. A folder
    that is given itself is always looked at; a file that is given only if `exclude` does not name its app.
    """
    seen: set[str] = set()
    nothing = Ignored((), True)
    paths = tuple(paths)
    for path in paths:
        if os.path.isdir(path):
            top = os.path.normpath(path)
            found = _walk(top, left_out(top) if left_out else nothing)
        elif os.path.lexists(path):
            place = _of_file(path)
            found = iter(() if left_out and left_out(place.root).excludes(place.root) else (place,))
        else:
            raise NotThere(path)
        for place in found:
            # One walk comes to no folder twice; several paths may.
            real = os.path.realpath(place.root) if len(paths) > 1 else place.root
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
    stack = [(top, ABOVE)]
    while stack:
        folder, chain = stack.pop()
        names, folders = _list(folder)
        if folder != top and "pyvenv.cfg" in names:
            continue
        if ".git" in folders or ".git" in names:
            chain = ()
        if ".gitignore" in names:
            chain = (*chain, folder)
        own = _with_folders(folder, names, folders)
        if _is_app(own, folder == top) and (folder == top or not left_out.covers(top, folder, own, chain)):
            yield Place(folder, own, tuple(folders))
        below = [f for f in folders if not f.startswith(".") and f not in PRUNED]
        stack.extend((f"{folder}/{name}" if folder != "." else name, chain) for name in reversed(below))


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
    own = [*names, *_MISPLACED.intersection(folders)]
    for name in FOLDERS:
        if name in folders:
            own += [f"{name}/{inner}" for inner in _list(f"{folder}/{name}")[0]]
    return tuple(own)


# The folders with a .gitignore that speaks of what is in a folder, outermost first; "" stands for all those
# above the folder that the walk began in, up to its repository. A repository in a repository knows none above.
Chain = tuple[str, ...]
ABOVE: Chain = ("",)
_Specs = list[tuple[str, "GitIgnoreSpec"]]


class Ignored:
    """What .gitignore files and the `exclude` settings leave out; asked only for folders that could be apps."""

    def __init__(self, exclude: Iterable[Excluded] = (), gitignore: bool = True) -> None:
        self.exclude = [(one.folder, compile_patterns(list(one.patterns))) for one in exclude if one.patterns]
        self.gitignore = gitignore
        self._read: dict[str, _Specs] = {}

    def excludes(self, folder: str) -> bool:
        """Whether an `exclude` setting names the folder or one above it."""
        path = os.path.abspath(folder)
        return any(spec.match_file(f"{os.path.relpath(path, base or '.')}/") for base, spec in self.exclude)

    def covers(self, top: str, folder: str, names: Iterable[str], chain: Chain) -> bool:
        """Whether an app's folder below `top` is left out, or git ignores every file that makes it an app."""
        if self.exclude and self.excludes(folder):
            return True
        specs = [spec for one in chain for spec in self._specs(top, one)] if self.gitignore else []
        if not specs:
            return False
        path, base = os.path.abspath(folder), os.path.abspath(top)
        steps = path[len(base.rstrip("/")) + 1 :].split("/")
        ways = ("/".join([base.rstrip("/"), *steps[: n + 1], ""]) for n in range(len(steps)))
        if any(_says(specs, way) for way in ways):  # in an ignored folder nothing can come back
            return True
        return all(_says(specs, f"{path}/{name}") for name in names if name in MARKERS)

    def _specs(self, top: str, folder: str) -> _Specs:
        key = folder or f"above {top}"
        if key not in self._read:
            if len(self._read) > 1000:  # not to grow with the tree
                self._read.clear()
            self._read[key] = _read_ignore(os.path.abspath(folder)) if folder else _ignores_above(top)
        return self._read[key]


def _ignores_above(top: str) -> _Specs:
    """The .gitignore files above a folder, up to that of its repository.

    None if it is in no repository, or if git ignores the folder itself: who names it wants to know.
    """
    found: _Specs = []
    folder = start = os.path.abspath(top)
    while (above := os.path.dirname(folder)) != folder:
        folder = above
        found = _read_ignore(folder) + found
        if os.path.lexists(f"{folder}/.git"):
            return [] if _says(found, f"{start}/") else found
    return []


def _read_ignore(folder: str) -> _Specs:
    try:
        with open(f"{folder}/.gitignore", encoding="utf-8", errors="replace") as file:
            return [(folder.rstrip("/"), compile_patterns(file.read().splitlines()))]
    except OSError:
        return []


def _says(specs: _Specs, path: str) -> bool:
    """What the last pattern that fits a path says of it; the deepest file has the last word."""
    for folder, spec in reversed(specs):
        if path.startswith(f"{folder}/") and path != f"{folder}/":
            include = spec.check_file(path[len(folder) + 1 :]).include
            if include is not None:
                return include
    return False


def compile_patterns(lines: list[str]) -> GitIgnoreSpec:
    """A .gitignore matcher of the lines; a line that is no pattern is left out."""
    from pathspec import GitIgnoreSpec

    lines = [line for line in lines if len(line) <= LONGEST]
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

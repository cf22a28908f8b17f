"""Which files of an app a push carries: those in git's index, or else those that no .gitignore leaves out."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from bpopt.app.index import tracked
from bpopt.app.once import once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bpopt.app import App

_CACHES = frozenset({".ruff_cache", ".pytest_cache", ".mypy_cache", ".hypothesis", ".coverage", ".DS_Store"})
MOST = 20_000  # files of an app that are looked at


@once
def walked(app: App) -> tuple[tuple[str, int], ...]:
    """The files (path, bytes) of the app in order, looked for once; environments left out, and what is beyond MOST."""
    return tuple(islice(app.files.walk(), MOST))


@once
def names(app: App) -> str:
    """The paths of these files, one a line, to look for parts of them in: most apps have none of what is looked for."""
    return "\n".join([path for path, _ in walked(app)])


@once
def files(app: App) -> tuple[tuple[str, int], ...]:
    """The files (path, bytes) that a push carries, in order; environments and caches left out."""
    found = [(path, size) for path, size in walked(app) if _CACHES.isdisjoint(path.split("/"))]
    kept = set(only_pushed(app, [path for path, _ in found]))
    return tuple((path, size) for path, size in found if path in kept)


def only_pushed(app: App, paths: list[str]) -> list[str]:
    """Those of the paths that a push carries."""
    listed = tracked(app)
    if listed is not None:
        return [path for path in paths if path in listed]
    for folder, lines in _gitignores(app, paths):
        paths = list(_kept(paths, folder, lines))
    return paths


def left_out(app: App, name: str) -> bool:
    """Whether git keeps a file at the top of the app from being pushed: named in .gitignore, not in the index.

    Only lines that can mean the name are looked at: the rest of a .gitignore is costly to compile.
    """
    lines = (
        [line for line in _lines(app, ".gitignore") or () if _may_mean(line, name)]
        if app.has(".gitignore")
        else ()
    )
    if not lines:
        return False
    listed = tracked(app)
    return (listed is None or name not in listed) and _matcher(list(lines))(name)


def leaves_out(line: str, name: str) -> bool:
    """Whether one line of a .gitignore leaves out a file at the top of the app."""
    return _may_mean(line, name) and not line.startswith("!") and _matcher([line])(name)


def _may_mean(line: str, name: str) -> bool:
    text = line.strip().lstrip("!").strip("/")
    wild = [at for at, char in enumerate(text) if char in "*?[]\\"]
    if not wild:
        return text == name
    return name.startswith(text[: wild[0]]) and name.endswith(text[wild[-1] + 1 :].lstrip("/"))


def _gitignores(app: App, paths: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """(folder with a slash at its end, lines) of each .gitignore in the app; nothing outside it is read."""
    for path in sorted({".gitignore", *(p for p in paths if p.endswith("/.gitignore"))}):
        if (lines := _lines(app, path)) is not None:
            yield path.removesuffix(".gitignore"), lines


def _lines(app: App, path: str) -> list[str] | None:
    source = app.source(path)
    return None if source is None else source.raw.decode("utf-8", "replace").splitlines()


def _kept(paths: Iterable[str], folder: str, lines: list[str]) -> Iterator[str]:
    left_out = _matcher([line for line in lines if line.strip() and not line.startswith("#")])
    for path in paths:
        if not path.startswith(folder) or not left_out(path[len(folder) :]):
            yield path


def _matcher(lines: list[str]) -> Callable[[str], bool]:
    """Whether a .gitignore of these lines leaves a path out.

    Most lines are names or `*.ext`, which need no pattern library: importing one takes longer than most runs. It is
    asked only of paths that such lines do not leave out already; where a line takes others back, of all.
    """
    plain = [line.rstrip() for line in lines if _is_plain(line)]
    if any(line.startswith("!") for line in lines):
        plain = []
    elif len(plain) == len(lines):
        return lambda path: any(_named(line, path) for line in plain)

    @cache
    def match() -> Callable[[str], bool]:
        from pathspec import GitIgnoreSpec

        try:
            return GitIgnoreSpec.from_lines(lines).match_file
        except ValueError:
            return lambda path: False

    return lambda path: any(_named(line, path) for line in plain) or match()(path)


def _is_plain(line: str) -> bool:
    """Whether a line is a name, a path or `*.ext`."""
    bare = line[1:] if line.startswith("*") and "/" not in line else line
    return line.rstrip() == "*" or (bool(bare.strip()) and not any(char in bare for char in "*?[\\!"))


def _named(line: str, path: str) -> bool:
    """Whether a plain line leaves a file out: by a folder on its way, or by itself."""
    name = line.strip("/")
    if line.startswith("*"):
        return any(part.endswith(line[1:]) for part in path.split("/"))
    if "/" in line.rstrip("/"):
        return path.startswith(f"{name}/") or (path == name and not line.endswith("/"))
    *folders, last = path.split("/")
    return name in folders or (last == name and not line.endswith("/"))

"""The files of an app as the rest of bpopt sees them: on disk, in memory, or disk with changes on top."""

from __future__ import annotations

import os
from itertools import chain, islice
from operator import attrgetter
from stat import S_ISDIR, S_ISFIFO, S_ISREG
from typing import TYPE_CHECKING, Protocol

from bpopt.documents.kinds import FOLDERS, LARGEST, largest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
KEPT = 20_000  # files of an app that are remembered, for several rules go through all of them
_PRUNED = frozenset({".git", "node_modules", "__pycache__", ".venv", "venv", ".tox", ".hg", ".svn"})


class Files(Protocol):
    """Read access to an app's files; paths are relative to the app, with `/`."""

    def names(self) -> Iterable[str]:
        """The files at the top of the app, and in the folders whose files have kinds."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, None if there is none (or it is no regular file, or larger than 4 MB)."""

    def trouble(self, path: str) -> str:
        """Why a file that is there cannot be read, as the end of a sentence."""

    def exists(self, path: str) -> bool:
        """Whether there is a file or folder at the path."""

    def walk(self) -> Iterator[tuple[str, int]]:
        """Every file below the app with its size in bytes; version control and environments left out."""


class DiskFiles:
    """The files in a folder.

    `listed` are the names that a walk has seen already, `folders` those of the folders at the top: they spare a
    second look, and most questions of what exists.
    """

    def __init__(
        self, root: str, listed: Iterable[str] | None = None, folders: Iterable[str] | None = None
    ) -> None:
        self.root = root
        self._names = None if listed is None else tuple(listed)
        self._walked: list[tuple[str, int]] | None = None
        self._top = None if listed is None or folders is None else {*listed, *folders, "..", "."}

    def names(self) -> Iterable[str]:
        if self._names is None:
            self._names = tuple(self._list())
        return self._names

    def _list(self) -> Iterator[str]:
        for folder in ("", *FOLDERS):
            yield from (
                f"{folder}/{e}" if folder else e
                for e in _files(f"{self.root}/{folder}" if folder else self.root)
            )

    def read(self, path: str) -> bytes | None:
        top = self._top
        if top is not None and path not in top and path.partition("/")[0] not in top:
            return None  # as the walk has shown
        try:
            return _read(f"{self.root}/{path}")
        except (OSError, ValueError):
            return None

    def trouble(self, path: str) -> str:
        full = f"{self.root}/{path}"
        try:
            status = os.stat(full)
        except OSError:
            return "it is a link that leads nowhere" if os.path.islink(full) else "it is not there"
        if S_ISDIR(status.st_mode):
            return "it is a folder"
        if S_ISFIFO(status.st_mode):
            return "it is a named pipe"
        if not S_ISREG(status.st_mode):
            return "it is no regular file"
        return _too_large(path, status.st_size) or "its permissions do not let bpopt"

    def exists(self, path: str) -> bool:
        top = self._top
        if top is None or (path not in top and path.partition("/")[0] in top):
            return os.path.lexists(f"{self.root}/{path}")
        return path in top

    def walk(self) -> Iterator[tuple[str, int]]:
        if self._walked is not None:
            return iter(self._walked)
        walk = self._walk()
        head = list(islice(walk, KEPT))
        if len(head) == KEPT:
            return chain(head, walk)
        self._walked = head
        return iter(head)

    def _walk(self) -> Iterator[tuple[str, int]]:
        stack = [""]
        while stack:
            prefix = stack.pop()
            folders = []
            for entry in _entries(f"{self.root}/{prefix}"):
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{prefix}{entry.name}/")
                else:
                    yield f"{prefix}{entry.name}", _size(entry)
            stack += [folder for folder in reversed(folders) if folder.split("/")[-2] not in _PRUNED]


def _too_large(path: str, size: int) -> str:
    most = largest(path)
    return f"it has {size:,} bytes, and no such file has more than {most:,}" if size > most else ""


def _read(path: str) -> bytes | None:
    """The bytes of a regular file of at most LARGEST bytes; not waiting, should it be a named pipe.

    Straight from the system: Python's file objects cost twice as much, and a large run reads 80,000 files.
    """
    handle = os.open(path, os.O_RDONLY | _NO_WAIT)
    try:
        status = os.fstat(handle)
        if not S_ISREG(status.st_mode) or status.st_size > LARGEST:
            return None
        raw = os.read(handle, status.st_size + 1)
        if len(raw) == status.st_size:
            return raw
        parts = [raw]  # it grew or was cut meanwhile, or the system gives less at a time
        while part := os.read(handle, 1 << 20):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(handle)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=attrgetter("name"))
    except OSError:
        return []


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def _files(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not entry.is_dir())
    except OSError:
        return []


class MemoryFiles:
    """Files held in memory: rule examples and tests."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = contents

    def names(self) -> Iterable[str]:
        return sorted(self.contents)

    def read(self, path: str) -> bytes | None:
        return self.contents.get(path)

    def trouble(self, path: str) -> str:
        return _too_large(path, len(self.contents.get(path, b""))) or "it is not there"

    def exists(self, path: str) -> bool:
        return path in self.contents or any(name.startswith(f"{path}/") for name in self.contents)

    def walk(self) -> Iterator[tuple[str, int]]:
        for name in sorted(self.contents):
            yield name, len(self.contents[name])


class Overlay:
    """Files with changes on top: new bytes for a path, or None where it is gone. The base is not touched."""

    def __init__(self, base: Files, changes: Mapping[str, bytes | None]) -> None:
        self.base = base
        self.changes = dict(changes)

    def names(self) -> Iterable[str]:
        added = {path for path, raw in self.changes.items() if raw is not None}
        kept = {name for name in self.base.names() if name not in self.changes}
        return sorted(kept | added)

    def read(self, path: str) -> bytes | None:
        return self.changes[path] if path in self.changes else self.base.read(path)

    def trouble(self, path: str) -> str:
        raw = self.changes.get(path)
        return self.base.trouble(path) if raw is None else _too_large(path, len(raw)) or "it is not there"

    def exists(self, path: str) -> bool:
        return self.changes[path] is not None if path in self.changes else self.base.exists(path)

    def walk(self) -> Iterator[tuple[str, int]]:
        for path, size in self.base.walk():
            if path not in self.changes:
                yield path, size
        for path, raw in self.changes.items():
            if raw is not None:
                yield path, len(raw)

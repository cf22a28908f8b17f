"""Writing files so that a crash leaves the old file or the new one, never a part, and an app all or none.

Every new content first goes whole and synced into a temporary file beside its target; only when all are there
are they renamed into place. If a rename fails, those already made are undone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class WriteError(Exception):
    """A file could not be written; nothing was changed. The message says which and why."""


class _Step(NamedTuple):
    target: str  # after symlinks
    staged: str | None  # the temporary file, None to remove the target
    before: bytes | None  # what was there


def write(root: str, changes: Mapping[str, bytes | None], expected: Mapping[str, bytes | None]) -> None:
    """Make the changes (None removes) below `root`, if each file still is what `expected` says.

    Mode and symlinks stay: a link is followed and its target replaced. WriteError, and nothing changed, if a
    file changed meanwhile or cannot be written.
    """
    steps: list[_Step] = []
    done: list[_Step] = []
    try:
        for path, raw in changes.items():
            steps.append(_stage(os.path.join(root, path), raw, expected.get(path)))
        for step in steps:
            _commit(step)
            done.append(step)
    except OSError as error:
        for step in reversed(done):
            _undo(step)
        raise WriteError(
            f"{error.filename or root}: {error.strerror or error}; nothing was changed"
        ) from error
    finally:
        for step in steps:
            if step.staged is not None and os.path.exists(step.staged):
                os.unlink(step.staged)


def _stage(path: str, raw: bytes | None, expected: bytes | None) -> _Step:
    target = os.path.realpath(path)
    before = _read(target)
    if before != expected:
        raise OSError(0, "changed while bpopt was working on it", path)
    if before is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "is not writable", path)
    return _Step(target, None if raw is None else _temporary(target, raw, before is not None), before)


def _temporary(target: str, raw: bytes, replaces: bool) -> str:
    import tempfile

    handle, staged = tempfile.mkstemp(prefix=".bpopt-", dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(staged, os.stat(target).st_mode & 0o7777 if replaces else 0o666 & ~_umask())
    except OSError:
        os.unlink(staged)
        raise
    return staged


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _commit(step: _Step) -> None:
    if step.staged is None:
        os.unlink(step.target)
    else:
        os.replace(step.staged, step.target)


def _undo(step: _Step) -> None:
    if step.before is None:
        os.unlink(step.target)
    else:
        os.replace(_temporary(step.target, step.before, os.path.exists(step.target)), step.target)


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None

"""Writing files so that a crash leaves the old file or the new one, never a part, and an app all or none.

Every new content first goes whole and synced into a temporary file beside its target; only when all are there
are they renamed into place: new files first, removals last, so that a machine that stops in between has lost
nothing. If one fails or is interrupted, those already made are undone. (A process that is killed outright
between two renames leaves every file whole, some of them old, and perhaps a file `.bpopt-*` beside them.)
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class WriteError(Exception):
    """A file could not be written; nothing of the app was changed. The message says which and why."""


class _Step(NamedTuple):
    target: str  # after symlinks; to be removed: the link itself
    staged: str | None  # the temporary file, None to remove the target
    before: bytes | None  # what was there
    link: str | None = None  # where a link that is to be removed leads


def write(root: str, changes: Mapping[str, bytes | None], expected: Mapping[str, bytes | None]) -> None:
    """Make the changes (None removes) below `root`, if each file still is what `expected` says.

    Mode, owner and symlinks stay: a link is followed and its target replaced; one that is to go is removed
    itself. WriteError, and nothing changed, if a file changed meanwhile or cannot be written.
    """
    steps: list[_Step] = []
    try:
        for path, raw in changes.items():
            steps.append(_stage(os.path.join(root, path), raw, expected.get(path)))
        _commit_all(sorted(steps, key=_harm))
    except OSError as error:
        raise WriteError(
            f"{error.filename or root}: {error.strerror or error}; nothing was changed in {root}"
        ) from error
    finally:
        for step in steps:
            if step.staged is not None and os.path.exists(step.staged):
                os.unlink(step.staged)


def _harm(step: _Step) -> int:
    """What is done first could be the only thing done: create, then replace, then remove."""
    return 2 if step.staged is None else step.before is not None


def _commit_all(steps: list[_Step]) -> None:
    done: list[_Step] = []
    try:
        for step in steps:
            _commit(step)
            done.append(step)
    except BaseException:  # also Ctrl-C
        for step in reversed(done):
            _undo(step)
        raise
    for folder in {os.path.dirname(step.target) for step in steps}:
        _sync(folder)


def _sync(folder: str) -> None:
    """Bring renames to the disk; a file system that cannot sync folders does without."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def _stage(path: str, raw: bytes | None, expected: bytes | None) -> _Step:
    target = os.path.realpath(path)
    before = _read(target)
    if before != expected:
        raise OSError(0, "changed while bpopt was working on it", path)
    if raw is None:
        own = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        return _Step(own, None, before, os.readlink(own) if os.path.islink(own) else None)
    if before is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "is not writable", path)
    return _Step(target, _temporary(target, raw, before is not None), before)


def _temporary(target: str, raw: bytes, replaces: bool) -> str:
    import tempfile

    try:
        handle, staged = tempfile.mkstemp(prefix=".bpopt-", dir=os.path.dirname(target))
    except OSError as error:
        raise OSError(error.errno, f"cannot write beside it: {error.strerror}", target) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        _dress(staged, target if replaces else None)
    except OSError as error:
        os.unlink(staged)
        raise OSError(error.errno, error.strerror, target) from error
    except BaseException:
        os.unlink(staged)
        raise
    return staged


def _dress(staged: str, like: str | None) -> None:
    """Give the temporary file the owner and mode of the one it replaces, or those of a new file."""
    if like is None:
        os.chmod(staged, 0o666 & ~_umask())
        return
    status = os.stat(like)
    if (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
        with suppress(PermissionError):  # only root may give files away
            os.chown(staged, status.st_uid, status.st_gid)
    os.chmod(staged, status.st_mode & 0o7777)


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
    if step.link is not None:
        os.symlink(step.link, step.target)
    elif step.before is None:
        os.unlink(step.target)
    else:
        os.replace(_temporary(step.target, step.before, os.path.exists(step.target)), step.target)


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None

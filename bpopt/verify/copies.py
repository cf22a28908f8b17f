"""Working copies: each server runs in one, brought back to the files of its side before every start."""

from __future__ import annotations

import os
import shutil
import stat


def refresh(pristine: str, work: str) -> None:
    """Make `work` the same as `pristine`: what a run added goes, what it changed or removed comes back.

    A file counts as changed if its size, mode or time of change differs. Compiled Python files stay, so that
    every start but the first is one from a warm build.
    """
    os.makedirs(work, exist_ok=True)
    theirs, ours = _entries(pristine), _entries(work)
    for name, entry in ours.items():
        wanted = theirs.get(name)
        if name == "__pycache__" and wanted is None:
            continue
        if wanted is None or stat.S_IFMT(_mode(wanted)) != stat.S_IFMT(_mode(entry)):
            _remove(entry)
    for name, entry in theirs.items():
        target = os.path.join(work, name)
        if entry.is_dir(follow_symlinks=False):
            refresh(entry.path, target)
        elif not _same(entry, target):
            _put(entry, target)


def _entries(folder: str) -> dict[str, os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return {entry.name: entry for entry in entries}


def _mode(entry: os.DirEntry[str]) -> int:
    return entry.stat(follow_symlinks=False).st_mode


def _remove(entry: os.DirEntry[str]) -> None:
    if entry.is_dir(follow_symlinks=False):
        shutil.rmtree(entry.path)
    else:
        os.unlink(entry.path)


def _same(entry: os.DirEntry[str], target: str) -> bool:
    try:
        there = os.lstat(target)
    except OSError:
        return False
    own = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(own.st_mode):
        return os.readlink(entry.path) == os.readlink(target)
    return (own.st_size, own.st_mtime_ns, own.st_mode) == (there.st_size, there.st_mtime_ns, there.st_mode)


def _put(entry: os.DirEntry[str], target: str) -> None:
    """Copy a file or link in place of what is there; sockets, pipes and devices are left out."""
    mode = _mode(entry)
    if os.path.lexists(target):
        os.unlink(target)
    if stat.S_ISLNK(mode):
        os.symlink(os.readlink(entry.path), target)
    elif stat.S_ISREG(mode):
        shutil.copy2(entry.path, target)

"""A memory limit for one server: a control group where one may be made, and a plain word where not.

`ulimit -v` is no substitute: it bounds each process by itself, not what they use together, and counts
addresses instead of memory. Sources: https://docs.kernel.org/admin-guide/cgroup-v2.html and
https://docs.kernel.org/admin-guide/cgroup-v1/memory.html (checked 2026-11-23).
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

ROOT = "/sys/fs/cgroup"


class Cage(NamedTuple):
    """A control group with a memory limit in bytes; `version` is that of the cgroup interface, 1 or 2."""

    version: int
    path: str
    limit: int


class Toll(NamedTuple):
    """What happened in a cage: peak in bytes (page cache included), how often the limit was met, kills."""

    peak: int
    hits: int
    kills: int


def make(limit: int, name: str) -> Cage | None:
    """A new control group `name` with a limit in bytes, None if none may be made here."""
    for version, parent in _candidates():
        path = os.path.join(parent, name)
        try:
            os.mkdir(path)
        except OSError:
            continue
        if _set_up(version, path, limit) and _may_enter(path):
            return Cage(version, path, limit)
        with suppress(OSError):
            os.rmdir(path)
    return None


def may_be_made() -> bool:
    """Whether a limit can be enforced here."""
    made = make(64 * 2**20, f"bpopt-{os.getpid()}-try")
    if made is None:
        return False
    with suppress(OSError):
        os.rmdir(made.path)
    return True


def left_behind(pid: int | None = None) -> list[str]:
    """Groups that a process (this one) made and that are still there."""
    own = f"bpopt-{pid or os.getpid()}-"
    return [
        f"{parent}/{name}"
        for _, parent in _candidates()
        for name in os.listdir(parent)
        if name.startswith(own)
    ]


def how(cage: Cage | None) -> str:
    """A sentence part: how the limit is held."""
    if cage is None:
        return "watched, not enforced: no control group may be made here"
    return f"enforced by a control group (v{cage.version})"


def _candidates() -> list[tuple[int, str]]:
    """Folders in which a group might be made, nearest first: v2 and its ancestors, then v1's memory tree."""
    found: list[tuple[int, str]] = []
    with suppress(OSError), open("/proc/self/cgroup", encoding="ascii") as file:
        for line in file:
            _, controllers, path = line.rstrip("\n").split(":", 2)
            if not controllers:
                found += [(2, folder) for folder in _ancestors(path)]
            elif "memory" in controllers.split(","):
                found.append((1, f"{ROOT}/memory{path.rstrip('/')}"))
    return sorted((entry for entry in found if os.access(entry[1], os.W_OK)), key=lambda entry: -entry[0])


def _ancestors(path: str) -> list[str]:
    parts = [part for part in path.split("/") if part]
    return ["/".join([ROOT, *parts[:size]]) for size in range(len(parts), -1, -1)]


def _set_up(version: int, path: str, limit: int) -> bool:
    """Set the limit; false if the group has no memory controller. Swap is denied, as a plan's limit has none."""
    names = (
        ("memory.max", "memory.swap.max")
        if version == 2
        else ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")
    )
    values = (str(limit), "0" if version == 2 else str(limit))
    if not _write(f"{path}/{names[0]}", values[0]):
        return False
    _write(f"{path}/{names[1]}", values[1])  # not there where the kernel does not account for swap
    return True


def _may_enter(path: str) -> bool:
    """Whether a process of ours may move itself there: a child tries."""
    import subprocess

    order = ["/bin/sh", "-c", 'echo 0 > "$0/cgroup.procs"', path]
    return subprocess.run(order, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _write(path: str, text: str) -> bool:
    try:
        handle = os.open(path, os.O_WRONLY)  # never creates: on no cgroup file system this must fail
    except OSError:
        return False
    try:
        os.write(handle, text.encode("ascii"))
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def toll(cage: Cage) -> Toll:
    """The counters of a cage; to be read before the server is stopped for good."""
    if cage.version == 2:
        events = _table(f"{cage.path}/memory.events")
        return Toll(_number(f"{cage.path}/memory.peak"), events.get("max", 0), events.get("oom_kill", 0))
    control = _table(f"{cage.path}/memory.oom_control")
    peak = _number(f"{cage.path}/memory.max_usage_in_bytes")
    return Toll(peak, _number(f"{cage.path}/memory.failcnt"), control.get("oom_kill", 0))


def _number(path: str) -> int:
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return 0


def _table(path: str) -> dict[str, int]:
    try:
        with open(path, encoding="ascii") as file:
            return {name: int(value) for name, value in (line.split() for line in file)}
    except (OSError, ValueError):
        return {}

"""What Linux says of a process and all that came of it: memory by PSS and USS, CPU seconds.

PSS (proportional set size) counts a page shared by n processes as 1/n in each, so the sum over processes is
what they take together; USS counts only the pages a process has alone. The sum of RSS counts a shared page
once in each process: with gunicorn's --preload it goes up where the memory in use goes down, so it is never
used here. Source: proc_pid_smaps(5), https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html
(checked 2026-11-23).
"""

from __future__ import annotations

import os
import sys
import time
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK") if sys.platform == "linux" else 100

_SCHEDULED = 2  # CPUCLOCK_SCHED, linux/posix-timers.h


class Memory(NamedTuple):
    """Memory of a process tree in bytes, swapped pages included, and how many processes that are."""

    pss: int
    uss: int
    processes: int


class Stat(NamedTuple):
    """A process: its parent, its state letter, and CPU seconds: its own, and those of children it collected."""

    parent: int
    state: str
    own: float
    collected: float


def stat(pid: int) -> Stat | None:
    """The state of a process, None if it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    times = [int(field) / TICK for field in fields[11:15]]
    return Stat(int(fields[1]), fields[0].decode(), times[0] + times[1], times[2] + times[3])


def descendants(pid: int) -> list[int]:
    """The process ids of everything below a process, parents before children."""
    parents: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (own := stat(int(name))) is not None:
            parents.setdefault(own.parent, []).append(int(name))
    found, queue = [], [pid]
    while queue:
        below = parents.get(queue.pop(), [])
        found += below
        queue += below
    return found


def memory(pids: list[int]) -> Memory:
    """Memory of processes together; one that ends meanwhile counts nothing."""
    pss = uss = count = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
                sizes = dict(_sizes(file.read()))
        except (OSError, ValueError):
            continue
        pss += sizes.get(b"Pss", 0) + sizes.get(b"SwapPss", 0)
        uss += sum(sizes.get(name, 0) for name in (b"Private_Clean", b"Private_Dirty", b"Private_Hugetlb"))
        count += 1
    return Memory(pss, uss, count)


def _sizes(text: bytes) -> list[tuple[bytes, int]]:
    pairs = (line.partition(b":") for line in text.splitlines() if line.endswith(b" kB"))
    return [(name, int(value.split()[0]) * 1024) for name, _, value in pairs]


def own_cpu(pid: int) -> float:
    """CPU seconds of all threads of a process, to the nanosecond where the kernel says so; 0 if it is gone.

    The clock of another process is what clock_getcpuclockid(3) gives; /proc/PID/stat counts in hundredths.
    """
    try:
        return time.clock_gettime((~pid << 3) | _SCHEDULED)
    except OSError:
        own = stat(pid)
        return own.own if own is not None else 0.0


def cpu_seconds(keeper: int, pids: list[int]) -> float:
    """CPU seconds that a keeper's processes have used, those that ended included.

    What a process used is its own, or in the account of whoever collected it; the keeper's own is left out.
    """
    top = stat(keeper)
    total = top.collected if top is not None else 0.0
    for pid in pids:
        own = stat(pid)
        if own is not None:
            total += own_cpu(pid) + own.collected
    return total


def supported() -> str | None:
    """Why processes cannot be measured here, None if they can."""
    if not os.path.exists("/proc/self/smaps_rollup"):
        return "needs Linux 4.14 or newer: /proc/PID/smaps_rollup is not there"
    return None

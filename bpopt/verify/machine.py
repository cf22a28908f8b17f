"""What was measured on: versions, processors, kernel, memory and load, for the record."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any

from bpopt import __version__

if TYPE_CHECKING:
    from bpopt.verify.environment import Environment


def describe(environment: Environment) -> dict[str, Any]:
    """The machine and the versions, as JSON holds them; memory in bytes, load as the kernel averages it."""
    return {
        "bpopt": __version__,
        "python": environment.version,
        "packages": environment.versions,
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": cores(),
        "memory": _memory(),
        "load_before": load(),
    }


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load() -> float | None:
    """How many processes wanted a processor in the last minute, on average."""
    try:
        return round(os.getloadavg()[0], 2)
    except OSError:
        return None


def busy() -> str:
    """In words, that others want the processors too; empty if the last minute's load was no more than a core each."""
    wanted = load()
    if wanted is None or wanted <= cores():
        return ""
    return f"this machine is busy (load {wanted:g} on {cores()} cores)"


def worked() -> float:
    """The CPU seconds that all processors have worked so far, for whomever, those of other guests included."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            user, nice, system, _, _, irq, softirq, steal = map(int, file.readline().split()[1:9])
    except (OSError, ValueError):
        return 0.0
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def free() -> int:
    """The bytes of memory that may be taken without swapping; none where the kernel does not say."""
    text = _after("/proc/meminfo", "MemAvailable").removesuffix("kB").strip()
    return int(text) * 1024 if text.isdigit() else 0


def _processor() -> str:
    return _after("/proc/cpuinfo", "model name")


def _memory() -> int | None:
    text = _after("/proc/meminfo", "MemTotal").removesuffix("kB").strip()
    return int(text) * 1024 if text.isdigit() else None


def _after(path: str, key: str) -> str:
    """The value of the first line `key: value` of a file, empty if there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return next((line.partition(":")[2].strip() for line in file if line.startswith(key)), "")
    except OSError:
        return ""

"""Benchmarks of `bpopt check`, in CPU seconds, side by side with a peer: `python -m tests.perf.bench`.

Each command runs as a process of its own, in turns (A B A B ...), and is measured by what the kernel says it
used (user and system time of the finished child), so that a busy machine disturbs both alike. Byte code is
compiled before, as an installation does. The ratio of each pair is what counts; its median is given with the
95 % interval of the median (order statistics).
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

import bpopt
from tests.perf import apps

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent  # both are measured as their users run them
BPOPT = [str(SCRIPTS / "bpopt"), "check"]
YAMLLINT = [str(SCRIPTS / "yamllint")]


class Usage(NamedTuple):
    """What one run of a command used: CPU seconds (user and system) and peak memory in bytes."""

    cpu: float
    peak: int


def run(command: list[str], cwd: Path) -> Usage:
    """Run a command to its end, output thrown away, and say what it used."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Usage(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def paired(one: list[str], other: list[str], cwd: Path, rounds: int) -> tuple[list[Usage], list[Usage]]:
    """Run two commands in turns after a warm-up of each."""
    run(one, cwd), run(other, cwd)
    pairs = [(run(one, cwd), run(other, cwd)) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def interval(values: list[float]) -> tuple[float, float, float]:
    """Median and the 95 % interval of the median, by order statistics (normal approximation of the ranks)."""
    ordered = sorted(values)
    half = 0.98 * len(ordered) ** 0.5
    low = max(int(len(ordered) / 2 - half), 0)
    high = min(int(len(ordered) / 2 + half), len(ordered) - 1)
    return median(ordered), ordered[low], ordered[high]


def one_app(folder: Path, title: str, rounds: int) -> str:
    """`bpopt check` on an app against yamllint on one file, the sample app's spec."""
    spec = str(ROOT / "sample_app/.do/app.yaml")
    ours, theirs = paired([*BPOPT, str(folder)], [*YAMLLINT, spec], ROOT, rounds)
    ratio, low, high = interval([a.cpu / b.cpu for a, b in zip(ours, theirs, strict=True)])
    mine, peer = median(u.cpu for u in ours), median(u.cpu for u in theirs)
    return (
        f"{title}  bpopt {mine * 1000:.1f} ms, yamllint on one file {peer * 1000:.1f} ms, "
        f"ratio {ratio:.2f} [{low:.2f}, {high:.2f}] of {rounds} pairs"
    )


def generated_app(rounds: int) -> str:
    """The same on one generated app of eight files."""
    with tempfile.TemporaryDirectory() as folder:
        apps.write(Path(folder), 2)
        return one_app(next(Path(folder).glob("*/app00001")), "one app of 8 files", rounds)


def many_apps(count: int, repeats: int) -> str:
    """`bpopt check` on a folder of generated apps: CPU seconds and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        apps.write(Path(folder), count)
        used = [run([*BPOPT, folder], ROOT) for _ in range(repeats)]
    cpu, peak = min(u.cpu for u in used), min(u.peak for u in used)
    return (
        f"{count:6} apps  {cpu:.2f} s CPU, {cpu / count * 1e3:.3f} ms each, peak memory {peak / 1e6:.1f} MB"
    )


def main() -> None:
    """Print the figures of this machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25, help="pairs of runs on one app")
    parser.add_argument("--repeats", type=int, default=3, help="runs on many apps, the least counts")
    parser.add_argument("--apps", type=int, nargs="*", default=[100, 1000, 10_000], help="how many apps")
    chosen = parser.parse_args()
    compileall.compile_dir(str(Path(bpopt.__file__).parent), quiet=1)
    print(f"bpopt {bpopt.__version__}, Python {platform.python_version()}, {os.cpu_count()} processors")
    print(generated_app(chosen.rounds))
    print(one_app(ROOT / "sample_app", "the sample app    ", chosen.rounds))
    for count in chosen.apps:
        print(many_apps(count, chosen.repeats), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"(this benchmark itself: {peak / 1e3:.0f} MB)")


if __name__ == "__main__":
    main()

"""Compiling a requirement into a wheel once, with its time, and installing it as a deploy would, with its time."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

from bpopt.report.measured import Built
from bpopt.report.wheel_plan import environment, specifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from bpopt.documents.requirements import Requirement
    from bpopt.report.wheel_plan import Place

_GLIBC = re.compile(rb"GLIBC_(\d+)\.(\d+)")
_WHEEL = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+)(?:-[^-]+)?-[^-]+-[^-]+-[^-]+\.whl")

Progress = "Callable[[float, str], None]"


class Failed(Exception):
    """pip could not build or install; the message says which, the log (`path`) why."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


def log_path(entry: Requirement) -> str:
    """Where the log of a build goes: the user's folder for state."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(base, "bpopt", "wheels", f"{entry.name}.log")


def build(
    entry: Requirement, where: Place, wheelhouse: str, day: str, progress: Callable[[float, str], None]
) -> Built:
    """Build the wheel of a requirement into a folder; `progress` gets seconds and the last line.

    The time is that of all of `pip wheel`: fetching the source and what its build needs included, as a deploy
    without cache does. Failed if it cannot be built or installed.
    """
    log = log_path(entry)
    os.makedirs(os.path.dirname(log), exist_ok=True)
    os.makedirs(wheelhouse, exist_ok=True)
    file, seconds = _compile(entry, where, wheelhouse, log, progress)
    match = _WHEEL.fullmatch(file)
    assert match is not None
    path = os.path.join(wheelhouse, file)
    installed = _install(f"{entry.written}=={match['version']}", where, wheelhouse, log, progress)
    if installed is None:
        raise Failed(f"{file} could not be installed", log)
    return Built(
        entry.name,
        match["version"],
        file,
        os.path.getsize(path),
        sha256(path),
        round(seconds, 1),
        round(installed, 1),
        where.minor,
        machine(),
        day,
        ".".join(map(str, glibc(path))) if glibc(path) != (0, 0) else "",
    )


def _compile(
    entry: Requirement, where: Place, wheelhouse: str, log: str, progress: Callable[[float, str], None]
) -> tuple[str, float]:
    """Compile a wheel and put it into the wheelhouse; its file name, and the seconds it took."""
    with tempfile.TemporaryDirectory(dir=wheelhouse, prefix=".building-") as folder:
        command = [
            where.interpreter,
            "-m",
            "pip",
            "wheel",
            "--verbose",
            "--no-deps",
            "--no-cache-dir",
            "--no-input",
        ]
        command += [
            "--disable-pip-version-check",
            "--no-binary",
            entry.name,
            "--wheel-dir",
            folder,
            specifier(entry),
        ]
        seconds = _run(command, log, progress)
        names = [name for name in os.listdir(folder) if name.endswith(".whl")]
        if seconds is None or len(names) != 1:
            raise Failed(f"{specifier(entry)} could not be built", log)
        os.replace(os.path.join(folder, names[0]), os.path.join(wheelhouse, names[0]))
    return names[0], seconds


def _install(
    wanted: str, where: Place, wheelhouse: str, log: str, progress: Callable[[float, str], None]
) -> float | None:
    with tempfile.TemporaryDirectory() as folder:
        command = [where.interpreter, "-m", "pip", "install", "--no-deps", "--no-index", "--no-cache-dir"]
        command += [
            "--disable-pip-version-check",
            "--no-input",
            "--find-links",
            wheelhouse,
            "--target",
            folder,
        ]
        return _run([*command, wanted], log, progress, append=True)


def _run(
    command: list[str], log: str, progress: Callable[[float, str], None], append: bool = False
) -> float | None:
    """Run a command with its output in the log; the seconds it took, None if it failed."""
    start = time.monotonic()
    with open(log, "ab" if append else "wb") as file:
        file.write(f"$ {' '.join(command)}\n".encode())
        file.flush()
        at = file.tell()
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment())
        try:
            while process.poll() is None:
                time.sleep(0.1)
                progress(time.monotonic() - start, _last_line(log, at))
        except BaseException:
            process.terminate()
            process.wait()
            raise
    return time.monotonic() - start if process.returncode == 0 else None


def _last_line(log: str, at: int) -> str:
    """The last line with words: compilers end their remarks with one of bars and carets."""
    with open(log, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(max(at, size - 400))
        lines = file.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if any(map(str.isalpha, line))), "")


def sha256(path: str) -> str:
    """The SHA-256 of a file, hexadecimal."""
    import hashlib

    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def machine() -> str:
    """What the measurement was made on: processors and system."""
    import platform

    count = len(os.sched_getaffinity(0))
    return f"{count} processor{'s' if count > 1 else ''}, {platform.system()} {platform.machine()}"


def glibc(path: str) -> tuple[int, int]:
    """The newest version of glibc that the compiled files of a wheel ask for; (0, 0) without any."""
    import zipfile

    found = [(0, 0)]
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            if name.endswith(".so") or ".so." in name:
                found += [(int(a), int(b)) for a, b in _GLIBC.findall(wheel.read(name))]
    return max(found)

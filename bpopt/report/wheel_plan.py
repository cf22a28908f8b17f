"""Which requirements have no wheel for the app's Python and stack, and are compiled whenever they are installed anew.

pip itself is asked, without installing anything: https://pip.pypa.io/en/stable/cli/pip_install/ (--dry-run,
--only-binary, --platform; read 2026-11-24).
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.requirements import Requirement

_OLDEST = 5  # manylinux_2_5 is the oldest there is
_OLD_NAMES = ("manylinux1", "manylinux2010", "manylinux2014")


class Impossible(Exception):
    """Wheels for the app cannot be built here; the message says why and what would help."""


class Place(NamedTuple):
    """For what wheels are built: minor version of Python, its interpreter, glibc of the stack (0, 0 if unknown).

    `told` is whether a file of the app asks for that Python; `targets` are those of the app that install with pip.
    """

    python: tuple[int, int]
    interpreter: str
    glibc: tuple[int, int]
    told: bool
    targets: tuple[Target, ...]

    @property
    def minor(self) -> str:
        """The Python as `3.13`."""
        return ".".join(map(str, self.python))


def place(app: App, python: str | None) -> Place:
    """Find for what to build, by the app's files and `python` (such as `3.13`); Impossible if it cannot be here."""
    from bpopt.rules.versions import python_of

    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise Impossible(
            "wheels for these platforms are built on x86-64 Linux: run this there, or in a container"
        )
    if not app.requirement_files:
        raise Impossible(
            "there is no requirements.txt: lock files of uv, Poetry and Pipenv are not changed by this"
        )
    targets = app.reading("requirements")
    if not targets:
        raise Impossible("none of the app's platforms installs requirements.txt")
    found = {own for target in targets if (own := python_of(app, target)) is not None}
    if python is None and len({own.minor for own in found}) != 1:
        raise Impossible("the app's files do not say which Python: add .python-version, or use --python 3.13")
    minor = _parsed(python) if python is not None else next(iter(found)).minor
    told = any(own.told and own.minor == minor for own in found)
    glibcs = [glibc for target in targets if (glibc := glibc_of(target)) != (0, 0)]
    return Place(minor, interpreter(minor), min(glibcs, default=(0, 0)), told, targets)


def _parsed(python: str) -> tuple[int, int]:
    major, _, minor = python.partition(".")
    if major != "3" or not minor.isdigit():
        raise Impossible(f"--python {python}: a minor version such as 3.13 is wanted")
    return 3, int(minor)


def glibc_of(target: Target) -> tuple[int, int]:
    """The glibc of a target's stack, from the package catalog of exactly that suite; (0, 0) if it is not known."""
    from bpopt.apt import catalog

    found = catalog.for_stack(target.stack)
    package = found.package("libc6") if found is not None and found.exact else None
    major, _, rest = (package.version if package is not None else "").partition(".")
    digits = rest.partition("-")[0].partition(".")[0]
    return (int(major), int(digits)) if major.isdigit() and digits.isdigit() else (0, 0)


def interpreter(minor: tuple[int, int]) -> str:
    """A Python of that minor version that has pip: this one, one on the PATH, of pyenv or of uv; else Impossible."""
    tried = list(_interpreters(minor))
    for path in tried:
        if subprocess.run([path, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
            return path
    name = f"python{minor[0]}.{minor[1]}"
    what = f"{name} has no pip ({', '.join(tried)})" if tried else f"there is no {name} here"
    raise Impossible(
        f"{what}: wheels with compiled code are made for one version of Python, so that one is needed "
        f"(pyenv install {name[6:]} gets it)"
    )


def _interpreters(minor: tuple[int, int]) -> Iterator[str]:
    from glob import glob

    version = f"{minor[0]}.{minor[1]}"
    if sys.version_info[:2] == minor:
        yield sys.executable
    if path := shutil.which(f"python{version}"):
        yield path
    home = os.path.expanduser("~")
    pyenv = os.environ.get("PYENV_ROOT") or os.path.join(home, ".pyenv")
    for folder in (f"{pyenv}/versions/{version}.*", f"{home}/.local/share/uv/python/cpython-{version}.*"):
        yield from sorted(glob(f"{folder}/bin/python{version}"), reverse=True)


def candidates(app: App, only: Sequence[str]) -> Iterator[Requirement]:
    """The requirements that could need a wheel: named ones, without address; `only` are normalised names."""
    for document in app.requirement_files:
        for entry in document.requirements:
            if entry.name and not entry.url and not entry.editable and (not only or entry.name in only):
                yield entry


def has_wheel(entry: Requirement, where: Place) -> bool:
    """Whether pip finds a wheel for a requirement, for the Python and the stack."""
    with tempfile.TemporaryDirectory() as folder:
        command = [where.interpreter, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps"]
        command += [
            "--ignore-installed",
            "--disable-pip-version-check",
            "--no-input",
            "--only-binary",
            ":all:",
        ]
        command += ["--python-version", where.minor, "--implementation", "cp", "--target", folder]
        command += [part for tag in tags(where.glibc) for part in ("--platform", tag)]
        done = subprocess.run(
            [*command, specifier(entry)], capture_output=True, check=False, env=environment()
        )
        return done.returncode == 0


def tags(glibc: tuple[int, int]) -> tuple[str, ...]:
    """The platforms whose wheels run with a glibc; where it is not known, all that pip knows by name."""
    newest = glibc[1] if glibc != (0, 0) else 17
    numbered = [f"manylinux_2_{number}_x86_64" for number in range(newest, _OLDEST - 1, -1)]
    return (*numbered, *(f"{name}_x86_64" for name in _OLD_NAMES), "linux_x86_64")


def specifier(entry: Requirement) -> str:
    """A requirement as pip takes it: name and versions, without hashes and markers."""
    return entry.written + entry.specifier


def environment() -> dict[str, str]:
    """The environment for pip: the user's, with plain output."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "PIP_NO_COLOR": "1"}

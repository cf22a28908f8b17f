"""Read wheels and installed environments: distributions with their binaries and what their source opens or runs."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from email.parser import HeaderParser
from typing import BinaryIO

from bpopt.native import elf, speech
from bpopt.values import NamedTuple

_TEXT = (".py", ".pyx", ".pyi")


class Distribution(NamedTuple):
    """One distribution at one version: its binaries, what it requires, and what its source can do.

    `requires` are normalised names; one that stands under a marker ends with `?`. `opens` and `runs` tell
    whether the source speaks of opening libraries by name (or a binary calls dlopen) and of running programs.
    `origin` is the wheel's file name, or the folder it is installed in.
    """

    name: str
    version: str
    binaries: tuple[elf.Binary, ...]
    requires: tuple[str, ...]
    opens: bool
    runs: bool
    origin: str


Member = tuple[str, Callable[[], AbstractContextManager[BinaryIO]]]


def wheel(path: str) -> Distribution:
    """Read a wheel. Raises zipfile.BadZipFile, OSError, elf.MissingReader."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        inside = next(n for n in names if n.endswith(".dist-info/METADATA") and n.count("/") == 1)
        members = ((name, _opener(archive, name)) for name in names if not name.endswith("/"))
        return _read(archive.read(inside).decode(errors="replace"), members, os.path.basename(path))


def environment(folder: str) -> Iterator[Distribution]:
    """Read the distributions installed in a virtual environment or site-packages folder, sources left out.

    `opens` and `runs` tell nothing of the sources: only binaries are read.
    """
    for site in _sites(folder):
        for name in sorted(os.listdir(site)):
            if name.endswith(".dist-info") and os.path.isfile(os.path.join(site, name, "RECORD")):
                yield _installed(site, name)


def _opener(archive: zipfile.ZipFile, name: str) -> Callable[[], AbstractContextManager[BinaryIO]]:
    def opened() -> AbstractContextManager[BinaryIO]:
        # A stream out of a zip file seeks by reading again from the start: binaries are copied out first.
        copy = tempfile.SpooledTemporaryFile(max_size=1 << 26)  # noqa: SIM115 - the caller closes it
        with archive.open(name) as source:
            shutil.copyfileobj(source, copy, 1 << 20)
        copy.seek(0)
        return copy  # type: ignore[return-value]

    return opened


def _sites(folder: str) -> list[str]:
    """The site-packages folders below `folder`, or itself."""
    found = [os.path.join(at, "site-packages") for at in _libraries(folder)]
    return [site for site in found if os.path.isdir(site)] or [folder]


def _libraries(folder: str) -> list[str]:
    lib = os.path.join(folder, "lib")
    names = sorted(os.listdir(lib)) if os.path.isdir(lib) else []
    return [os.path.join(lib, name) for name in names if name.startswith("python")]


def _installed(site: str, info: str) -> Distribution:
    import csv

    with open(os.path.join(site, info, "METADATA"), encoding="utf-8", errors="replace") as file:
        metadata = file.read()
    with open(os.path.join(site, info, "RECORD"), encoding="utf-8", newline="") as file:
        names = [row[0] for row in csv.reader(file) if row]
    there = [(name, os.path.join(site, name)) for name in names]
    members = ((name, _file(path)) for name, path in there if os.path.isfile(path))
    return _read(metadata, (m for m in members if not m[0].endswith(_TEXT)), site)


def _file(path: str) -> Callable[[], AbstractContextManager[BinaryIO]]:
    return lambda: open(path, "rb")


def _read(metadata: str, members: Iterable[Member], origin: str) -> Distribution:
    headers = HeaderParser().parsestr(metadata)
    binaries: list[elf.Binary] = []
    opens = runs = False
    for path, opened in members:
        if path.endswith(_TEXT):
            if "/tests/" not in path and not (opens and runs):
                with opened() as stream:
                    text = stream.read()
                opens, runs = opens or speech.opens(text), runs or speech.runs(text)
        elif _may_be_binary(path):
            with opened() as stream:
                binary = _binary(stream, path)
            binaries += [binary] if binary else []
    opens = opens or any(binary.opens for binary in binaries)
    requires = tuple(sorted({*_requires(headers.get_all("Requires-Dist", []))}))
    name = normalised(str(headers["Name"]))
    return Distribution(name, str(headers["Version"]), tuple(binaries), requires, opens, runs, origin)


def _may_be_binary(path: str) -> bool:
    """Libraries by name, and files without extension (programs)."""
    name = path.rpartition("/")[2]
    return ".so" in name or "." not in name


def _binary(stream: BinaryIO, path: str) -> elf.Binary | None:
    if stream.read(4) != elf.MAGIC:
        return None
    stream.seek(0)
    return elf.read(stream, path)


def _requires(lines: Iterable[str]) -> Iterator[str]:
    """What a distribution requires without extras; `?` where a marker decides."""
    from packaging.requirements import InvalidRequirement, Requirement

    for line in lines:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if "extra" not in str(requirement.marker or ""):
            yield normalised(requirement.name) + ("?" if requirement.marker else "")


def normalised(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()

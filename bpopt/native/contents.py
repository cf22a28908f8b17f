"""Make the file lists of `bpopt.native.libraries` from an archive's Contents index.

    apt-file update        # or any other way to the Contents-amd64 files of the suite
    /usr/lib/apt/apt-helper cat-file CONTENTS... | python -m bpopt.native.contents noble 2026-11-22

Format: https://wiki.debian.org/DebianRepository/Format#A.22Contents.22_indices
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable

from bpopt.native import libraries

# What the loader looks through by itself, and what the apt buildpacks put on LD_LIBRARY_PATH.
_LIBRARY = re.compile(rb"(?:usr/)?lib/(?:x86_64-linux-gnu/)?(?P<name>[^/\s]+)\s+(?P<owners>\S+)$")
_VERSIONED = re.compile(r"\.so\.\d[\w.]*$|-\d[\d.]*(?:-\w+)?\.so$")
_PROGRAM = re.compile(rb"(?:usr/)?s?bin/(?P<name>\S+)\s+(?P<owners>\S+)$")
_LEFT_OUT = ("multiverse", "restricted", "contrib", "non-free", "non-free-firmware")


def read(lines: Iterable[bytes], wanted: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the packages of each library out of the lines of Contents files.

    `wanted` are names to hold besides: programs (`bin/ffmpeg`) and link names (`libzbar.so`).
    """
    found: dict[str, set[str]] = {}
    for line in lines:
        if b"lib/" in line[:9] and b".so" in line:
            match, prefix = _LIBRARY.match(line.rstrip()), ""
        elif b"bin/" in line[:9]:
            match, prefix = _PROGRAM.match(line.rstrip()), "bin/"
        else:
            continue
        name = prefix + match["name"].decode() if match else ""
        if match and (name in wanted or (not prefix and _VERSIONED.search(name))):
            found.setdefault(name, set()).update(_owners(match["owners"].decode()))
    return {name: tuple(sorted(owners)) for name, owners in _shortest(found).items() if owners}


def _owners(field: str) -> Iterable[str]:
    """The packages of `universe/libs/libfoo1,libs/libbar2`, without those of other components."""
    for entry in field.split(","):
        section, _, package = entry.rpartition("/")
        if section.partition("/")[0] not in _LEFT_OUT:
            yield package


def _shortest(found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Drop `libx.so.1.2.3` where the same packages have `libx.so.1`: no binary asks for the longer name."""
    return {
        name: owners
        for name, owners in found.items()
        if not any(owners <= found.get(short, set()) for short in _shorter(name))
    }


def _shorter(name: str) -> Iterable[str]:
    stem, dot, version = name.partition(".so.")
    parts = version.split(".")
    return (f"{stem}{dot}{'.'.join(parts[:count])}" for count in range(1, len(parts)))


def write(suite: str, date: str, found: dict[str, tuple[str, ...]], folder: str = libraries.FOLDER) -> str:
    """Write the list of a suite; its path."""
    os.makedirs(folder, exist_ok=True)
    lines = [f"# Contents of {suite} of {date}"]
    lines += [f"{name} {','.join(owners)}" for name, owners in sorted(found.items())]
    path = os.path.join(folder, f"{suite}.txt")
    with open(path + ".new", "wb") as file:
        file.write(("\n".join(lines) + "\n").encode())
    os.replace(path + ".new", path)
    return path


def main(arguments: list[str]) -> int:
    """Read Contents from standard input."""
    from bpopt.native import curated

    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    suite, date = arguments
    found = read(sys.stdin.buffer, curated.listed())
    print(f"{write(suite, date, found)}: {len(found)} names")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

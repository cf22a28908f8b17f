"""Make the shipped table of needs out of wheels and of what is known by reading.

    pip download --no-deps --only-binary :all: -d wheels opencv-python pyodbc ...
    python -m bpopt.native.build DATE [wheels...]

Reads every wheel for x86-64 Linux or for any platform below the folders named, and `data/native/curated.toml`. Rows
of other wheels stay as they are, so that a few can be added, or none where only the entries by hand changed.
"""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Iterable, Iterator

from bpopt.native import curated, loads, rows, scan
from bpopt.native.rows import Need, Row

_PLATFORMS = ("-any.whl", "x86_64.whl")


def wheels(folders: Iterable[str]) -> Iterator[str]:
    """Yield the wheels below the folders that pip would install on x86-64 glibc Linux."""
    for folder in folders:
        for at, _, names in os.walk(folder):
            for name in sorted(names):
                if name.endswith(_PLATFORMS) and "musllinux" not in name.partition("manylinux")[0]:
                    yield os.path.join(at, name)


def row(found: scan.Distribution, bundled: frozenset[str] = frozenset(), given: tuple[str, ...] = ()) -> Row:
    """Return the row of a distribution, less what comes with others that it requires.

    `bundled` are the libraries that those have, `given` beginnings of names (`libQt5*`) where they were not read.
    """
    beginnings = tuple(name.rstrip("*") for name in given)
    needs = tuple(
        Need(need.soname, "link", need.part, found.origin)
        for need in loads.external(found.binaries)
        if need.soname not in bundled and not (beginnings and need.soname.startswith(beginnings))
    )
    flags = "o" * found.opens + "r" * found.runs
    return Row(found.name, found.version, flags, found.requires, needs, found.origin)


def by_hand() -> Iterator[Row]:
    """Yield the rows of the table that was written by hand."""
    for entry in curated.entries():
        flags = "h" + "c" * entry.complete + "a" * (entry.requires is not None)
        needs = [_need(need, "", entry.source) for need in entry.needs]
        needs += [_need(need, "part", entry.source) for need in entry.may]
        version = f"<{entry.below}" if entry.below else "*"
        for name in entry.names:
            yield Row(name, version, flags, entry.requires or (), tuple(needs), entry.source)


def _need(text: str, part: str, source: str) -> Need:
    via, _, name = text.partition(":")
    return Need(name, via, part, source)


def main(arguments: list[str]) -> int:
    """Build the table from the folders named and what it holds already."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    date, *folders = arguments
    write(date, [*updated(rows.every(), read(wheels(folders))), *by_hand()])
    return 0


def updated(there: Iterable[Row], found: Iterable[scan.Distribution]) -> Iterable[Row]:
    """Return the rows of wheels: those of `found`, and those that are there for other versions.

    What a distribution bundles that others require is taken from `found` alone: read both, or enter it as given.
    """
    read_now = list(found)
    given = curated.given()
    made = {(old.name, old.version): old for old in there if not old.by_hand}
    for one in read_now:
        made[one.name, one.version] = row(one, required(one, read_now), given.get(one.name, ()))
    return made.values()


def read(paths: Iterable[str]) -> Iterator[scan.Distribution]:
    """Read wheels; what is none is said and left out."""
    for path in paths:
        try:
            yield scan.wheel(path)
        except (OSError, zipfile.BadZipFile, StopIteration, KeyError) as error:
            print(f"{path}: left out: {error!r}", file=sys.stderr)


def required(one: scan.Distribution, among: Iterable[scan.Distribution]) -> frozenset[str]:
    """Return the libraries in what a distribution requires, directly or not."""
    by_name = {other.name: other for other in among}
    names: set[str] = set()
    pending = [one]
    while pending:
        for requirement in pending.pop().requires:
            name = requirement.rstrip("?")
            if name in by_name and name not in names:
                names.add(name)
                pending.append(by_name[name])
    binaries = (binary for name in names for binary in by_name[name].binaries)
    return frozenset(label for binary in binaries for label in (binary.name, binary.soname) if label)


def write(date: str, made: Iterable[Row], path: str = rows.PATH) -> None:
    """Write the table in its order."""
    from packaging.version import Version

    def order(row: Row) -> tuple[str, bool, Version]:
        return row.name, row.by_hand, Version("0" if row.by_hand else row.version)

    lines = [f"# What Python distributions need from the system; see bpopt/native/rows.py. Made on {date}"]
    lines += [rows.render(row) for row in sorted(made, key=order)]
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    os.replace(path + ".new", path)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

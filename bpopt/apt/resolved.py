"""Closures that were chosen when a catalog was built: those of names that apps list often.

Choosing the three hundred packages that libgtk-3-dev brings takes as long as half of all rules; reading what was
chosen takes a hundredth of that, and less than half even of a short one. They are what `bpopt.apt.solver` chooses for
that one name, with recommended packages, on the build image of a stack of the suite; a test compares all of them.
"""

from __future__ import annotations

import os
import sys
from array import array
from typing import TYPE_CHECKING

from bpopt.apt import images, solver, stacks, store
from bpopt.apt.solver import Closure

if TYPE_CHECKING:
    import sqlite3

    from bpopt.apt.catalog import Catalog

_COMMON = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "apt", "common.txt")


def find(catalog: Catalog, name: str, installed: frozenset[str]) -> Closure | None:
    """Return what `apt-get install --reinstall NAME` fetches where that is in the catalog, else None."""
    data = catalog.closure_data(store.digest(installed), name) if installed else None
    return None if data is None else _decode(catalog, data)


def common() -> tuple[str, ...]:
    """Return the names that public apt lists hold most."""
    with open(_COMMON, encoding="utf-8") as file:
        return tuple(file.read().split())


def put(database: sqlite3.Connection, catalog: Catalog, suite: str) -> None:
    """Write the closures of a suite, whose catalog is written but for them."""
    database.execute(
        "CREATE TABLE closure (image INTEGER, name TEXT, data BLOB, PRIMARY KEY (image, name)) WITHOUT ROWID"
    )
    listed = (images.image(stack.name, "build") for stack in stacks.all_stacks() if stack.suite == suite)
    for installed in {image.packages for image in listed if image is not None}:
        for name in common():
            closure = solver.install(catalog, [name], installed=installed)
            if can_be_kept(closure):
                row = (store.digest(installed), name, _encode(closure))
                database.execute("INSERT INTO closure VALUES (?, ?, ?)", row)


def can_be_kept(closure: Closure) -> bool:
    """Tell whether a closure has nothing but what `_encode` writes of it."""
    followers = [number for number in closure.chosen if number not in closure.selected]
    plain = list(closure.ways) == followers and closure.numbers.issuperset(
        by for by, _ in closure.ways.values()
    )
    return bool(closure.chosen) and plain and not (closure.unknown or closure.broken or closure.removed)


def _encode(closure: Closure) -> bytes:
    """Four columns: numbers, bytes to download, KiB unpacked, and place of the one that brought it (doubled, from 1).

    The low bit of the last says "only recommended", 0 that the package was named. Bytes of the same worth stand
    together, which packs better.
    """
    import zlib

    place = {number: at for at, number in enumerate(closure.chosen, 1)}
    sizes = [closure.catalog.sizes(number) for number in closure.chosen]
    ways = [closure.ways.get(number) for number in closure.chosen]
    columns = array("I", closure.chosen)
    columns.extend(size for size, _ in sizes)
    columns.extend(unpacked // 1024 for _, unpacked in sizes)
    columns.extend(0 if way is None else 2 * place[way[0]] + way[1] for way in ways)
    data = _little(columns).tobytes()
    return zlib.compress(b"".join(data[worth::4] for worth in range(4)), 9)


def _decode(catalog: Catalog, data: bytes) -> Closure:
    import zlib

    planes = zlib.decompress(data)
    whole, part = bytearray(len(planes)), len(planes) // 4
    for worth in range(4):
        whole[worth::4] = planes[worth * part : (worth + 1) * part]
    columns = array("I")
    columns.frombytes(whole)
    columns, count = _little(columns), part // 4
    chosen, sizes, kibibytes, steps = (columns[at : at + count] for at in range(0, part, count))
    catalog.know_sizes(zip(chosen, zip(sizes, (1024 * k for k in kibibytes), strict=True), strict=True))
    named = [number for number, step in zip(chosen, steps, strict=True) if not step]
    pairs = zip(chosen, steps, strict=True)
    ways = {number: (chosen[(step >> 1) - 1], bool(step & 1)) for number, step in pairs if step}
    return Closure(catalog, chosen, named, (), ways)


def _little(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers

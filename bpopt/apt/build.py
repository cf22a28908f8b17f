"""Build the catalog of a suite from its package indexes."""

from __future__ import annotations

import operator
import os
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from bpopt.apt import images, relations, resolved, stacks, store
from bpopt.apt.catalog import Catalog
from bpopt.apt.index import Stanza
from bpopt.apt.relations import Record, Satisfying, Universe

_T = TypeVar("_T")

# Left out, a sixth of an index that no Python app installs: kernels and their modules by exact version,
# and the source packages of Rust crates, Go modules and Haskell libraries.
LEFT_OUT = (
    r"linux-(?!libc-dev)[a-z0-9-]+-\d+\.\d+\.\d+-\d+.*"
    r"|librust-.+-dev|golang-.+-dev|libghc-.+-(dev|doc|prof)"
)
# Virtual names of crates and of Haskell packages by hash: only their own kind ever asks for them.
_LEFT_OUT_VIRTUAL = re.compile(r"librust-.*|libghc-.*-[0-9a-f]{5}$")


def write(path: str, stanzas: Iterable[Stanza], meta: dict[str, str]) -> None:
    """Write the catalog of `stanzas` (in apt's order of sources) to `path`, replacing it in one step.

    Raises OSError where it cannot be written.
    """
    left_out = re.compile(LEFT_OUT)
    known = relations.universe(stanzas, lambda name: not left_out.fullmatch(name))
    partial = f"{path}.{os.getpid()}.partial"
    try:
        with sqlite3.connect(partial) as database:
            _fill(database, known, {**meta, "format": store.FORMAT, "left_out": LEFT_OUT})
        with database:
            put_common(database, Catalog(partial), meta.get("suite", ""))
            resolved.put(database, Catalog(partial), meta.get("suite", ""))
        database.execute("VACUUM")
        database.close()
        os.replace(partial, path)
    except sqlite3.OperationalError as error:
        raise OSError(f"{path}: {error}") from error
    finally:
        if os.path.exists(partial):
            os.unlink(partial)


def _fill(database: sqlite3.Connection, known: Universe, meta: dict[str, str]) -> None:
    # Small pages: a blob fills its last page half on average.
    database.execute("PRAGMA page_size = 512")
    database.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
    for table in store.TABLES:
        database.execute(f"CREATE TABLE {table} (number INTEGER PRIMARY KEY, data BLOB)")
    records = relations.resolve(known)
    choices = _Choices(len(records))
    blocks = list(_split(records))
    _put(database, "name", (_names(block) for block in blocks))
    _put(database, "fact", (_facts(block, choices.term) for block in blocks))
    _put(database, "choice", (_lines(block) for block in _split(choices.lines)))
    virtual = [
        (name, relations.providers(known, name))
        for name in sorted(known.provides)
        if not _LEFT_OUT_VIRTUAL.match(name)
    ]
    _put(database, "virtual", (_lines(block) for block in _split(virtual)))
    meta = {
        **meta,
        "packages": str(len(records)),
        "first": "\n".join(block[0].stanza.name for block in blocks),
        "first_virtual": "\n".join(block[0][0] for block in _split(virtual)),
    }
    database.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
    put_images(database, meta.get("suite", ""), [record.stanza.name for record in records])


class _Choices:
    """Numbers the terms that zero or several packages satisfy; the same choice gets the same number."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._numbers: dict[Satisfying, int] = {}
        self.lines: list[Satisfying] = []

    def term(self, term: Satisfying) -> int:
        """Return the reference of a term: its only package, or the line of its choice."""
        if len(term[1]) == 1:
            return term[1][0]
        if term not in self._numbers:
            self._numbers[term] = self._first + len(self.lines)
            self.lines.append(term)
        return self._numbers[term]


def _split(items: Sequence[_T]) -> list[Sequence[_T]]:
    return [items[start : start + store.BLOCK] for start in range(0, len(items), store.BLOCK)]


def _put(database: sqlite3.Connection, table: str, blocks: Iterable[bytes]) -> None:
    packed = ((number, zlib.compress(data, 9)) for number, data in enumerate(blocks))
    database.executemany(f"INSERT INTO {table} VALUES (?, ?)", packed)


def put_common(database: sqlite3.Connection, catalog: Catalog, suite: str) -> None:
    """Write where the names are that apps list often, and what they exclude: looked up without unpacking a block.

    Only for suites with the list of a stack's image: the others are asked seldom, and every catalog is in the wheel.
    """
    if not _images(suite):
        return
    lines = []
    for name in resolved.common():
        number = catalog.number(name)
        if number is not None:
            lines.append(" ".join(map(str, (name, number, *sorted(catalog.excluded(number))))))
    database.execute("INSERT INTO meta VALUES ('common', ?)", ("\n".join(lines),))


def put_images(database: sqlite3.Connection, suite: str, names: Sequence[str]) -> None:
    """Write which of the packages, called `names` in their order, the build image of each stack of a suite has."""
    database.execute("CREATE TABLE image (digest INTEGER PRIMARY KEY, data BLOB)")
    for packages in _images(suite):
        numbers = [number for number, name in enumerate(names) if name in packages]
        steps = map(operator.sub, numbers, [0, *numbers])
        data = b"".join(map(store.encode, steps))
        database.execute("INSERT INTO image VALUES (?, ?)", (store.digest(packages), data))


def _images(suite: str) -> set[frozenset[str]]:
    """What the build images of a suite's stacks have, as far as their lists are known."""
    listed = (images.image(stack.name, "build") for stack in stacks.all_stacks() if stack.suite == suite)
    return {image.packages for image in listed if image is not None}


def _names(block: Sequence[Record]) -> bytes:
    names = "\n".join(record.stanza.name for record in block)
    versions = "\n".join(record.stanza.version for record in block)
    return f"{names}\0{versions}".encode()


def _lines(block: Sequence[Satisfying]) -> bytes:
    return "\n".join(" ".join((name, *map(str, numbers))) for name, numbers in block).encode()


def _facts(block: Sequence[Record], reference: Callable[[Satisfying], int]) -> bytes:
    tail, offsets = bytearray(), []
    for record in block:
        offsets.append(len(tail))
        tail += _relations(record, reference)
    planes = [bytes(_flags(record.stanza) for record in block)]
    planes += _planes([record.stanza.size for record in block], 4)
    planes += _planes([record.stanza.unpacked // 1024 for record in block], 4)
    planes += _planes(offsets, 2)
    return b"".join(planes) + tail


def _planes(numbers: Sequence[int], width: int) -> list[bytes]:
    return [bytes(number >> 8 * plane & 255 for number in numbers) for plane in range(width)]


def _relations(record: Record, reference: Callable[[Satisfying], int]) -> bytes:
    out = bytearray()
    for groups in (record.depends, record.recommends):
        out += store.encode(len(groups))
        for group in groups:
            for place, term in enumerate(group, 1):
                out += store.encode(2 * reference(term) + (place < len(group)))
    for numbers in (record.conflicts, record.conflicted):
        out += store.encode(len(numbers))
        for number in numbers:
            out += store.encode(number)
    return bytes(out)


def _flags(stanza: Stanza) -> int:
    section = stanza.section.rpartition("/")[2]
    return (
        store.ESSENTIAL * stanza.essential
        | store.IMPORTANT * stanza.important
        | store.MULTI_ARCH_SAME * (stanza.multi_arch == "same")
        | store.OLD_LIBRARY * (section == "oldlibs")
        | store.DEVELOPMENT * (section == "libdevel" or stanza.name.endswith("-dev"))
    )

"""The catalog file: an SQLite database of compressed blocks, read in place.

Packages are numbered in the order of their names and stored in blocks of `BLOCK`: one block of names and
versions, one of facts. A look-up reads the one or two blocks it needs, so nothing is unpacked to disk and the
file is opened read-only. Layout:

    meta(key, value)        suite, origin, components, date, source, ...; `first`: the first name of each
                            block; `first_virtual`: the first name of each block of virtual names; `common`: a line
                            for each name that apps list often: name, number, numbers of those it excludes
    name(number, data)      zlib: names, one a line, a zero byte, versions, one a line
    fact(number, data)      zlib: planes of one byte a package (flags, size x 4, unpacked KiB x 4, offset x 2),
                            then from each offset: depends, recommends (each a count and that many groups of
                            terms), conflicts, conflicted by (each a count and that many packages)
    virtual(number, data)   zlib: a line for each virtual name: name, blank, package numbers
    choice(number, data)    zlib: the same for the terms that zero or several packages satisfy
    image(digest, data)     the build image of each stack of the suite: `digest` of its names, and the steps from
                            number to number of those that the index has, sorted
    closure(image, name, data)  what a name brings on such an image, for names that apps list often
                            (`bpopt.apt.resolved`), zlib: numbers of four bytes

Numbers in `fact` are base-128, low part first. A term is `2 * reference + more`; `more` is 1 when the
or-group goes on. A reference below the number of packages is a package, above it a line of `choice`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

FORMAT = "1"
BLOCK = 256
PLANES = 11
ESSENTIAL, IMPORTANT, MULTI_ARCH_SAME, OLD_LIBRARY, DEVELOPMENT = 1, 2, 4, 8, 16
TABLES = ("name", "fact", "virtual", "choice")


@lru_cache(maxsize=16)
def digest(names: frozenset[str]) -> int:
    """Return what a list of installed packages is found by."""
    from zlib import crc32

    return sum(map(crc32, map(str.encode, names)))  # in no order: to sort them takes ten times as long


def encode(number: int) -> bytes:
    """Write a number in base 128, low part first, high bit set on all bytes but the last."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def decode(data: bytes, start: int) -> Iterator[int]:
    """Yield the numbers written in `data` from `start` on."""
    value = shift = 0
    for index in range(start, len(data)):
        byte = data[index]
        value |= (byte & 127) << shift
        if byte < 128:
            yield value
            value = shift = 0
        else:
            shift += 7

"""The shipped table of needs, `data/native/needs.tsv`: one row for each distribution and version looked at.

Tab-separated columns: name, version, flags, requires, needs, origin; sorted by name, then version. Lines that begin
with `#` are comments. What the columns hold:

    version    of the wheel; `*` for an entry by hand, `<V` for one that holds for versions below V
    flags      letters: `o` source or binaries open libraries by name, `r` it runs programs, `h` an entry by hand,
               `c` one that names all needs, `a` one that names all of `requires`; `-` for none
    requires   names with blanks between, `?` behind those that a marker decides; `-` for none
    needs      `via:name` with blanks between; behind a `?` the file that needs it, where importing does not; `-`
    origin     the wheel's file name, or the address where it was read

The table is small enough to be read whole (a third of a millisecond) and searched as text.
"""

from __future__ import annotations

import os
from functools import lru_cache

from bpopt.values import NamedTuple

PATH = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "native", "needs.tsv")


class Need(NamedTuple):
    """Something that a distribution needs from the system.

    `soname` is a library's soname or, where `via` is "program", a program's name; `*` at its end stands for any
    version. `via` is "link" (the loader wants it), "dlopen" (source code opens it by that name), "find" (source
    code asks `ctypes.util.find_library`, which sees what an apt list unpacks only under its link name) or
    "program" (source code runs it). `part` names the file or says `part` where only a part of the distribution
    needs it; "" where nothing works without. `source` is the wheel or the address that says so.
    """

    soname: str
    via: str
    part: str
    source: str

    @property
    def listed(self) -> str:
        """The name by which it is looked for in an image, as the file lists of `libraries` have it."""
        return f"bin/{self.soname}" if self.via == "program" else self.soname

    @property
    def brought_as(self) -> str:
        """The name of the file that an apt list must bring: for "find" the link name, `libzbar.so`."""
        return self.soname.partition(".so")[0] + ".so" if self.via == "find" else self.listed


class Row(NamedTuple):
    """One row of the table."""

    name: str
    version: str
    flags: str
    requires: tuple[str, ...]
    needs: tuple[Need, ...]
    origin: str

    @property
    def by_hand(self) -> bool:
        """Tell whether someone read the source, rather than a program the wheel."""
        return "h" in self.flags


@lru_cache(maxsize=4096)
def of(name: str) -> tuple[Row, ...]:
    """Return the rows of a distribution (normalised name), those of wheels oldest first; () when unknown."""
    data = table()
    start = data.find(f"\n{name}\t")
    rows = []
    while start >= 0:
        end = data.index("\n", start + 1)
        rows.append(parse(data[start + 1 : end]))
        start = end if data.startswith(f"{name}\t", end + 1) else -1
    return tuple(rows)


def every() -> tuple[Row, ...]:
    """Return all rows, in the order of the table."""
    lines = table().splitlines()
    return tuple(parse(line) for line in lines if not line.startswith("#"))


@lru_cache(maxsize=1)
def table() -> str:
    """Return the table's text."""
    with open(PATH, encoding="utf-8") as file:
        return file.read()


def checked() -> str:
    """Return the day on which the table was made (YYYY-MM-DD): the last word of its first line."""
    return table().partition("\n")[0].rpartition(" ")[2]


def parse(line: str) -> Row:
    """Read one line."""
    name, version, flags, requires, needs, origin = line.split("\t")
    return Row(
        name,
        version,
        flags.strip("-"),
        tuple(requires.split(" ")) if requires != "-" else (),
        tuple(_need(token, origin) for token in needs.split(" ")) if needs != "-" else (),
        origin,
    )


def render(row: Row) -> str:
    """Write one line; the opposite of `parse`."""
    needs = " ".join(f"{n.via}:{n.soname}" + (f"?{n.part}" if n.part else "") for n in row.needs)
    columns = (
        row.name,
        row.version,
        row.flags or "-",
        " ".join(row.requires) or "-",
        needs or "-",
        row.origin,
    )
    return "\t".join(columns)


def _need(token: str, origin: str) -> Need:
    via, _, rest = token.partition(":")
    soname, _, part = rest.partition("?")
    return Need(soname, via, part, origin)

"""The package catalog of a suite: what exists, who provides what, what a list of packages brings along.

A catalog is opened only when asked for and read in place (see `bpopt.apt.store`); every query is offline and
never raises on odd names. `for_stack` answers with the exact suite where there is a catalog of it, else with
the nearest one: then `exact` is False, and whatever rests on it is a hint.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from bpopt.apt import stacks, store
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    import sqlite3

    from bpopt.apt.solver import Closure

SHIPPED = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "apt", "catalog")
# Where a suite has no catalog: the suites that resemble it most, nearest first.
_NEAREST = {
    "focal": ("jammy", "bookworm"),
    "jammy": ("bookworm", "noble"),
    "noble": ("trixie", "bookworm"),
    "resolute": ("trixie", "noble"),
    "bullseye": ("bookworm",),
    "bookworm": ("trixie",),
    "trixie": ("bookworm",),
}


class Term(NamedTuple):
    """One alternative of an or-group: the packages that satisfy it, in apt's order of preference.

    `name` is what the relation asks for where zero or several packages satisfy it, else empty.
    """

    packages: tuple[int, ...]
    name: str = ""


# An or-group: the packages that satisfy it, in the order of its terms. Nearly all have terms of one package.
Group = tuple[int, ...]


class Several(tuple[int, ...]):
    """An or-group with a term that zero or several packages satisfy."""

    terms: tuple[Term, ...]

    @classmethod
    def of(cls, terms: Iterable[Term]) -> Several:
        """Return the or-group of these terms."""
        kept = tuple(terms)
        made = cls(number for term in kept for number in term.packages)
        made.terms = kept
        return made


class Package(NamedTuple):
    """A package of a catalog. `size` is the download and `unpacked` the installed size, both in bytes.

    The archive states installed sizes in KiB; they are rounded up by file and count directories.
    `conflicts` are the packages that it excludes, `conflicted` those that exclude it. Name and version are read
    when they are asked for: choosing packages needs numbers alone.
    """

    catalog: Catalog
    number: int
    flags: int
    size: int
    unpacked: int
    depends: tuple[Group, ...]
    recommends: tuple[Group, ...]
    conflicts: tuple[int, ...]
    conflicted: tuple[int, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return self.catalog.name(self.number)

    @property
    def version(self) -> str:
        """Its version in the archive."""
        return self.catalog.version(self.number)

    @property
    def transitional(self) -> bool:
        """Tell whether the archive files it under old libraries: mostly empty, naming its heir."""
        return bool(self.flags & store.OLD_LIBRARY)

    @property
    def development(self) -> bool:
        """Tell whether it holds headers and link libraries: needed while building only."""
        return bool(self.flags & store.DEVELOPMENT)


class Catalog:
    """The packages of one suite. Use `for_stack` or `for_suite` to get one."""

    def __init__(self, path: str, *, exact: bool = True) -> None:
        self.path = path
        self.exact = exact
        self._packages: dict[int, Package] = {}
        self._sizes: dict[int, tuple[int, int]] = {}
        self._blocks: dict[tuple[str, int], bytes] = {}
        self._present: dict[frozenset[str], frozenset[int]] = {}
        self._known: dict[str, tuple[int, ...]] = {}

    @cached_property
    def _database(self) -> sqlite3.Connection:
        import sqlite3
        from weakref import finalize

        name = self.path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        database = sqlite3.connect(f"file:{name}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        finalize(self, database.close)  # Python 3.13 warns of what is left open
        return database

    @cached_property
    def meta(self) -> dict[str, str]:
        """What the catalog says of itself: suite, origin, components, date, source, packages, verified."""
        return dict(self._database.execute("SELECT key, value FROM meta"))

    @property
    def suite(self) -> str:
        """The suite whose index this is."""
        return self.meta["suite"]

    @property
    def date(self) -> str:
        """The day of the index (YYYY-MM-DD): the newest date of the release files it was built from."""
        return self.meta.get("date", "")

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        return int(self.meta["packages"])

    def exists(self, name: str) -> bool:
        """Tell whether a package of that name is in the index.

        True as well for kinds of packages that the catalog leaves out (kernels by version, sources of
        Rust, Go and Haskell libraries): nothing is known of them, so nothing may be said against them.
        """
        return self.number(name) is not None or self.left_out(name)

    def left_out(self, name: str) -> bool:
        """Tell whether `name` is of a kind that the catalog does not hold."""
        import re

        return re.fullmatch(self.meta["left_out"], name) is not None

    def package(self, name: str) -> Package | None:
        """Return the candidate of that name, or None."""
        number = self.number(name)
        return None if number is None else self.at(number)

    def provided(self, name: str) -> tuple[str, ...]:
        """Return the packages that provide the virtual package `name`, in apt's order of preference."""
        return tuple(self.name(number) for number in self._virtual(name))

    def resolve(self, name: str) -> str | None:
        """Return the package that `apt-get install name` selects: itself or its only provider; else None."""
        if self.number(name) is not None:
            return name
        found = self.provided(name)
        return found[0] if len(found) == 1 else None

    def depends(self, name: str, *, recommends: bool = False) -> tuple[tuple[str, ...], ...]:
        """Return the or-groups that package `name` depends on (or recommends), as names of real packages."""
        package = self.package(name)
        if package is None:
            return ()
        groups = package.recommends if recommends else package.depends
        return tuple(tuple(dict.fromkeys(self.name(number) for number in group)) for group in groups)

    def closure(
        self, names: Iterable[str], *, installed: Iterable[str] = (), recommends: bool = True
    ) -> Closure:
        """Return what `apt-get install --reinstall NAMES` fetches where `installed` is there already."""
        from bpopt.apt import solver

        return solver.install(self, names, installed=installed, recommends=recommends)

    def marginal(
        self, lines: Sequence[Sequence[str]], *, installed: Iterable[str] = (), recommends: bool = True
    ) -> tuple[int, ...]:
        """Return for each line the unpacked bytes that would go away if that line went."""
        from bpopt.apt import plan

        costs = plan.layer(self, lines, installed=installed, recommends=recommends).lines
        return tuple(cost.marginal.unpacked for cost in costs)

    def names(self) -> Iterable[str]:
        """Yield all package names, sorted. Reads the whole index (tens of milliseconds)."""
        for block in range(len(self._first)):
            yield from self._names(block)

    def beginning(self, prefix: str) -> list[str]:
        """Return the names that begin so, sorted; reads only the blocks they are in."""
        block = max(0, bisect_right(self._first, prefix) - 1)
        found: list[str] = []
        while block < len(self._first) and self._first[block][: len(prefix)] <= prefix:
            names = self._names(block)
            found += names[bisect_left(names, prefix) : bisect_left(names, f"{prefix}\U0010ffff")]
            block += 1
        return found

    def name(self, number: int) -> str:
        """Return the name of the package of that number."""
        block, place = divmod(number, store.BLOCK)
        return self._names(block)[place]

    def version(self, number: int) -> str:
        """Return the version of the package of that number."""
        block, place = divmod(number, store.BLOCK)
        return self._text(block)[1].split("\n")[place]

    def present(self, names: frozenset[str]) -> frozenset[int]:
        """Return the numbers of the packages among `names` that the index has.

        For the images of the suite's stacks the catalog holds them; for other lists each name is looked up.
        """
        found = self._present.get(names)
        if found is None:
            query = "SELECT data FROM image WHERE digest = ?"
            stored = self._kept(query, store.digest(names)) if names else None
            numbers = map(self.number, names) if stored is None else accumulate(store.decode(stored, 0))
            found = self._present[names] = frozenset(n for n in numbers if n is not None)
        return found

    def closure_data(self, image: int, name: str) -> bytes | None:
        """Return what was chosen for a name on an image when the catalog was built; see `bpopt.apt.resolved`."""
        return self._kept("SELECT data FROM closure WHERE image = ? AND name = ?", image, name)

    def sizes(self, number: int) -> tuple[int, int]:
        """Return the bytes of a package to download and unpacked."""
        known = self._sizes.get(number)
        if known is None:
            package = self.at(number)
            known = self._sizes[number] = package.size, package.unpacked
        return known

    def know_sizes(self, sizes: Iterable[tuple[int, tuple[int, int]]]) -> None:
        """Take sizes that are known from elsewhere in the catalog."""
        self._sizes.update(sizes)

    def _kept(self, query: str, *values: int | str) -> bytes | None:
        """Return data that a catalog of an earlier build may lack, or not have for these values."""
        import sqlite3

        try:
            row = self._database.execute(query, values).fetchone()
        except (sqlite3.OperationalError, UnicodeEncodeError):  # no such table; a name of no encoding
            return None
        return row[0] if row else None

    def at(self, number: int) -> Package:
        """Return the package of that number."""
        package = self._packages.get(number)
        if package is None:
            package = self._packages[number] = self._load(number)
        return package

    @cached_property
    def _first(self) -> list[str]:
        return self.meta["first"].split("\n")

    @cached_property
    def _first_virtual(self) -> list[str]:
        return self.meta["first_virtual"].split("\n")

    def number(self, name: str) -> int | None:
        """Return the number of the package of that name, or None."""
        common = self._common(name)
        if common:
            return common[0]
        block = self.block(name)
        if block < 0:
            return None
        # Counting lines costs a fifth of making a list of the names.
        names = self._text(block)[0]
        start = names.find(f"\n{name}\n")
        return None if start < 0 or "\n" in name else block * store.BLOCK + names.count("\n", 0, start)

    def excluded(self, number: int) -> frozenset[int]:
        """Return the packages that the one of that number excludes, and those that exclude it."""
        package = self.at(number)
        return frozenset((*package.conflicts, *package.conflicted))

    def excluded_by(self, name: str) -> frozenset[int]:
        """Return the same for the package of that name; nothing where there is none."""
        common = self._common(name)
        if common:
            return frozenset(common[1:])
        number = self.number(name)
        return frozenset() if number is None else self.excluded(number)

    def _common(self, name: str) -> tuple[int, ...]:
        """The number of a package that apps list often, and those that it excludes; () for any other."""
        known = self._known.get(name)
        if known is None:
            lines = self._lines
            start = lines.find(f"\n{name} ") if "\n" not in name and " " not in name else -1
            line = lines[start + 1 : lines.index("\n", start + 1)] if start >= 0 else ""
            known = self._known[name] = tuple(map(int, line.split(" ")[1:]))
        return known

    @cached_property
    def _lines(self) -> str:
        return f"\n{self.meta.get('common', '')}\n"

    def block(self, name: str) -> int:
        """Return the block that the package of that name would be in, -1 before the first."""
        return bisect_right(self._first, name) - 1

    def _virtual(self, name: str) -> tuple[int, ...]:
        block = bisect_right(self._first_virtual, name) - 1
        if block < 0 or not name:
            return ()
        lines = "\n" + self._block("virtual", block).decode() + "\n"
        start = lines.find(f"\n{name} ")
        if start < 0:
            return ()
        return tuple(map(int, lines[start + 1 : lines.index("\n", start + 1)].split(" ")[1:]))

    def _choice(self, number: int) -> Term:
        lines = self._block("choice", number // store.BLOCK).decode().split("\n")
        name, *numbers = lines[number % store.BLOCK].split(" ")
        return Term(tuple(map(int, numbers)), name)

    @lru_cache(maxsize=512)  # noqa: B019 - a process has a handful of catalogs, for its lifetime
    def _names(self, block: int) -> list[str]:
        return self._text(block)[0][1:-1].split("\n")

    @lru_cache(maxsize=512)  # noqa: B019 - the same
    def _text(self, block: int) -> tuple[str, str]:
        """Names, a line feed before and behind each, and versions, one a line."""
        names, _, versions = self._inflate("name", block).decode().partition("\0")
        return f"\n{names}\n", versions

    def _block(self, table: str, number: int) -> bytes:
        data = self._blocks.get((table, number))
        if data is None:
            data = self._blocks[table, number] = self._inflate(table, number)
        return data

    def _inflate(self, table: str, number: int) -> bytes:
        import zlib

        row = self._database.execute(f"SELECT data FROM {table} WHERE number = ?", (number,)).fetchone()
        return zlib.decompress(row[0])

    def _load(self, number: int) -> Package:
        block, place = divmod(number, store.BLOCK)
        facts, count = self._block("fact", block), min(store.BLOCK, self._count - block * store.BLOCK)
        # One byte a package in each plane: every count-th byte from `place` on is one of this package.
        planes = facts[place : store.PLANES * count : count]
        numbers = store.decode(facts, store.PLANES * count + int.from_bytes(planes[9:11], "little"))
        return Package(
            self,
            number,
            planes[0],
            int.from_bytes(planes[1:5], "little"),
            int.from_bytes(planes[5:9], "little") * 1024,
            self._groups(numbers),
            self._groups(numbers),
            tuple(islice(numbers, next(numbers))),
            tuple(islice(numbers, next(numbers))),
        )

    def _groups(self, numbers: Iterator[int]) -> tuple[Group, ...]:
        """Read a count and that many or-groups."""
        groups: list[Group] = []
        for _ in range(next(numbers)):
            references: list[int] = []
            for value in numbers:
                references.append(value >> 1)
                if not value & 1:
                    break
            groups.append(tuple(references) if max(references) < self._count else self._several(references))
        return tuple(groups)

    def _several(self, references: list[int]) -> Several:
        count = self._count
        return Several.of(Term((n,)) if n < count else self._choice(n - count) for n in references)


@lru_cache(maxsize=32)
def for_suite(suite: str) -> Catalog | None:
    """Return the catalog of that very suite: the one the user built, else the shipped one; None without."""
    for folder in (user_folder(), SHIPPED):
        path = os.path.join(folder, f"{suite}.sqlite")
        if suite.isalnum() and os.path.isfile(path):
            found = Catalog(path)
            if readable(found):
                return found
    return None


@lru_cache(maxsize=64)
def for_stack(stack: str | None) -> Catalog | None:
    """Return the catalog for `stack`, or of the nearest suite (then not `exact`); None for unknown stacks."""
    found = stacks.find(stack)
    if found is None:
        return None
    exact = for_suite(found.suite)
    if exact is not None:
        return exact
    for suite in _NEAREST.get(found.suite, ()):
        near = for_suite(suite)
        if near is not None:
            return Catalog(near.path, exact=False)
    return None


def user_folder() -> str:
    """Return the folder of the catalogs that `bpopt catalog update` builds."""
    base = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return os.path.join(base, "bpopt", "apt")


def readable(catalog: Catalog) -> bool:
    """Tell whether a catalog file is whole and of this format; a broken one of the user's gives way."""
    import sqlite3

    try:
        return catalog.meta.get("format") == store.FORMAT
    except sqlite3.DatabaseError:
        return False

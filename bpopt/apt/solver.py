"""What `apt-get install` would choose, in apt's own way of choosing.

This follows the marking of apt 2.6 (`pkgDepCache::MarkInstall`, read in
https://salsa.debian.org/apt-team/apt/-/blob/2.6.1/apt-pkg/depcache.cc): depth first in the order of the
relation fields; an or-group that nothing chosen so far satisfies takes its first term that can be had, of
a virtual package the provider apt prefers; recommended packages that cannot be had are left. Every
package has one version (the suite's candidate), installed ones included, so nothing is ever upgraded.
Where apt would fall back on its problem resolver (named packages that exclude each other),
`Closure.broken` says so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from bpopt.apt import store
from bpopt.apt.catalog import Catalog, Group, Package
from bpopt.values import NamedTuple

_KEPT = store.ESSENTIAL | store.IMPORTANT


class Closure(NamedTuple):
    """What one `apt-get install` fetches.

    `packages` are those fetched, in the order chosen, named ones that were installed included
    (`--reinstall`). `unknown` are the arguments that apt would refuse (it then installs nothing at all).
    `because` gives for each package the one that brought it and whether that was a recommendation; named
    packages have no entry. `removed` are installed packages that would have to go, `broken` chosen ones
    whose relations do not hold.
    """

    packages: tuple[Package, ...]
    named: tuple[str, ...]
    unknown: tuple[str, ...]
    because: dict[str, tuple[str, bool]]
    removed: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(package.size for package in self.packages)

    @property
    def unpacked(self) -> int:
        """Bytes on disk, as the archive states them."""
        return sum(package.unpacked for package in self.packages)


def install(
    catalog: Catalog, names: Iterable[str], *, installed: Iterable[str] = (), recommends: bool = True
) -> Closure:
    """Return what `apt-get install NAMES` would fetch where the packages `installed` are there already.

    Names are what apt takes on its command line: packages, virtual packages with one provider,
    `name:amd64`, `name/suite`, `name=version`, `name+`, shell patterns. Installed names that the index
    lacks are passed over.
    """
    from bpopt.apt import arguments

    present = _Present(catalog, frozenset(installed))
    named, unknown = arguments.select(catalog, names)
    marks = _settle(catalog, present, named, recommends)
    chosen = dict.fromkeys([*named, *marks.chosen])
    return Closure(
        tuple(catalog.at(number) for number in chosen),
        tuple(catalog.at(number).name for number in named),
        unknown,
        {
            catalog.at(number).name: (catalog.at(by).name, soft)
            for number, (by, soft) in marks.because.items()
        },
        tuple(catalog.at(number).name for number in sorted(marks.removed)),
        tuple(catalog.at(number).name for number in marks.broken()),
    )


def _settle(catalog: Catalog, present: _Present, named: list[int], recommends: bool) -> _Marks:
    """Mark, and while something that came along does not hold together, mark again without it.

    This stands in for apt's problem resolver in the cases that an apt list meets: a choice whose first term
    turns out to exclude something else that was chosen.
    """
    barred: set[int] = set()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 20_000))
    try:
        while True:
            marks = _Marks(catalog, present, recommends, barred)
            marks.install(named)
            culprits = set(marks.broken()).difference(named)
            if not culprits:
                return marks
            barred |= culprits
    finally:
        sys.setrecursionlimit(limit)


class _Present:
    """The installed packages, asked for by number; only the names that matter are ever looked up."""

    def __init__(self, catalog: Catalog, names: frozenset[str]) -> None:
        self._name = catalog.name
        self._names = names
        self._known: dict[int, bool] = {}

    def __contains__(self, number: int) -> bool:
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._name(number) in self._names
        return known


class _Marks:
    """The state of one run: which packages stay, come, or may not come.

    `barred` those that lost their candidate, `fixed` those
    whose state may no longer change.
    """

    def __init__(self, catalog: Catalog, present: _Present, recommends: bool, barred: set[int]) -> None:
        self._at = catalog.at
        self._present = present
        self._recommends = recommends
        self._barred = set(barred)
        self._fixed: set[int] = set()
        self.chosen: dict[int, None] = {}
        self.because: dict[int, tuple[int, bool]] = {}
        self.removed: set[int] = set()

    def install(self, named: list[int]) -> None:
        """Mark the packages named on the command line, then what they need."""
        for number in named:
            self._fixed.add(number)
            self._choose(number)
        for number in named:
            self._mark(number, named=True)
        self._leave(
            {
                other
                for number in self.chosen
                for other in self._at(number).conflicted
                if other in self._present
            }
        )

    def broken(self) -> list[int]:
        """Return the chosen packages whose dependencies or conflicts do not hold."""
        return [
            number
            for number in self.chosen
            if not all(self._holds(group) for group in self._at(number).depends)
            or any(map(self._there, self._at(number).conflicts))
        ]

    def _choose(self, number: int) -> None:
        if not self._there(number):
            self.chosen[number] = None

    def _drop(self, number: int) -> None:
        self.chosen.pop(number, None)
        self.because.pop(number, None)

    def _there(self, number: int) -> bool:
        return number in self.chosen or (number in self._present and number not in self.removed)

    def _holds(self, group: Group) -> bool:
        return any(self._there(number) for term in group for number in term.packages)

    def _possible(self, group: Group) -> bool:
        return any(
            self._there(number) or (number not in self._barred and number not in self.removed)
            for term in group
            for number in term.packages
        )

    def _settled(self, package: Package) -> bool:
        groups = package.depends + package.recommends if self._recommends else package.depends
        return all(self._holds(group) for group in groups) and not any(map(self._there, package.conflicts))

    def _mark(self, number: int, *, named: bool = False, alone: bool = False) -> bool:
        """Mark a package for installation with all it needs; tell whether that worked.

        `alone` marks the package without what it needs.
        """
        if number in self._barred or number in self.removed:
            return False
        package, fixed = self._at(number), number in self._fixed
        if not fixed and self._there(number) and (number in self._present or self._settled(package)):
            return True
        if alone:
            self._choose(number)
            return True
        if number not in self._present and not all(self._possible(group) for group in package.depends):
            if not fixed:
                self._barred.add(number)
                self._drop(number)
            return False
        strict = not fixed and not named
        excluded, leaving = self._exclude(package, fixed, strict)
        if not excluded and strict:
            return False
        self._choose(number)
        self._fixed.add(number)
        met = self._meet(package, fixed, strict)
        if not fixed:
            self._fixed.discard(number)
        if not met and strict:
            self._discard(number)
            return False
        self._leave(leaving)
        return met and excluded

    def _discard(self, number: int) -> None:
        """Take back a choice that failed; the package loses its candidate for the rest of the run."""
        if number not in self._present:
            self._drop(number)
            self._barred.add(number)

    def _exclude(self, package: Package, fixed: bool, strict: bool) -> tuple[bool, list[int]]:
        """Make room for a package: what it conflicts with must not come; what is there must leave."""
        worked, leaving = True, []
        for other in package.conflicts:
            if other in self._present and other not in self.removed:
                if other in self._fixed or self._at(other).flags & _KEPT:
                    worked = False
                else:
                    leaving.append(other)
            elif other in self.chosen:
                if other in self._fixed:
                    worked = False
                else:
                    self._drop(other)
            if not worked and strict:
                break
            if fixed and other not in self._present and other not in self.chosen:
                self._barred.add(other)
                self._fixed.add(other)
        return worked, leaving

    def _leave(self, leaving: Iterable[int]) -> None:
        for number in leaving:
            self.removed.add(number)

    def _meet(self, package: Package, fixed: bool, strict: bool) -> bool:
        """Choose what a package depends on, and what it recommends."""
        worked = True
        groups = [(group, True) for group in package.depends]
        # What an installed package recommended and never got, apt leaves alone.
        if self._recommends and package.number not in self._present:
            groups += [(group, False) for group in package.recommends]
        # What is satisfied at this point is not looked at again, unless the package is fixed.
        groups = [(group, hard) for group, hard in groups if fixed or not self._holds(group)]
        for group, hard in groups:
            if self._holds(group):
                if fixed and hard:
                    worked &= self._fix_only(group)
            elif not self._take(package, group, hard, fixed) and hard:
                worked = False
                if strict:
                    break
        return worked

    def _fix_only(self, group: Group) -> bool:
        """What a fixed package depends on is fixed as well, if nothing else could take its place."""
        options = self._options(group)
        if len(options) != 1 or options[0] in self._fixed:
            return True
        self._fixed.add(options[0])
        return options[0] in self._present or self._mark(options[0])

    def _take(self, package: Package, group: Group, hard: bool, fixed: bool) -> bool:
        options = self._options(group)
        for number in options:
            if number in self._barred or number in self.removed:
                continue
            if fixed and hard and len(options) == 1:
                if not self._mark(number, alone=True):
                    continue
                self._fixed.add(number)
            self.because.setdefault(number, (package.number, not hard))
            if self._mark(number):
                return True
            if not self._there(number):
                self.because.pop(number, None)
        return False

    def _options(self, group: Group) -> list[int]:
        """Return the candidates of an or-group in the order in which apt tries them."""
        ordered = [
            number
            for term in group
            for number in sorted(term.packages, key=lambda n: (n not in self._fixed, n not in self._present))
        ]
        return [n for n in dict.fromkeys(ordered) if not (n in self._fixed and not self._there(n))]

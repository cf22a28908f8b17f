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
from functools import cached_property

from bpopt.apt import store
from bpopt.apt.catalog import Catalog, Group, Package, Several

_KEPT = store.ESSENTIAL | store.IMPORTANT


class Closure:
    """What one `apt-get install` fetches.

    `chosen` are the numbers of those fetched, in the order chosen, named ones that were installed included
    (`--reinstall`), `selected` the named ones, `ways` for each that was not named the one that brought it and whether
    it only recommends it. `unknown` are the arguments that apt would refuse (it then installs nothing at all).
    """

    def __init__(
        self,
        catalog: Catalog,
        chosen: Iterable[int],
        selected: Iterable[int],
        unknown: tuple[str, ...],
        ways: dict[int, tuple[int, bool]],
        removed: Iterable[int] = (),
        broken: Iterable[int] = (),
    ) -> None:
        self.catalog = catalog
        self.chosen = tuple(chosen)
        self.selected = tuple(selected)
        self.unknown = unknown
        self.ways = ways
        self._removed = removed
        self._broken = broken

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """The packages fetched; where numbers do, they are had for less."""
        return tuple(map(self.catalog.at, self.chosen))

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The numbers of the packages."""
        return frozenset(self.chosen)

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The packages that the arguments select."""
        return self._names(self.selected)

    @cached_property
    def removed(self) -> tuple[str, ...]:
        """The installed packages that would have to go."""
        return self._names(self._removed)

    @cached_property
    def broken(self) -> tuple[str, ...]:
        """The chosen packages whose relations do not hold."""
        return self._names(self._broken)

    @cached_property
    def because(self) -> dict[str, tuple[str, bool]]:
        """For each package the one that brought it, and whether that was a recommendation; not for named ones."""
        name = self.catalog.name
        return {name(number): (name(by), soft) for number, (by, soft) in self.ways.items()}

    @cached_property
    def size(self) -> int:
        """Bytes to download."""
        return sum(self.catalog.sizes(number)[0] for number in self.chosen)

    @cached_property
    def unpacked(self) -> int:
        """Bytes on disk, as the archive states them."""
        return sum(self.catalog.sizes(number)[1] for number in self.chosen)

    def brings(self, name: str) -> bool:
        """Tell whether the package of that name is among those fetched."""
        # Where none of its block is, the name need not be looked for: that takes a block of names to be unpacked.
        return self.catalog.block(name) in self._blocks and self.catalog.number(name) in self.numbers

    @cached_property
    def _blocks(self) -> frozenset[int]:
        return frozenset(number // store.BLOCK for number in self.chosen)

    def path_to(self, name: str) -> tuple[tuple[str, bool], ...]:
        """Return the way from a named package to this one, each with whether it was recommended; () without."""
        number = self.catalog.number(name)
        if number is None or number not in self.numbers:
            return ()
        steps: list[tuple[int, bool]] = []
        seen = set(self.selected)
        while number in self.ways and number not in seen:
            seen.add(number)
            by, recommended = self.ways[number]
            steps.append((number, recommended))
            number = by
        steps.append((number, False))
        return tuple((self.catalog.name(step), recommended) for step, recommended in reversed(steps))

    def _names(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(map(self.catalog.name, numbers))


def install(
    catalog: Catalog, names: Iterable[str], *, installed: Iterable[str] = (), recommends: bool = True
) -> Closure:
    """Return what `apt-get install NAMES` would fetch where the packages `installed` are there already.

    Names are what apt takes on its command line: packages, virtual packages with one provider,
    `name:amd64`, `name/suite`, `name=version`, `name+`, shell patterns. Installed names that the index
    lacks are passed over.
    """
    from bpopt.apt import arguments

    present = catalog.present(frozenset(installed))
    named, unknown = arguments.select(catalog, names)
    marks = _settle(catalog, present, named, recommends)
    chosen = dict.fromkeys([*named, *marks.chosen])
    return Closure(catalog, chosen, named, unknown, marks.because, sorted(marks.removed), marks.broken())


def _settle(catalog: Catalog, present: frozenset[int], named: list[int], recommends: bool) -> _Marks:
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


class _Marks:
    """The state of one run: which packages stay, come, or may not come.

    `here` are those that stay or come, `out` those that lost their candidate or have to go, `fixed` those whose
    state may no longer change. All are numbers, and an or-group holds if it is not disjoint from `here`.
    """

    def __init__(self, catalog: Catalog, present: frozenset[int], recommends: bool, barred: set[int]) -> None:
        self._at = catalog.at
        self._present = present
        self._recommends = recommends
        self._here = set(present)
        self._out = set(barred)
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
        for number in self.chosen:
            self._leave(self._present.intersection(self._at(number).conflicted))

    def broken(self) -> list[int]:
        """Return the chosen packages whose dependencies or conflicts do not hold."""
        apart = self._here.isdisjoint
        return [
            number
            for number in self.chosen
            if any(map(apart, self._at(number).depends)) or not apart(self._at(number).conflicts)
        ]

    def _choose(self, number: int) -> None:
        if number not in self._here:
            self.chosen[number] = None
            self._here.add(number)

    def _drop(self, number: int) -> None:
        self.chosen.pop(number, None)
        self.because.pop(number, None)
        if number not in self._present or number in self.removed:
            self._here.discard(number)

    def _leave(self, leaving: Iterable[int]) -> None:
        for number in leaving:
            self.removed.add(number)
            self._out.add(number)
            if number not in self.chosen:
                self._here.discard(number)

    def _possible(self, package: Package) -> bool:
        """Whether every dependency holds or can still be had."""
        here, out = self._here, self._out
        return not any(here.isdisjoint(group) and out.issuperset(group) for group in package.depends)

    def _settled(self, package: Package) -> bool:
        apart = self._here.isdisjoint
        groups = package.depends + package.recommends if self._recommends else package.depends
        return not any(map(apart, groups)) and apart(package.conflicts)

    def _mark(self, number: int, *, named: bool = False, alone: bool = False) -> bool:
        """Mark a package for installation with all it needs; tell whether that worked.

        `alone` marks the package without what it needs.
        """
        if number in self._out:
            return False
        package, fixed = self._at(number), number in self._fixed
        if not fixed and number in self._here and (number in self._present or self._settled(package)):
            return True
        if alone:
            self._choose(number)
            return True
        if number not in self._present and not self._possible(package):
            if not fixed:
                self._out.add(number)
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
            self._out.add(number)

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
                self._out.add(other)
                self._fixed.add(other)
        return worked, leaving

    def _meet(self, package: Package, fixed: bool, strict: bool) -> bool:
        """Choose what a package depends on, and what it recommends."""
        worked = True
        apart = self._here.isdisjoint
        # What is satisfied at this point is not looked at again, unless the package is fixed.
        groups = [(group, True) for group in package.depends if fixed or apart(group)]
        # What an installed package recommended and never got, apt leaves alone.
        if self._recommends and package.number not in self._present:
            groups += [(group, False) for group in package.recommends if fixed or apart(group)]
        for group, hard in groups:
            if not apart(group):
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
            if number in self._out:
                continue
            if fixed and hard and len(options) == 1:
                if not self._mark(number, alone=True):
                    continue
                self._fixed.add(number)
            self.because.setdefault(number, (package.number, not hard))
            if self._mark(number):
                return True
            if number not in self._here:
                self.because.pop(number, None)
        return False

    def _options(self, group: Group) -> list[int]:
        """Return the candidates of an or-group in the order in which apt tries them."""
        fixed, here, present = self._fixed, self._here, self._present
        ordered: Iterable[int] = group
        if isinstance(group, Several):
            ordered = [
                number
                for term in group.terms
                for number in sorted(term.packages, key=lambda n: (n not in fixed, n not in present))
            ]
        return [n for n in dict.fromkeys(ordered) if n not in fixed or n in here]

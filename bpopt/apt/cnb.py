"""What the deb-packages buildpack (Heroku Fir, `heroku/builder`) would choose.

Its resolver is simple by design: dependencies only, of an or-group the first name, a virtual package only
with exactly one provider, and nothing that the build image has, the named packages included. Source
(checked 2026-11-24): https://github.com/heroku/buildpacks-deb-packages, commit f32159e,
src/determine_packages_to_install.rs.
"""

from __future__ import annotations

from collections.abc import Iterable

from bpopt.apt.catalog import Catalog, Group, Several
from bpopt.apt.solver import Closure


def install(catalog: Catalog, names: Iterable[str], *, installed: Iterable[str] = ()) -> Closure:
    """Return what the buildpack fetches for `install = NAMES`; `unknown` are names that fail the build."""
    visit = _Visit(catalog, frozenset(installed))
    named: list[int] = []
    for name in names:
        number = visit.find(name)
        if number is not None and visit.take(number):
            named.append(number)
    ways = {number: (by, False) for number, by in visit.chosen.items() if by is not None}
    return Closure(catalog, visit.chosen, named, tuple(dict.fromkeys(visit.unknown)), ways)


class _Visit:
    def __init__(self, catalog: Catalog, installed: frozenset[str]) -> None:
        self._catalog = catalog
        self._installed = installed
        self._present = catalog.present(installed)
        self.chosen: dict[int, int | None] = {}
        self.unknown: list[str] = []

    def find(self, name: str) -> int | None:
        """Return the package called `name` or its only provider; note the name when there is none."""
        resolved = self._catalog.resolve(name)
        if name in self._installed:
            return None
        if resolved is None:
            self.unknown.append(name)
            return None
        return self._catalog.number(resolved)

    def take(self, first: int) -> bool:
        """Choose a package and all it depends on, depth first; tell whether it had to be fetched."""
        pending: list[tuple[int, int | None]] = [(first, None)]
        before = len(self.chosen)
        while pending:
            number, by = pending.pop()
            if number in self.chosen or number in self._present:
                continue
            self.chosen[number] = by
            wanted = [self._first(group) for group in self._catalog.at(number).depends]
            pending += [(found, number) for found in reversed(wanted) if found is not None]
        return len(self.chosen) > before

    def _first(self, group: Group) -> int | None:
        if not isinstance(group, Several):
            return group[0]
        term = group.terms[0]
        return self.find(term.name) if term.name else term.packages[0]

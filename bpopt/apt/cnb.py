"""What the deb-packages buildpack (Heroku Fir, `heroku/builder`) would choose.

Its resolver is simple by design: dependencies only, of an or-group the first name, a virtual package only
with exactly one provider, and nothing that the build image has, the named packages included. Source
(checked 2026-11-24): https://github.com/heroku/buildpacks-deb-packages, commit f32159e,
src/determine_packages_to_install.rs.
"""

from __future__ import annotations

from collections.abc import Iterable

from bpopt.apt.catalog import Catalog, Term
from bpopt.apt.solver import Closure


def install(catalog: Catalog, names: Iterable[str], *, installed: Iterable[str] = ()) -> Closure:
    """Return what the buildpack fetches for `install = NAMES`; `unknown` are names that fail the build."""
    visit = _Visit(catalog, frozenset(installed))
    named: list[str] = []
    for name in names:
        number = visit.find(name)
        if number is not None and visit.take(number, None):
            named.append(catalog.at(number).name)
    return Closure(
        tuple(catalog.at(number) for number in visit.chosen),
        tuple(named),
        tuple(dict.fromkeys(visit.unknown)),
        {catalog.at(number).name: (by, False) for number, by in visit.chosen.items() if by},
        (),
        (),
    )


class _Visit:
    def __init__(self, catalog: Catalog, installed: frozenset[str]) -> None:
        self._catalog = catalog
        self._installed = installed
        self.chosen: dict[int, str | None] = {}
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

    def take(self, first: int, by: str | None) -> bool:
        """Choose a package and all it depends on, depth first; tell whether it had to be fetched."""
        pending = [(first, by)]
        before = len(self.chosen)
        while pending:
            number, by = pending.pop()
            package = self._catalog.at(number)
            if number in self.chosen or package.name in self._installed:
                continue
            self.chosen[number] = by
            wanted = [self._first(group[0]) for group in package.depends]
            pending += [(found, package.name) for found in reversed(wanted) if found is not None]
        return len(self.chosen) > before

    def _first(self, term: Term) -> int | None:
        if not term.name:
            return term.packages[0]
        return self.find(term.name)

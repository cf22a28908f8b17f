"""Resolve an index's relations once and for all, when its catalog is built.

Within one suite every package has one candidate version, so which packages satisfy `foo (>= 2) | bar` is
known beforehand. What is left of a relation is packages only: a group is a choice of terms, each term the
packages that satisfy it in the order in which apt prefers them (own name, essential, priority, then the
package that apt met last; `CompareProviders` in
https://salsa.debian.org/apt-team/apt/-/blob/2.6.1/apt-pkg/depcache.cc).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bpopt.apt import version
from bpopt.apt.index import Stanza, Term
from bpopt.values import NamedTuple

Satisfying = tuple[str, tuple[int, ...]]  # a term's name and the numbers of the packages that satisfy it


class Record(NamedTuple):
    """A package of the catalog, its relations resolved to package numbers."""

    stanza: Stanza
    depends: list[list[Satisfying]]
    recommends: list[list[Satisfying]]
    conflicts: list[int]
    conflicted: list[int]


class Universe(NamedTuple):
    """The candidates of a suite, sorted by name (a package's number is its place), and who provides what."""

    candidates: list[Stanza]
    numbers: dict[str, int]
    provides: dict[str, list[tuple[int, str]]]
    met: dict[str, int]


def universe(stanzas: Iterable[Stanza], keep: Callable[[str], bool] = lambda name: True) -> Universe:
    """Choose the candidate (highest version) of each name; `stanzas` in apt's order of sources."""
    best: dict[str, Stanza] = {}
    met: dict[str, int] = {}
    for stanza in stanzas:
        for name in stanza.mentioned():
            met.setdefault(name, len(met))
        known = best.get(stanza.name)
        if keep(stanza.name) and (known is None or version.key(stanza.version) > version.key(known.version)):
            best[stanza.name] = stanza
    candidates = [best[name] for name in sorted(best)]
    numbers = {stanza.name: number for number, stanza in enumerate(candidates)}
    provides: dict[str, list[tuple[int, str]]] = {}
    for number, stanza in enumerate(candidates):
        for group in stanza.groups("Provides"):
            provides.setdefault(group[0].name, []).append((number, group[0].version))
    return Universe(candidates, numbers, provides, met)


def resolve(known: Universe) -> list[Record]:
    """Return the records of all candidates, in the order of their numbers."""
    records = [_record(known, number, stanza) for number, stanza in enumerate(known.candidates)]
    for number, record in enumerate(records):
        for other in record.conflicts:
            records[other].conflicted.append(number)
    return records


def providers(known: Universe, name: str) -> tuple[int, ...]:
    """Return the numbers of the packages that provide `name`, in apt's order of preference."""
    return tuple(_preferred(known, name, {number for number, _ in known.provides.get(name, ())}))


def _record(known: Universe, number: int, stanza: Stanza) -> Record:
    return Record(
        stanza,
        [_group(known, group) for group in stanza.groups("Pre-Depends", "Depends")],
        [_group(known, group) for group in stanza.groups("Recommends")],
        sorted(
            {
                found
                for group in stanza.groups("Conflicts", "Breaks")
                for found in _satisfying(known, group[0])
                if found != number
            }
        ),
        [],
    )


def _group(known: Universe, terms: list[Term]) -> list[Satisfying]:
    return [(term.name, tuple(_preferred(known, term.name, _satisfying(known, term)))) for term in terms]


def _satisfying(known: Universe, term: Term) -> set[int]:
    """Return the packages that satisfy `term`: the one of that name, and those that provide it.

    A relation with a version is met by a provider only if it provides that version; `name:any` only by
    packages that allow it, and `name:i386` by nothing on amd64.
    """
    if term.arch not in ("", "any", "native", "amd64"):
        return set()
    found = {
        provider
        for provider, provided in known.provides.get(term.name, ())
        if not term.relation or (provided and version.meets(provided, term.relation, term.version))
    }
    own = known.numbers.get(term.name)
    if own is not None and (
        not term.relation or version.meets(known.candidates[own].version, term.relation, term.version)
    ):
        found.add(own)
    if term.arch == "any":
        found = {number for number in found if known.candidates[number].multi_arch == "allowed"}
    return found


def _preferred(known: Universe, name: str, found: set[int]) -> list[int]:
    def rank(number: int) -> tuple[bool, bool, bool, int, int]:
        stanza = known.candidates[number]
        return (
            stanza.name != name,
            not stanza.essential,
            not stanza.important,
            stanza.priority,
            -known.met.get(stanza.name, 0),
        )

    return sorted(found, key=rank)

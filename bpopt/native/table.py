"""What an app's requirements need from the system, from shipped data: what rules ask.

    needs("opencv-python")                    (Need("libGL.so.1", "link", ...), ...)
    provider("libGL.so.1", "heroku-24")       "libgl1"
    missing(app, target)                      what neither the run image nor the apt list has

All of it is offline. A distribution that the table does not hold is unknown, never taken to need nothing;
versions between two that were looked at need what the older one does (`certainty` says what that rests on).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from bpopt.app.once import once
from bpopt.native import rows
from bpopt.native.libraries import LIBC
from bpopt.native.rows import Need, Row
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.apt.solver import Closure
    from bpopt.documents.requirements import Requirement

__all__ = [
    "Loads",
    "Missing",
    "Need",
    "always",
    "brought",
    "certainty",
    "compiled",
    "given",
    "known_source",
    "loads",
    "missing",
    "needs",
    "packages",
    "provider",
    "used_of",
    "wanted",
    "wanted_by",
]

Certainty = Literal["exact", "near", "read", "unknown"]


class Missing(NamedTuple):
    """Something needed that nothing brings.

    `through` are the distributions from the requirements' line to the one that needs it; `package` is what has
    it on the stack, "" when no package does. `exact` tells that the image's own package list says so.
    """

    requirement: Requirement
    through: tuple[str, ...]
    need: Need
    package: str
    exact: bool


class Loads(NamedTuple):
    """All that the requirements may load or run. `unknown` are distributions of which too little is known.

    Only when `unknown` is empty is what is not in `needs` loaded by no requirement (the app's own source may
    still load it).
    """

    needs: tuple[Need, ...]
    unknown: tuple[str, ...]


@lru_cache(maxsize=2048)
def needs(distribution: str, version: str | None = None) -> tuple[Need, ...]:
    """Return what a distribution needs at a version (the newest known one if None); () also when unknown."""
    return merged(_chosen(distribution, version))


def merged(found: tuple[Row, ...]) -> tuple[Need, ...]:
    """Return the needs of several rows of one distribution, each once, as the one that needs it most."""
    best: dict[tuple[bool, str], Need] = {}
    for need in (need for row in found for need in row.needs):
        key = (need.via == "program", need.soname)
        if key not in best or (best[key].part and not need.part):
            best[key] = need
    return tuple(best.values())


def certainty(distribution: str, version: str | None = None) -> Certainty:
    """Return what the answer of `needs` rests on.

    "exact": a wheel of that version was read; "near": one of another version; "read": nothing but the source,
    or the documentation; "unknown": nothing.
    """
    chosen = _chosen(distribution, version)
    if not chosen:
        return "unknown"
    wheel = next((row for row in chosen if not row.by_hand), None)
    if wheel is None:
        return "read"
    return "exact" if wheel.version == version else "near"


def always(distribution: str, soname: str) -> bool:
    """Tell whether every wheel of a distribution that was read, or every entry by hand, needs it for anything."""
    found = rows.of(distribution)
    wheels = [row for row in found if not row.by_hand]
    hand = [
        need.soname
        for row in found
        if row.by_hand and row.version == "*"
        for need in row.needs
        if not need.part
    ]
    linked = all(any(n.soname == soname and not n.part for n in row.needs) for row in wheels)
    return soname in hand or (bool(wheels) and linked)


@lru_cache(maxsize=2048)
def _chosen(distribution: str, version: str | None) -> tuple[Row, ...]:
    """The row of the wheel that stands for a version, and the entries by hand that hold for it."""
    found = rows.of(distribution)
    wheels = [row for row in found if not row.by_hand]
    hand = tuple(row for row in found if row.by_hand and holds(row, version))
    return (*((_wheel(wheels, version),) if wheels else ()), *hand)


def holds(row: Row, version: str | None) -> bool:
    """Tell whether an entry by hand holds for a version; one with a limit does not for an unknown version."""
    from bpopt.documents.releases import not_older

    if row.version == "*":
        return True
    return version is not None and not_older(version, row.version[1:]) is False


def _wheel(wheels: list[Row], version: str | None) -> Row:
    """The newest wheel that is not newer than `version`, else the oldest; the newest of all for None."""
    from bpopt.documents.releases import not_older

    if version is None:
        return wheels[-1]
    exact = next((row for row in wheels if row.version == version), None)
    older = [row for row in wheels if not_older(version, row.version)]
    return exact or (older[-1] if older else wheels[0])


def provider(soname: str, stack: str | None, *, via: str = "link") -> str | None:
    """Return the package that has a library (or, via "program", a program) on a stack; None when none is known."""
    found = packages(Need(soname, via, "", ""), stack) or ()
    # Headers' packages hold link names; where several have the library, the one with the shortest name is plain.
    plain = [package for package in found if not package.endswith("-dev")] or list(found)
    return min(plain, key=lambda package: (len(package), package), default=None)


def packages(need: Need, stack: str | None) -> tuple[str, ...] | None:
    """Return the packages that an apt list may bring it with; None when the stack's suite has no file list."""
    return _having(need.brought_as, stack)


def _having(name: str, stack: str | None) -> tuple[str, ...] | None:
    from bpopt.apt import stacks
    from bpopt.native import libraries

    found = stacks.find(stack)
    return None if found is None else libraries.packages(name, found.suite)


def given(need: Need, stack: str | None) -> bool | None:
    """Tell whether the run image of a stack has what is needed; None when no list says so."""
    if need.soname in LIBC:
        return True
    from bpopt.apt import images

    found, image = _having(need.listed, stack), images.image(stack, "run")
    if found is None or image is None:
        return None
    return any(package in image.packages for package in found)


def missing(app: App, target: Target) -> tuple[Missing, ...]:
    """Return what the requirements need for importing or for anything they do, and neither image nor list has.

    () as well where nothing is known of the stack, where the apt list brings what no catalog knows, and where
    apt refuses a line of it: then nothing of the app works, and that is what has to be told.
    """
    needed = (item for item in wanted(app) if not item[2].part)
    lacking = [item for item in needed if given(item[2], target.stack) is False]
    if not lacking:
        return ()
    there = brought(app, target)
    if there is None:
        return ()
    from bpopt.apt import images

    image = images.image(target.stack, "run")
    exact = image is not None and image.exact
    found = []
    for entry, through, need in lacking:
        if not any(package in there for package in packages(need, target.stack) or ()):
            package = provider(need.soname, target.stack, via=need.via) or ""
            found.append(Missing(entry, through, need, package, exact))
    return tuple(found)


def brought(app: App, target: Target) -> Container[str] | None:
    """Return the packages that the apt list brings, to ask by name; None when unknown, or apt refuses a line."""
    from bpopt.app import apt_list

    listed = apt_list.of(app, target)
    if not listed.whole:
        return None
    if not listed.lines:
        return frozenset()
    layer = apt_list.layer(app, target)
    if layer is None or layer.refused:
        return None
    return layer


def wanted(app: App) -> Iterator[tuple[Requirement, tuple[str, ...], Need]]:
    """Yield what each requirement needs, by itself and through what it requires without a marker."""
    seen: set[str] = {entry.name for entry in _listed(app)}
    for entry in _listed(app):
        yield from ((entry, (entry.name,), need) for need in needs(entry.name, _version(entry)))
        for path in _walk((entry.name,), _version(entry), seen):
            yield from ((entry, path, need) for need in needs(path[-1]))


def _walk(start: tuple[str, ...], version: str | None, seen: set[str]) -> Iterator[tuple[str, ...]]:
    """The distributions that come in by one and are on no line, each once, with the way to it."""
    pending = [(*start, name) for name in _requires(start[-1], version)]
    while pending:
        path = pending.pop(0)
        if path[-1] not in seen:
            seen.add(path[-1])
            yield path
            pending += [(*path, name) for name in _requires(path[-1], None)]


@lru_cache(maxsize=2048)
def _requires(name: str, version: str | None) -> list[str]:
    return [r for row in _chosen(name, version) for r in row.requires if not r.endswith("?")]


def _listed(app: App) -> list[Requirement]:
    """The lines of what a build installs that hold without a marker and name a distribution."""
    return [
        entry
        for document in app.requirement_files
        for entry in document.requirements
        if entry.name and not entry.marker and not entry.url
    ]


def _version(entry: Requirement) -> str | None:
    from bpopt.documents.requirements import pinned

    return pinned(entry)


@once
def loads(app: App) -> Loads:
    """Return all that the requirements and what they require may load or run, needed or not."""
    unknown: dict[str, None] = {}
    found: dict[Need, None] = {}
    for document in app.requirement_files:
        if document.problems:
            unknown[document.source.path] = None
        for entry in document.requirements:
            if entry.url or entry.extras or not entry.name:
                unknown[entry.name or entry.url] = None
    for name, version in _all(app):
        found.update(dict.fromkeys(needs(name, version)))
        if not _complete(name, version):
            unknown[name] = None
    return Loads(tuple(found), tuple(unknown))


def wanted_by(app: App, target: Target, line: int) -> tuple[str, ...] | None:
    """Return which libraries and programs of an apt list's line (from 0) the requirements may load or run.

    () only where it is certain that they load nothing of it: every requirement, and what each requires, is
    known whole, and the line is understood. What the app's own source loads or runs is not looked at. None
    where it is not known.
    """
    from bpopt.app import apt_list

    layer = apt_list.layer(app, target)
    if layer is None or not layer.exact:
        return None
    closure = layer.closures[line]
    if closure.unknown or closure.broken or not closure.chosen:
        return None
    return used_of(app, target, closure)


def used_of(app: App, target: Target, closure: Closure) -> tuple[str, ...] | None:
    """Return which libraries and programs of these packages the requirements may load or run.

    As `wanted_by`: () is a proof, None says that it is not known.
    """
    from bpopt.apt import stacks
    from bpopt.native import libraries

    stack = stacks.find(target.stack)
    if stack is None or libraries.packages("libc.so.6", stack.suite) is None:
        return None
    found, unknown = loads(app)
    used = tuple(need.listed for need in found if any(map(closure.brings, _bringing(need, target.stack))))
    return used or (None if unknown else ())


@lru_cache(maxsize=2048)
def _bringing(need: Need, stack: str | None) -> frozenset[str]:
    """The packages that have what is needed, those included whose files the loader does not find by itself."""
    from bpopt.native.libraries import HIDDEN

    return frozenset(packages(need, stack) or ()) | HIDDEN.get(need.soname, {}).keys()


@once
def compiled(app: App) -> tuple[str, ...]:
    """Return the distributions that pip may compile for this app, those that others require included.

    Certainly none are those whose newest wheel read is no newer than what is installed: for an older version there
    may be no wheel for today's Pythons. With `--no-binary` it is all of them.
    """
    every = any(option.name == "--no-binary" for d in app.requirement_files for option in d.options)
    return tuple(name for name, version in _all(app) if every or not _has_wheel(name, version))


@lru_cache(maxsize=2048)
def _has_wheel(name: str, version: str | None) -> bool:
    wheels = [row for row in rows.of(name) if not row.by_hand]
    pure = all(row.origin.endswith("-any.whl") for row in wheels)
    return bool(wheels) and (pure or version is None or _current(version, wheels[-1].version))


def known_source(name: str) -> bool:
    """Tell whether somebody read all that a distribution links when it is compiled, and all that it requires."""
    return any("c" in row.flags and "a" in row.flags for row in rows.of(name))


def _current(version: str, newest: str) -> bool:
    """Whether a version is not older than the newest read, patches left out."""
    from bpopt.documents.releases import not_older

    return bool(not_older(version, ".".join(newest.split(".")[:2])))


def _all(app: App) -> Iterator[tuple[str, str | None]]:
    """The requirements and what they require, each once, with the version where it is pinned."""
    pending = [(e.name, _version(e)) for d in app.requirement_files for e in d.requirements if e.name]
    seen: set[str] = set()
    while pending:
        name, version = pending.pop(0)
        if name not in seen:
            seen.add(name)
            yield name, version
            pending += [(r.rstrip("?"), None) for row in _chosen(name, version) for r in row.requires]


@lru_cache(maxsize=2048)
def _complete(name: str, version: str | None) -> bool:
    """Whether all needs are known, and all that it requires: a wheel that opens and runs nothing, or by reading."""
    chosen = _chosen(name, version)
    wheel = next((row for row in chosen if not row.by_hand), None)
    if wheel is not None and not wheel.flags:
        return True
    return any("c" in row.flags and (wheel is not None or "a" in row.flags) for row in chosen)

"""From the binaries of a distribution to what they need from outside: what nothing in the wheel bundles."""

from __future__ import annotations

from collections.abc import Iterable

from bpopt.native.elf import Binary
from bpopt.native.libraries import LIBC
from bpopt.values import NamedTuple


class External(NamedTuple):
    """A library that a wheel does not bundle. `part` is the file that needs it, "" when importing does."""

    soname: str
    part: str


def external(binaries: Iterable[Binary]) -> tuple[External, ...]:
    """Return what the binaries need that is neither among them nor in glibc, sorted.

    A need counts as one of importing (`part` empty) only when the wheel has exactly one extension module and
    that reaches it through its own libraries; else it is said which file needs it, as plugins, variants and
    modules that nobody imports need things too.
    """
    files = tuple(binaries)
    bundled = {name: file for file in files for name in (file.name, file.soname) if name}
    modules = [file for file in files if file.module]
    imported = _reach(modules, bundled) if len(modules) == 1 else set()
    found: dict[str, str] = {}
    for file in files:
        for soname in file.needed:
            if soname in bundled or soname in LIBC:
                continue
            if file.path in imported:
                found[soname] = ""
            elif found.get(soname) != "":
                found[soname] = min(found.get(soname) or file.name, file.name)
    return tuple(External(soname, part) for soname, part in sorted(found.items()))


def _reach(start: list[Binary], bundled: dict[str, Binary]) -> set[str]:
    """The paths of files that loading `start` loads as well."""
    seen: set[str] = set()
    pending = list(start)
    while pending:
        file = pending.pop()
        if file.path not in seen:
            seen.add(file.path)
            pending += [bundled[soname] for soname in file.needed if soname in bundled]
    return seen

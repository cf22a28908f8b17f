"""Build, refresh and list catalogs: what stands behind `bpopt catalog update` and `bpopt catalog list`.

`python -m bpopt.apt.update SUITE... [--mirror URL] [--into FOLDER]` refreshes the shipped ones.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bpopt.apt import archive, catalog, stacks
from bpopt.apt.archive import ArchiveError, Progress
from bpopt.values import NamedTuple


class Entry(NamedTuple):
    """A catalog that is there: `verified` is "signature" or "checksum", `stacks` whose suite it is."""

    suite: str
    date: str
    packages: int
    verified: str
    source: str
    shipped: bool
    path: str
    size: int
    stacks: tuple[str, ...]


def update(
    suite: str,
    *,
    mirror: str | None = None,
    keyring: str | None = None,
    folder: str | None = None,
    progress: Progress | None = None,
) -> Entry:
    """Build the catalog of `suite` from its archive into `folder` (the user's by default), in one step.

    Raises ArchiveError when the archive cannot be read or does not verify, OSError when the folder cannot be
    written. What was there before stays until the new one is whole.
    """
    from bpopt.apt import build, index

    if not suite.isalnum():
        raise ArchiveError(f"{suite!r} is no suite name")
    where = archive.origin(suite, mirror, keyring)
    target = os.path.join(folder or catalog.user_folder(), f"{suite}.sqlite")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with _alone(suite) as downloads:
        found = list(archive.indexes(where, suite, downloads, progress or _silent))
        releases = [release for release, _ in found]
        stanzas = (stanza for _, path in found for stanza in index.stanzas(archive.read(path)))
        build.write(
            target,
            stanzas,
            {
                "suite": suite,
                "origin": where.name,
                "components": " ".join(where.components),
                "date": max(release.date for release in releases),
                "source": " ".join(dict.fromkeys(release.url for release in releases)),
                "verified": "signature" if all(release.signed for release in releases) else "checksum",
            },
        )
        _clear(downloads)
    catalog.for_suite.cache_clear()
    catalog.for_stack.cache_clear()
    return _entry(target, shipped=folder is not None)


def available() -> tuple[Entry, ...]:
    """Return the catalogs that are there; the user's stands before the shipped one of the same suite."""
    chosen: dict[str, Entry] = {}
    for folder, shipped in ((catalog.user_folder(), False), (catalog.SHIPPED, True)):
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            suite, extension = os.path.splitext(name)
            path = os.path.join(folder, name)
            if extension == ".sqlite" and suite not in chosen and catalog.readable(catalog.Catalog(path)):
                chosen[suite] = _entry(path, shipped=shipped)
    return tuple(chosen[suite] for suite in sorted(chosen))


def _entry(path: str, *, shipped: bool) -> Entry:
    meta = catalog.Catalog(path).meta
    return Entry(
        meta["suite"],
        meta.get("date", ""),
        int(meta["packages"]),
        meta.get("verified", ""),
        meta.get("source", ""),
        shipped,
        path,
        os.path.getsize(path),
        tuple(stack.name for stack in stacks.all_stacks() if meta["suite"] == stack.suite != stack.name),
    )


def _silent(label: str, size: int, there: int) -> None:
    """Show nothing."""


def _clear(folder: str) -> None:
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))


@contextmanager
def _alone(suite: str) -> Iterator[str]:
    """Give a download folder that one process at a time may use; parts of a broken run are kept."""
    import fcntl

    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(base, "bpopt", "apt", suite)
    os.makedirs(folder, exist_ok=True)
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def main(arguments: list[str]) -> int:
    """Build the catalogs of the suites named, reporting to stderr."""
    import argparse

    parser = argparse.ArgumentParser(prog="python -m bpopt.apt.update", description=__doc__)
    parser.add_argument("suites", nargs="+")
    parser.add_argument("--mirror")
    parser.add_argument("--keyring")
    parser.add_argument("--into", default=catalog.SHIPPED)
    options = parser.parse_args(arguments)
    for suite in options.suites:
        try:
            entry = update(suite, mirror=options.mirror, keyring=options.keyring, folder=options.into)
        except (ArchiveError, OSError) as error:
            print(f"{suite}: {error}", file=sys.stderr)
            return 1
        print(f"{suite}: {entry.packages} packages of {entry.date}, {entry.size} bytes, {entry.verified}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Releases of Python: when each minor version came out and when it ends. Imported when one is asked for."""

from __future__ import annotations

from bpopt.values import NamedTuple


class Release(NamedTuple):
    """A minor version of Python: the ISO dates of its first release and of its end of life.

    `latest` is the newest patch release known on `date`, empty where none was known.
    """

    name: str
    released: str
    end_of_life: str
    latest: str
    source: str
    latest_source: str
    date: str


def releases() -> tuple[Release, ...]:
    """Every minor version known, oldest first."""
    from bpopt.platforms.tables.python import RELEASES

    return tuple(Release(*row) for row in RELEASES)


def release(minor: str) -> Release | None:
    """The release of a minor version such as `3.12`, None if it is not known."""
    return next((found for found in releases() if found.name == minor), None)

"""Releases of Python: when each minor version came out and when it ends."""

from __future__ import annotations

from bpopt.platforms.model import PythonRelease


def python_releases() -> tuple[PythonRelease, ...]:
    """Every minor version known, oldest first."""
    from bpopt.platforms.tables.python import RELEASES

    return tuple(PythonRelease(*row) for row in RELEASES)


def python_release(minor: str) -> PythonRelease | None:
    """The release of a minor version such as `3.12`, None if it is not known."""
    return next((release for release in python_releases() if release.name == minor), None)

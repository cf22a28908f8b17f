"""Which version of a distribution the requirements lead to, as far as that is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.documents.requirements import Requirement


def at_least(app: App, name: str, version: str, releases: tuple[str, ...]) -> bool | None:
    """Whether pip would install `version` of a distribution or a newer one.

    `releases` are some that are at least `version`, the newest of each series: pip takes the newest that is
    allowed. None if the distribution is not listed or its line tells no version.
    """
    entry = app.requirement(name)
    return None if entry is None else leads_to(entry, version, releases)


def leads_to(entry: Requirement, version: str, releases: tuple[str, ...]) -> bool | None:
    """The same for one line of a requirements file."""
    from bpopt.documents.requirements import allows, pinned

    pin = pinned(entry)
    if pin is not None:
        return not_older(pin, version)
    answers = [allows(entry, release) for release in releases]
    if True in answers:
        return True
    return None if None in answers else False


def not_older(one: str, other: str) -> bool | None:
    """Whether version `one` is `other` or newer; None if either is no version."""
    from packaging.version import InvalidVersion, Version

    try:
        return Version(one) >= Version(other)
    except InvalidVersion:
        return None

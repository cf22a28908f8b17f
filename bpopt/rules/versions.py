"""Which version of a distribution, and which Python, an app leads to, as far as that is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.releases import not_older
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.python_version import PythonVersion
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


class Python(NamedTuple):
    """The Python that a target would give an app: its minor version, and whether a file asks for it."""

    minor: tuple[int, int]
    told: bool


def python_of(app: App, target: Target) -> Python | None:
    """The Python of an app on a target: from runtime.txt where that counts and wins, .python-version, or the default.

    None where a file asks for something that cannot be read.
    """
    platform = target.platform
    kinds = ["runtime_txt", "python_version"] if platform.holds("reads.runtime_txt") else ["python_version"]
    for kind in kinds:
        document: PythonVersion | None = app.first(kind)
        if document is not None and document.requests:
            request = document.request
            return Python(request.minor, True) if request is not None and request.minor else None
    if app.has("Pipfile.lock"):
        return None
    default = platform.fact("python.default")
    if default is None or not isinstance(default.value, str):
        return None
    major, _, minor = default.value.partition(".")
    return Python((int(major), int(minor)), False)

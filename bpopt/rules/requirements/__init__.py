"""Rules of one family: requirements. Here is what several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.locked import Locked
    from bpopt.documents.requirements import Requirement, Requirements

# Two ends of what an app may run on: a marker that holds on both holds everywhere in between.
_LINUX = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "extra": "",
}
_PYTHONS = (
    {"python_version": "3.10", "python_full_version": "3.10.20"},
    {"python_version": "3.14", "python_full_version": "3.14.7"},
)


def installed(document: Requirements, app: App) -> bool:
    """Whether a build installs this file: requirements.txt and what it includes."""
    return (
        document in app.requirement_files
    )  # documents are told apart by their sources, and those by identity


def apt_list(app: App) -> str:
    """Where this app writes the packages that it wants from apt."""
    project = app.aptfile is None and any(target.platform.name == "heroku-fir" for target in app.targets)
    return "the deb-packages table of project.toml" if project else "the Aptfile"


def everything(app: App) -> Iterator[tuple[Requirements, Requirement]]:
    """Every requirement that a build installs, with its file: requirements.txt, or pyproject.toml beside a lock."""
    locked = app.locked
    for document in app.requirement_files if locked is None else (locked.document,):
        for entry in document.requirements:
            if applies(entry):
                yield document, entry


def applies(entry: Requirement) -> bool:
    """Whether the marker of a line certainly lets it through on Linux; true without a marker."""
    if not entry.marker:
        return True
    from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName

    try:
        marker = Marker(entry.marker)
        return all(marker.evaluate({**_LINUX, **python}) for python in _PYTHONS)
    except (InvalidMarker, UndefinedEnvironmentName, ValueError):
        return False


def locked_with(document: Requirements, app: App) -> Locked | None:
    """The lock that a document stands beside: no fix edits that one, for the lock would no longer agree with it."""
    return app.locked if app.locked is not None and document is app.locked.document else None


def without_line(document: Requirements, entry: Requirement) -> Edit:
    """The edit that takes a requirement out, with all the lines it is on and the comment behind it."""
    source = document.source
    first = source.whole_line(Span(entry.span.start, entry.span.start))
    last = source.whole_line(Span(entry.span.end, entry.span.end))
    return Edit(source.path, Span(first.start, max(first.end, last.end)), "")


def commented(document: Requirements, entry: Requirement) -> bool:
    """Whether a comment stands behind a requirement or on the line above it."""
    source = document.source
    line = source.position(entry.span.start).line
    behind = source.line_at(source.position(entry.span.end).line)
    return "#" in behind or source.line_at(line - 1).lstrip().startswith("#")

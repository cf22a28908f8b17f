"""A dlib that today's CMake refuses to build.

## What it does

Finds dlib pinned to a release before 19.24.6.

## Why is this bad

19.24.4 and older ask for CMake features that CMake 4 has removed, and 19.24.2 lets pip fetch the newest
CMake: the build ends with "Compatibility with CMake < 3.5 has been removed". Releases that take the CMake
of the image work only as long as that is older than 4.

## Fix safety

Unsafe: 19.24.9 is asked for, the newest of that series. It needs a `cmake` on the PATH, which Heroku's
build images have. Where the build sees settings, CMAKE_POLICY_VERSION_MINIMUM=3.5 keeps the old one alive.

## References

- [CMake 4.0: compatibility with versions below 3.5 removed](https://cmake.org/cmake/help/latest/release/4.0.html)
- [dlib on PyPI](https://pypi.org/project/dlib/#history)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.releases import not_older
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import applies, installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirements

META = Rule("BP717", "unbuildable-dlib", "requirements", Severity.WARNING)

EXAMPLES = (
    bad("«dlib==19.24.2»\n", fixed="dlib==19.24.9\n", safety="unsafe", severity="error"),
    bad("«dlib==19.22.1»\n", fixed="dlib==19.24.9\n", safety="unsafe", severity="warning"),
    ok("dlib==19.24.9\n"),
    ok("dlib==20.0.1\n"),
    ok("dlib>=19.7\n", title="pip takes the newest"),
    ok(
        {"requirements.txt": "dlib==19.24.2\n", ".env": "CMAKE_POLICY_VERSION_MINIMUM=3.5\n"},
        on="dokku",
        title="told to go on",
    ),
)

_FIRST = "19.24.6"  # its CMake files ask for 3.5 or newer
_FETCHES = "19.24.2"  # this one lists cmake as a build requirement, so pip fetches the newest
_URL = "https://cmake.org/cmake/help/latest/release/4.0.html"


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report a pinned dlib that is too old."""
    from bpopt.documents.requirements import pinned

    entry = document.find("dlib")
    version = pinned(entry) if entry is not None else None
    if entry is None or version is None or not installed(document, app) or not applies(entry):
        return
    told = any(p.name == "CMAKE_POLICY_VERSION_MINIMUM" and p.build and p.targets for p in app.env)
    if told or not_older(version, _FIRST) is not False:
        return
    certain = version == _FETCHES
    edit = Edit(document.source.path, entry.specifier_span, "==19.24.9")
    where = "with CMake 4, which pip fetches for it" if certain else "with CMake 4"
    yield META.found(
        document.source,
        entry.span,
        f"dlib {version} cannot be built {where}",
        help="pin dlib 19.24.9 or 20.0.1",
        fix=Fix("Pin dlib 19.24.9", Safety.UNSAFE, (edit,), reason="another release of dlib is compiled"),
        severity=Severity.ERROR if certain else Severity.WARNING,
        evidence=[Evidence("measurement", "configured with CMake 4.4.4", _URL, "2026-11-23")],
    )

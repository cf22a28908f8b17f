"""A dlib that today's CMake refuses to build.

## What it does

Finds dlib pinned to a release before 19.24.6.

## Why is this bad

19.24.4 and older ask for CMake features that CMake 4 has removed, and 19.24.2 lets pip fetch the newest
CMake: the build ends with "Compatibility with CMake < 3.5 has been removed". Other releases take the CMake
of the image: 4.2 on heroku-26, where they fail, 3.28 on heroku-24 and 3.22 on heroku-22, where they still work.

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
    from bpopt.app.targets import Target
    from bpopt.documents.requirements import Requirements

META = Rule("BP717", "unbuildable-dlib", "requirements", Severity.WARNING)

EXAMPLES = (
    bad("«dlib==19.24.2»\n", fixed="dlib==19.24.9\n", safety="unsafe", severity="error"),
    bad(
        "«dlib==19.22.1»\n",
        fixed="dlib==19.24.9\n",
        safety="unsafe",
        on="heroku-26",
        severity="error",
        message="the CMake 4.2.3 of heroku-26",
    ),
    bad(
        "«dlib==19.22.1»\n",
        fixed="dlib==19.24.9\n",
        safety="unsafe",
        on="heroku-24",
        severity="info",
        message="heroku-24 has 3.28.3",
    ),
    bad("«dlib==19.22.1»\n", fixed="dlib==19.24.9\n", safety="unsafe", on="digitalocean", severity="info"),
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
    fetches = version == _FETCHES
    failing = app.targets if fetches else app.where(lambda t: _cmake(t).startswith("4."))
    edit = Edit(document.source.path, entry.specifier_span, "==19.24.9")
    yield META.found(
        document.source,
        entry.span,
        f"dlib {version} cannot be built with {_with(failing, app, fetches)}",
        help="pin dlib 19.24.9 or 20.0.1",
        fix=Fix("Pin dlib 19.24.9", Safety.UNSAFE, (edit,), reason="another release of dlib is compiled"),
        severity=Severity.ERROR if failing else Severity.INFO,
        evidence=[Evidence("measurement", "configured with CMake 4.4.4", _URL, "2026-11-23")],
        on=failing,
    )


def _with(failing: tuple[Target, ...], app: App, fetches: bool) -> str:
    """Which CMake it is that the build fails with, or would once the image has it."""
    if fetches:
        return "CMake 4, which pip fetches for it"
    if failing:
        return f"the CMake {_cmake(failing[0])} of {failing[0].stack}"
    known = {t.stack: version for t in app.targets if (version := _cmake(t))}
    has = "".join(f", {stack} has {version}" for stack, version in known.items())
    return f"CMake 4: it still builds where the image's is older{has}"


def _cmake(target: Target) -> str:
    """The version of the cmake in a stack's build image, empty where that is not known for certain."""
    from bpopt.apt import catalog, stacks

    stack = stacks.find(target.stack)
    known = catalog.for_suite(stack.suite) if stack is not None and stack.image_exact else None
    package = known.package("cmake") if known is not None else None
    return package.version.partition("-")[0] if package is not None else ""

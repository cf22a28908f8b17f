"""A pinned numpy that cannot be installed with the rest.

## What it does

Finds a pinned numpy that has no wheel for the app's Python, and one below 2, pinned or by a bound such as `<2`,
beside a pinned OpenCV that requires numpy 2.

## Why is this bad

Without a wheel pip compiles numpy from source. Before 1.26 that fails on Python 3.12 and newer, as the
standard library has no distutils any more; later releases take minutes. With an OpenCV of 4.12 or newer
and numpy below 2, pip finds no set of versions and the build ends with "ResolutionImpossible".

## Fix safety

There is no fix: a newer numpy may change what the app computes, so the version is for a person to choose.

## References

- [numpy 1.26.0: the first release for Python 3.12](https://numpy.org/doc/stable/release/1.26.0-notes.html)
- [numpy on PyPI: files of each release](https://pypi.org/project/numpy/#history)
- [opencv-python-headless on PyPI](https://pypi.org/project/opencv-python-headless/#history)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.releases import not_older
from bpopt.finding import Evidence, Finding, Label, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import applies, everything, installed, opencv
from bpopt.rules.versions import python_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP707", "numpy-conflict", "requirements", Severity.ERROR)

EXAMPLES = (
    bad({"requirements.txt": "«numpy==1.24.3»\n", ".python-version": "3.12\n"}, severity="error"),
    bad({"requirements.txt": "«numpy==1.26.4»\n", "runtime.txt": "python-3.13.1\n"}, severity="warning"),
    bad(
        {
            "requirements.txt": "«numpy==1.26.4»\nopencv-python-headless==4.12.0.88\n",
            ".python-version": "3.12\n",
        }
    ),
    bad(
        {"requirements.txt": "«numpy<2»\nopencv-python-headless==4.12.0.88\n", ".python-version": "3.12\n"},
        severity="error",
        message="numpy <2",
    ),
    ok({"requirements.txt": "numpy==1.26.4\n", ".python-version": "3.12\n"}),
    ok(
        {"requirements.txt": "numpy==1.24.3\n"},
        title="no version file: the Python of an app that is deployed stays",
    ),
    ok(
        {"requirements.txt": "numpy<2\nopencv-python-headless\n", ".python-version": "3.12\n"},
        title="pip takes an older OpenCV",
    ),
    ok({"requirements.txt": "numpy==1.24.3; python_version < '3.12'\n", ".python-version": "3.12\n"}),
)

# Python -> the first numpy with a wheel for it (looked up with pip on 2026-11-24).
_FIRST_WHEEL = {(3, 11): "1.23.2", (3, 12): "1.26.0", (3, 13): "2.1.0", (3, 14): "2.3.2"}
_NEEDS_TWO = "4.12.0.88"  # the first OpenCV that requires numpy>=2 on Python 3.9 and newer
_TWOS = ("2.0.0", "2.2.6", "2.3.5", "2.999")  # a bound that lets none of them in is one below 2
_NUMPY = "https://pypi.org/project/numpy/#history"
_OPENCV = "https://pypi.org/project/opencv-python-headless/#history"


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report the pinned numpy."""
    from bpopt.documents.requirements import pinned

    entry = document.find("numpy")
    if entry is None or not entry.specifier or not installed(document, app) or not applies(entry):
        return
    version = pinned(entry)
    if version is not None:
        yield from _without_wheel(document, entry, version, app)
    yield from _with_opencv(document, entry, version, app)


def _without_wheel(document: Requirements, entry: Requirement, version: str, app: App) -> Iterator[Finding]:
    for target in app.targets:
        python = python_of(app, target)
        first = _FIRST_WHEEL.get(python.minor) if python is not None and python.told else None
        if python is None or first is None or not_older(version, first) is not False:
            continue
        name = ".".join(map(str, python.minor))
        fails = python.minor >= (3, 12) and not_older(version, "1.26") is False
        yield META.found(
            document.source,
            entry.span,
            f"numpy {version} has no wheel for Python {name} and {'cannot be' if fails else 'is'} compiled from source",
            help=f"pin numpy {first} or newer, or ask for an older Python",
            severity=Severity.ERROR if fails else Severity.WARNING,
            evidence=[
                Evidence("catalog", f"the first wheel for {name} is that of {first}", _NUMPY, "2026-11-24")
            ],
        )
        return


def _with_opencv(
    document: Requirements, entry: Requirement, version: str | None, app: App
) -> Iterator[Finding]:
    from bpopt.documents.releases import contains
    from bpopt.documents.requirements import pinned

    if version is not None:
        if not_older(version, "2") is not False:
            return
    elif any(contains(entry.specifier, newer) is not False for newer in _TWOS):
        return
    for owner, other in everything(app):
        pin = pinned(other) if other.name in opencv.ALL else None
        if pin is not None and not_older(pin, _NEEDS_TWO):
            yield META.found(
                document.source,
                entry.span,
                f"{other.name} {pin} requires numpy 2, so pip finds no set of versions with numpy "
                f"{version or entry.specifier.strip()}",
                help="pin numpy 2, or an OpenCV before 4.12",
                labels=[Label(owner.source, other.span, "requires numpy>=2")],
                evidence=[Evidence("catalog", "what the release requires", _OPENCV, "2026-11-24")],
            )
            return

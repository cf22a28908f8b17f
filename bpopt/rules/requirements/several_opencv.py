"""Several OpenCV distributions are installed over each other.

## What it does

Finds more than one of the four distributions that hold the module `cv2` (opencv-python,
opencv-contrib-python and their headless twins) in what a build installs, and a headless one beside a
distribution that requires one with windows.
A build that installs from `uv.lock` or `poetry.lock` is looked at through the dependencies that `pyproject.toml` names
itself, on the platforms known to read that lock.

## Why is this bad

They write the same files, and the one that pip installs last wins: with the headless line in place,
`import cv2` may still ask for libGL.so.1. Each of them is some 60 MB.

## Fix safety

Unsafe: only the headless one stays (with contrib, if one of them has it), and windows are gone. No fix if a
distribution requires the other one, nor beside a lock, which an edit would leave behind.

## References

- [opencv-python #851: headless and not side by side](https://github.com/opencv/opencv-python/issues/851)
- [opencv-python: installation, "select only one"](https://pypi.org/project/opencv-python/)
- [Heroku's buildpack: uv sync --locked --no-default-groups](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/uv.sh)
- [Heroku's buildpack: poetry sync --only main](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/poetry.sh)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Impact, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, lock, ok
from bpopt.rules.requirements import everything, locked_with, opencv, without_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.locked import Locked
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP702", "several-opencv", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"requirements.txt": "opencv-python==4.10.0.84\n«opencv-python-headless»==4.10.0.84\n"},
        fixed={"requirements.txt": "opencv-python-headless==4.10.0.84\n"},
        safety="unsafe",
    ),
    bad(
        {"requirements.txt": "opencv-contrib-python==4.10.0.84\n«opencv-python»==4.10.0.84\n"},
        fixed={"requirements.txt": "opencv-contrib-python-headless==4.10.0.84\n"},
        safety="unsafe",
    ),
    bad(
        {"requirements.txt": "mediapipe\n«opencv-python-headless»\n"},
        message="mediapipe requires opencv-contrib-python",
    ),
    bad(
        {"requirements.txt": "mediapipe\n«opencv-python-headless»\n", "Aptfile": "libgl1\n"},
        severity="info",
        message="for nothing",
        title="libGL is there, so either of them works",
    ),
    bad(
        {
            "pyproject.toml": '[project]\ndependencies = ["opencv-python", "«opencv-python-headless»>=4"]\n',
            "uv.lock": lock("opencv-python==4.10.0.84", "opencv-python-headless==4.10.0.84"),
        },
        message="comes last wins",
        title="from a lock",
    ),
    ok({"requirements.txt": "opencv-python-headless==4.10.0.84\nnumpy\n"}),
    ok(
        {
            "pyproject.toml": '[project]\ndependencies = ["mediapipe", "opencv-python-headless"]\n',
            "uv.lock": lock("mediapipe==0.10.20", "opencv-python-headless==4.10.0.84"),
        },
        title="the lock leaves out what mediapipe requires: overridden on purpose",
    ),
    ok(
        {"requirements.txt": 'opencv-python; sys_platform == "win32"\nopencv-python-headless\n'},
        title="one on Linux",
    ),
)

_EACH = 56_600_000  # bytes: the smallest of the four wheels of 5.0.0.93


def check(app: App, context: App) -> Iterator[Finding]:
    """Report the second distribution of OpenCV, once an app."""
    found = list(everything(app))
    listed = [(d, e) for d, e in found if e.name in opencv.ALL]
    distinct = {e.name: (d, e) for d, e in reversed(listed)}
    pulling = [(d, e) for d, e in found if e.name in opencv.PULLS and opencv.PULLS[e.name] not in distinct]
    if len(distinct) > 1:
        each = [(d, e) for d, e in listed if distinct[e.name][1] is e]
        yield _side_by_side(each, bool(pulling), locked_with(each[0][0], app))
    elif listed and pulling and listed[0][1].name not in opencv.HEADLESS:
        locked = locked_with(pulling[0][0], app)
        if locked is None or opencv.PULLS[pulling[0][1].name] in locked.versions:
            yield _pulled(*listed[0], *pulling[0], opencv.opengl_listed(app), locked)


def _side_by_side(
    each: list[tuple[Requirements, Requirement]], pulled: bool, locked: Locked | None
) -> Finding:
    (document, first), (other, second) = each[0], each[1]
    names = ", ".join(e.name for _, e in each)
    same_file = all(d is document for d, _ in each)
    fix = _fix(each) if same_file and not pulled and not locked else None
    return META.found(
        other.source,
        second.name_span,
        f"{' and '.join(e.name for _, e in each)} all install cv2: the one that comes last wins"
        if len(each) > 2
        else f"{first.name} and {second.name} both install cv2: the one that comes last wins",
        help=f"keep one: {_wanted(each)}, which needs no system library" if fix else f"keep one of {names}",
        fix=fix,
        labels=[Label(document.source, first.name_span, "the first one")],
        impact=Impact("some 57 MB or more for each that goes", bytes=_EACH * (len(each) - 1)),
        on=locked.on if locked else (),
    )


def _fix(each: list[tuple[Requirements, Requirement]]) -> Fix:
    """Keep the headless one that is there, else turn the first one into its twin."""
    wanted = _wanted(each)
    kept = next((e for _, e in each if e.name == wanted), None) or next(
        (e for _, e in each if opencv.HEADLESS.get(e.name) == wanted), each[0][1]
    )
    edits = [without_line(d, e) for d, e in each if e is not kept]
    if kept.name != wanted:
        edits.append(Edit(each[0][0].source.path, kept.name_span, wanted))
    return Fix(
        f"Keep {wanted} alone", Safety.UNSAFE, tuple(edits), reason="cv2.imshow and other windows are gone"
    )


def _wanted(each: list[tuple[Requirements, Requirement]]) -> str:
    contrib = any("contrib" in e.name for _, e in each)
    return "opencv-contrib-python-headless" if contrib else "opencv-python-headless"


def _pulled(
    document: Requirements,
    entry: Requirement,
    other: Requirements,
    pulling: Requirement,
    opengl: bool,
    locked: Locked | None,
) -> Finding:
    wanted = opencv.PULLS[pulling.name]
    beside = f"{pulling.written} requires {wanted}, so this is installed beside it"
    return META.found(
        document.source,
        entry.name_span,
        f"{beside} for nothing" if opengl else f"{beside}, and the one that comes last wins",
        help=f"remove {entry.name}" + ("" if opengl else " and add libgl1 to the Aptfile"),
        severity=Severity.INFO if opengl else None,
        labels=[Label(other.source, pulling.name_span, f"requires {wanted}")],
        impact=Impact("some 57 MB or more", bytes=_EACH),
        on=locked.on if locked else (),
    )

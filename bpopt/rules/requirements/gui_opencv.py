"""OpenCV with windows on a server.

## What it does

Finds `opencv-python` and `opencv-contrib-python` in what a build installs, and distributions that require
them, where no apt list brings `libGL.so.1`.

## Why is this bad

These wheels link the OpenGL library, and no Heroku image has it: `import cv2` ends with "ImportError:
libGL.so.1: cannot open shared object file". The headless wheels are the same without `imshow` and its kin,
need no system library, and are smaller: 56.6 MB instead of 71.1 MB for 5.0.0.93, 150 MB instead of 190 MB
on disk.

## Fix safety

Unsafe: the distribution is exchanged for its headless twin of the same version; `cv2.imshow` and other
windows are gone. No fix for a distribution that requires OpenCV with windows: add `libgl1` to the Aptfile.

## References

- [opencv-python #851: headless and not side by side](https://github.com/opencv/opencv-python/issues/851)
- [streamlit #5124: libGL.so.1 on a server](https://github.com/streamlit/streamlit/issues/5124)
- [opencv-python: which package to choose](https://pypi.org/project/opencv-python/)
- [Packages of Heroku's images](https://devcenter.heroku.com/articles/stack-packages)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Impact, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import apt_list, everything, installed, opencv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP701", "gui-opencv", "requirements", Severity.ERROR)

EXAMPLES = (
    bad(
        "flask\n«opencv-python»==4.10.0.84  # vision\n",
        fixed="flask\nopencv-python-headless==4.10.0.84  # vision\n",
        safety="unsafe",
        severity="error",
        message="libGL.so.1",
    ),
    bad("«opencv-contrib-python»\n", fixed="opencv-contrib-python-headless\n", safety="unsafe", on="dokku"),
    bad(
        "«opencv-python»\n",
        fixed="opencv-python-headless\n",
        safety="unsafe",
        on="digitalocean",
        severity="warning",
    ),
    bad("«mediapipe»==0.10.20\n", severity="warning", message="requires opencv-contrib"),
    bad(
        {"requirements.txt": "«opencv-python»\n", "Aptfile": "ffmpeg\n"},
        fixed={"requirements.txt": "opencv-python-headless\n"},
        safety="unsafe",
        severity="warning",
        title="ffmpeg may or may not bring libGL along",
    ),
    ok("opencv-python-headless==4.10.0.84\n"),
    ok({"requirements.txt": "opencv-python\n", "Aptfile": "libgl1\n"}, title="libGL is installed"),
    ok("opencv-python\nopencv-python-headless\n", title="several OpenCVs have a rule of their own"),
    ok('opencv-python; sys_platform == "win32"\n', title="not for Linux"),
    ok(
        {"requirements-dev.txt": "opencv-python\n", "requirements.txt": "flask\n"},
        title="not installed by the build",
    ),
)

_SAVED = 14_500_000  # bytes of the wheel: 71.1 MB against 56.6 MB
_CERTAIN = ("heroku", "heroku-fir", "dokku")  # their images are listed package by package: none has libgl1


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report each OpenCV with windows that no apt list supports."""
    if not installed(document, app):
        return
    listed = [entry for _, entry in everything(app) if entry.name in opencv.ALL]
    if len({entry.name for entry in listed}) > 1 or opencv.opengl_listed(app):
        return
    severity = Severity.ERROR if not _apt(app) and any(map(_certain, app.targets)) else Severity.WARNING
    certain = tuple(t for t in app.targets if _certain(t)) if severity is Severity.ERROR else ()
    for owner, entry in everything(app):
        if owner is document and entry.name in opencv.HEADLESS:
            yield _listed(document, entry, severity, certain, apt_list(app))
        elif owner is document and entry.name in opencv.PULLS and not listed:
            yield _pulled(document, entry, apt_list(app))


def _certain(target: Target) -> bool:
    return target.platform.name in _CERTAIN


def _apt(app: App) -> bool:
    return app.aptfile is not None and bool(app.aptfile.packages)


def _listed(
    document: Requirements, entry: Requirement, severity: Severity, on: tuple[Target, ...], where: str
) -> Finding:
    headless = opencv.HEADLESS[entry.name]
    edit = Edit(document.source.path, entry.name_span, headless)
    lacking = "which the image does not have" if on else "which no apt list here brings"
    fix = Fix(
        f"Install {headless} instead", Safety.UNSAFE, (edit,), reason="cv2.imshow and other windows are gone"
    )
    return META.found(
        document.source,
        entry.name_span,
        f"{entry.written} needs libGL.so.1, {lacking}: import cv2 fails without it",
        help=f"list {headless}, which needs no system library, or add libgl1 to {where}",
        fix=fix,
        severity=severity,
        impact=Impact("the headless wheel of 5.0.0.93 is 14.5 MB smaller", bytes=_SAVED),
        evidence=[
            Evidence("measurement", "libraries that the wheels of 5.0.0.93 link", opencv.WHEELS, "2026-11-23")
        ],
        on=on,
    )


def _pulled(document: Requirements, entry: Requirement, where: str) -> Finding:
    wanted = opencv.PULLS[entry.name]
    return META.found(
        document.source,
        entry.name_span,
        f"{entry.written} requires {wanted}, which needs libGL.so.1, and no apt list here brings it",
        help=f"add libgl1 to {where}",
        severity=Severity.WARNING,
        evidence=[
            Evidence(
                "catalog",
                f"{entry.name} requires {wanted}",
                f"https://pypi.org/project/{entry.name}/",
                "2026-11-24",
            )
        ],
    )

"""OpenCV with windows on a server.

## What it does

Finds `opencv-python` and `opencv-contrib-python` in what a build installs, and distributions that require
them, where no apt list brings `libGL.so.1`.
A build that installs from `uv.lock` or `poetry.lock` is looked at through the dependencies that `pyproject.toml` names
itself, on the platforms known to read that lock.

## Why is this bad

These wheels link the OpenGL library, and no Heroku image has it: `import cv2` ends with "ImportError:
libGL.so.1: cannot open shared object file". The headless wheels are the same without `imshow` and its kin,
need no system library, and are smaller: 56.6 MB instead of 71.1 MB for 5.0.0.93, 150 MB instead of 190 MB
on disk.

## Fix safety

Unsafe: the distribution is exchanged for its headless twin of the same version; `cv2.imshow` and other
windows are gone. No fix for a distribution that requires OpenCV with windows: add `libgl1` to the Aptfile. None
beside a lock, which an edit of `pyproject.toml` would leave behind, so that the build refuses
it: the help tells the command.

## References

- [opencv-python #851: headless and not side by side](https://github.com/opencv/opencv-python/issues/851)
- [streamlit #5124: libGL.so.1 on a server](https://github.com/streamlit/streamlit/issues/5124)
- [opencv-python: which package to choose](https://pypi.org/project/opencv-python/)
- [Packages of Heroku's images](https://devcenter.heroku.com/articles/stack-packages)
- [Heroku's buildpack: uv sync --locked --no-default-groups](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/uv.sh)
- [Heroku's buildpack: poetry sync --only main](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/poetry.sh)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Impact, Safety, Severity
from bpopt.rules.base import Rule, bad, lock, ok
from bpopt.rules.requirements import apt_list, everything, locked_with, opencv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.locked import Locked
    from bpopt.app.targets import Target
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP701", "gui-opencv", "app", Severity.ERROR)

EXAMPLES = (
    bad(
        {"requirements.txt": "flask\n«opencv-python»==4.10.0.84  # vision\n"},
        fixed={"requirements.txt": "flask\nopencv-python-headless==4.10.0.84  # vision\n"},
        safety="unsafe",
        severity="error",
        message="libGL.so.1",
    ),
    bad(
        {"requirements.txt": "«opencv-contrib-python»\n"},
        fixed={"requirements.txt": "opencv-contrib-python-headless\n"},
        safety="unsafe",
        on="dokku",
    ),
    bad(
        {"requirements.txt": "«opencv-python»\n"},
        fixed={"requirements.txt": "opencv-python-headless\n"},
        safety="unsafe",
        on="digitalocean",
        severity="warning",
    ),
    bad(
        {"requirements.txt": "«mediapipe»==0.10.20\n"}, severity="warning", message="requires opencv-contrib"
    ),
    bad(
        {"requirements.txt": "«opencv-python»\n", "Aptfile": "ffmpeg\n"},
        fixed={"requirements.txt": "opencv-python-headless\n"},
        safety="unsafe",
        severity="warning",
        title="ffmpeg may or may not bring libGL along",
    ),
    bad(
        {
            "pyproject.toml": '[project]\ndependencies = ["flask", "«opencv-python»>=4.10"]\n',
            "uv.lock": lock("flask==3.1.3", "opencv-python==4.10.0.84"),
        },
        severity="error",
        message="libGL.so.1",
        title="from a lock",
    ),
    bad(
        {
            "pyproject.toml": '[tool.poetry.dependencies]\n«mediapipe» = "^0.10"\n',
            "poetry.lock": lock("mediapipe==0.10.20", "opencv-contrib-python==4.10.0.84"),
        },
        severity="warning",
        message="requires opencv-contrib",
    ),
    ok({"requirements.txt": "opencv-python-headless==4.10.0.84\n"}),
    ok(
        {
            "pyproject.toml": "[project]\ndependencies = [\"opencv-python; sys_platform == 'darwin'\"]\n",
            "uv.lock": lock("opencv-python==4.10.0.84"),
        },
        title="in a lock, not for Linux",
    ),
    ok(
        {
            "pyproject.toml": '[project]\ndependencies = ["ultralytics"]\n',
            "uv.lock": lock("ultralytics==8.3.0"),
        },
        title="the lock leaves out the OpenCV that it requires: overridden on purpose",
    ),
    ok(
        {
            "pyproject.toml": '[project]\ndependencies = ["opencv-python"]\n',
            "uv.lock": lock("opencv-python==4.10.0.84"),
        },
        on="digitalocean",
        title="not known to install from a lock",
    ),
    ok({"requirements.txt": "opencv-python\n", "Aptfile": "libgl1\n"}, title="libGL is installed"),
    ok(
        {"requirements.txt": "opencv-python\nopencv-python-headless\n"},
        title="several OpenCVs have a rule of their own",
    ),
    ok({"requirements.txt": 'opencv-python; sys_platform == "win32"\n'}, title="not for Linux"),
    ok(
        {"requirements-dev.txt": "opencv-python\n", "requirements.txt": "flask\n"},
        title="not installed by the build",
    ),
)

_SAVED = 14_500_000  # bytes of the wheel: 71.1 MB against 56.6 MB
_CERTAIN = ("heroku", "heroku-fir", "dokku")  # their images are listed package by package: none has libgl1


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each OpenCV with windows that no apt list supports."""
    found = list(everything(app))
    listed = {entry.name for _, entry in found if entry.name in opencv.ALL}
    if app.locked is not None:  # what a group brings may or may not be installed: then nothing is certain
        listed |= opencv.ALL & app.locked.versions.keys()
    if len(listed) > 1 or opencv.opengl_listed(app):
        return
    for document, entry in found:
        locked = locked_with(document, app)
        targets = locked.on if locked else app.targets
        on = () if _apt(app) else tuple(t for t in targets if _certain(t))
        if entry.name in opencv.HEADLESS:
            finding = _listed(document, entry, on, apt_list(app))
        elif entry.name in opencv.PULLS and _pulls(entry, listed, locked):
            finding = _pulled(document, entry, apt_list(app))
        else:
            continue
        yield _of_lock(finding, entry, locked) if locked else finding


def _pulls(entry: Requirement, listed: set[str], locked: Locked | None) -> bool:
    """Whether an OpenCV comes only because a distribution requires it; a lock shows whether it does."""
    return listed == {opencv.PULLS[entry.name]} if locked else not listed


def _of_lock(finding: Finding, entry: Requirement, locked: Locked) -> Finding:
    """The same of an app with a lock: without a fix, which would leave the lock behind."""
    headless = opencv.HEADLESS.get(entry.name)
    command = f"{locked.tool} remove {entry.name} && {locked.tool} add {headless}; " if headless else ""
    return finding._replace(
        fix=None,
        help=command + finding.help,
        platforms=finding.platforms or tuple(dict.fromkeys(t.platform.name for t in locked.on)),
    )


def _certain(target: Target) -> bool:
    return target.platform.name in _CERTAIN


def _apt(app: App) -> bool:
    return app.aptfile is not None and bool(app.aptfile.packages)


def _listed(document: Requirements, entry: Requirement, on: tuple[Target, ...], where: str) -> Finding:
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
        severity=Severity.ERROR if on else Severity.WARNING,
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

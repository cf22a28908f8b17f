"""An instance has too little memory for what the app installs.

## What it does

Finds instances and dynos of 512 MB or less for apps with face_recognition and dlib, where no Python file of the app
shrinks a photo (`thumbnail()`, `draft()`, `resize()`, `reduce()`): of one that does, only a measurement can tell.

## Why is this bad

A process that has imported face_recognition takes 152 MB, and each megapixel of a photo that is looked at
takes some 50 MB more while that lasts. Two workers with phone photos of 3.3 megapixels were killed five
times in eight seconds under a limit of 512 MB; with photos of 640 pixels the same app stayed below it.
An app that shrinks photos to a megapixel and looks at one at a time in each process served eight clients with photos of
12 megapixels in 380 MB.

## Fix safety

There is no fix: shrink photos to about a megapixel before looking for faces, use `--preload`, or take the
next size.

## References

- [App Platform: pricing and sizes](https://docs.digitalocean.com/products/app-platform/details/pricing/)
- [Heroku: dyno types](https://devcenter.heroku.com/articles/dyno-types)
- [face_recognition on PyPI](https://pypi.org/project/face-recognition/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.view import Text
    from bpopt.text import Source

META = Rule("BP810", "instance-too-small", "app", Severity.INFO)

_SPEC = "services:\n- name: web\n  instance_size_slug: {}\n"

EXAMPLES = (
    bad(
        {".do/app.yaml": _SPEC.format("«apps-s-1vcpu-0.5gb»"), "requirements.txt": "face_recognition\n"},
        on="digitalocean",
    ),
    bad(
        {
            "app.json": '{"formation": {"web": {"size": «"basic"»}}}\n',
            "requirements.txt": "face_recognition\n",
        },
    ),
    bad(
        {
            "app.json": '{"formation": {"web": {"size": «"basic"»}}}\n',
            "requirements.txt": "face_recognition\n",
            "photos.py": "import face_recognition\n\nimage = face_recognition.load_image_file(path)\n",
        },
    ),
    ok(
        {
            "app.json": '{"formation": {"web": {"size": "basic"}}}\n',
            "requirements.txt": "face_recognition\n",
            "faces/photos.py": "from PIL import Image\n\nimage = Image.open(path)\nimage.thumbnail((1000, 1000))\n",
        },
        title="photos are shrunk",
    ),
    ok(
        {".do/app.yaml": _SPEC.format("apps-s-1vcpu-1gb"), "requirements.txt": "face_recognition\n"},
        on="digitalocean",
    ),
    ok(
        {".do/app.yaml": _SPEC.format("apps-s-1vcpu-0.5gb"), "requirements.txt": "flask\n"}, on="digitalocean"
    ),
)

_SMALL = 512 * 1024 * 1024  # bytes
_SHRINKS = (b".thumbnail(", b".draft(", b"resize(", b".reduce(")  # of Pillow, OpenCV and scikit-image
_MOST = 400  # Python files that are looked at
_THREAD = "https://github.com/ageitgey/face_recognition/issues/1409"


def check(app: App, context: App) -> Iterator[Finding]:
    """Report small sizes of web processes."""
    if app.requirement("face-recognition") is None:
        return
    small = [(source, size, target) for source, size, target in _sizes(app) if _is_small(size, target)]
    for source, size, target in small if small and not _may_shrink(app) else ():
        yield META.found(
            source,
            size.span,
            "512 MB hold face_recognition, but not two phone photos at a time: about 50 MB a megapixel",
            help="shrink uploads to about a megapixel before detection, or take the next size",
            evidence=[
                Evidence(
                    "measurement", "peak memory by size of photo, and kills at 512 MB", _THREAD, "2026-11-23"
                )
            ],
            on=[target],
        )


def _is_small(size: Text, target: Target) -> bool:
    plan = target.platform.plan(size.value)
    return plan is not None and plan.memory <= _SMALL


def _may_shrink(app: App) -> bool:
    """Whether a Python file of the app shrinks pictures, or may, for there are too many to look at."""
    left = _MOST
    for path, size in app.files.walk():
        if path.endswith(".py") and size < 1_000_000:
            left -= 1
            if left < 0 or any(word in (app.files.read(path) or b"") for word in _SHRINKS):
                return True
    return False


def _sizes(app: App) -> Iterator[tuple[Source, Text, Target]]:
    for target in app.targets:
        if target.platform.name == "digitalocean" and app.app_spec is not None:
            for service in app.app_spec.services:
                if service.instance_size_slug is not None:
                    yield app.app_spec.tree.source, service.instance_size_slug, target
        if target.platform.name == "heroku" and app.app_json is not None:
            for formation in app.app_json.formation:
                if formation.name == "web" and formation.size is not None:
                    yield app.app_json.tree.source, formation.size, target

"""An instance has too little memory for what the app installs.

## What it does

Finds instances and dynos of 512 MB or less for apps with face_recognition and dlib.

## Why is this bad

A process that has imported face_recognition takes 152 MB, and each megapixel of a photo that is looked at
takes some 50 MB more while that lasts. Two workers with phone photos of 3.3 megapixels were killed five
times in eight seconds under a limit of 512 MB; with photos of 640 pixels the same app stayed below it.

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
    ok(
        {".do/app.yaml": _SPEC.format("apps-s-1vcpu-1gb"), "requirements.txt": "face_recognition\n"},
        on="digitalocean",
    ),
    ok(
        {".do/app.yaml": _SPEC.format("apps-s-1vcpu-0.5gb"), "requirements.txt": "flask\n"}, on="digitalocean"
    ),
)

_SMALL = 512 * 1024 * 1024  # bytes
_THREAD = "https://github.com/ageitgey/face_recognition/issues/1409"


def check(app: App, context: App) -> Iterator[Finding]:
    """Report small sizes of web processes."""
    if app.requirement("face-recognition") is None:
        return
    for source, size, target in _sizes(app):
        plan = target.platform.plan(size.value)
        if plan is None or plan.memory > _SMALL:
            continue
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

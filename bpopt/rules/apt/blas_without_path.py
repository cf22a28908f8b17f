"""A BLAS library that the app's programs will not find.

## What it does

Finds `libblas3`, `liblapack3`, OpenBLAS's run-time packages and programs that need them (gdal-bin) in an apt list of
an app in which no file sets `LD_LIBRARY_PATH`.

## Why is this bad

`libblas.so.3`, `liblapack.so.3` and `libopenblas.so.0` lie in sub-directories (`blas/`, `lapack/`,
`openblas-pthread/`), and only `update-alternatives` links them to where the loader looks. apt buildpacks do not run
it, so that the first program that needs one ends with "error while loading shared libraries: libblas.so.3".

## Fix safety

There is no fix: the value belongs into the platform's environment settings.

## References

- [heroku-buildpack-apt #64](https://github.com/heroku/heroku-buildpack-apt/issues/64)
- [heroku-buildpack-apt #35](https://github.com/heroku/heroku-buildpack-apt/issues/35)
- [heroku-geo-buildpack #18](https://github.com/heroku/heroku-geo-buildpack/issues/18)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP116", "blas-without-path", "aptfile", Severity.WARNING)

# Package -> the sub-directories of usr/lib/x86_64-linux-gnu that its libraries lie in.
FOLDERS = {
    "libblas3": ("blas",),
    "liblapack3": ("lapack", "blas"),
    "libopenblas0": ("openblas-pthread",),
    "libopenblas0-pthread": ("openblas-pthread",),
    "gdal-bin": ("blas", "lapack"),
    "octave": ("blas", "lapack"),
}

EXAMPLES = (
    bad("«gdal-bin»\nlibgeos-dev\n", message="libblas"),
    bad("«libopenblas0»\n", on="digitalocean"),
    ok(
        {
            "Aptfile": "libblas3\n",
            "app.json": '{"stack": "heroku-24", "env": {"LD_LIBRARY_PATH": "/app/.apt/usr/lib/blas"}}\n',
        },
        title="a file sets the path",
    ),
    ok(
        "libopenblas-dev\nlibatlas3-base\n",
        title="headers, and ATLAS, whose files lie where the loader looks",
    ),
    ok("libblas3\n", on="heroku-fir"),
)
FACT = Evidence(
    "fact",
    "update-alternatives is not run",
    "https://github.com/heroku/heroku-buildpack-apt/issues/64",
    "2026-11-23",
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report packages whose libraries lie in sub-directories."""
    targets = app.where(
        lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.maintainer_scripts") is False
    )
    if not targets or any(placed.name == "LD_LIBRARY_PATH" for placed in app.env):
        return
    for word in aptfile.packages:
        folders = FOLDERS.get(word.text)
        if folders:
            paths = ":".join(f"/app/.apt/usr/lib/x86_64-linux-gnu/{folder}" for folder in folders)
            yield META.found(
                aptfile.source,
                word.span,
                f"the loader does not look where lib{folders[0].removesuffix('-pthread')} of {word.text} lies",
                help=f"add {paths} to LD_LIBRARY_PATH on the platform, unless it is there",
                severity=None if app.knows_target else Severity.INFO,
                evidence=[FACT],
                on=targets,
            )

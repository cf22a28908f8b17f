"""A BLAS library that the app's programs will not find.

## What it does

Finds `libblas3`, `liblapack3`, OpenBLAS's run-time packages and programs that need them (gdal-bin, ffmpeg) in an apt
list of an app in which no file sets `LD_LIBRARY_PATH`. Of ffmpeg it speaks where the archive of the stack says that it
needs them.

## Why is this bad

`libblas.so.3`, `liblapack.so.3` and `libopenblas.so.0` lie in sub-directories (`blas/`, `lapack/`,
`openblas-pthread/`), and only `update-alternatives` links them to where the loader looks. apt buildpacks do not run
it, so that the first program that needs one ends with "error while loading shared libraries: libblas.so.3". ffmpeg also
needs libpulse0, whose other half lies in `pulseaudio/`, where it looks below `/usr/lib` only.

## Fix safety

There is no fix: the value belongs into the platform's environment settings.

## References

- [heroku-buildpack-apt #64](https://github.com/heroku/heroku-buildpack-apt/issues/64)
- [heroku-buildpack-apt #35](https://github.com/heroku/heroku-buildpack-apt/issues/35)
- [mastodon #24866: ffprobe and libblas.so.3 on heroku-22](https://github.com/mastodon/mastodon/pull/24866)
- [Scalingo: the path for ffmpeg](https://github.com/Scalingo/documentation/pull/2109)
- [heroku-geo-buildpack #18](https://github.com/heroku/heroku-geo-buildpack/issues/18)
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.apt.uses import brings, exact
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
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
    "libgdal-dev": ("blas", "lapack"),
    "ffmpeg": ("blas", "lapack", "pulseaudio"),
}

EXAMPLES = (
    bad("«gdal-bin»\nlibgeos-dev\n", message="libblas.so.3"),
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
    bad("«ffmpeg»\n", on="heroku-22", message="ffmpeg needs libblas.so.3"),
    bad("«ffmpeg»\n", on="heroku-26", message="ffmpeg needs libpulsecommon", title="no BLAS there any more"),
    ok(
        {"Aptfile": "ffmpeg\n", ".profile": "export LD_LIBRARY_PATH=x\n"},
        on="heroku-24",
        title="set at the start",
    ),
    ok("libblas3\n", on="heroku-fir"),
)
FACT = Evidence(
    "fact",
    "update-alternatives is not run",
    "https://github.com/heroku/heroku-buildpack-apt/issues/64",
    "2026-11-23",
)


_LIBRARIES = {"blas": "libblas.so.3", "lapack": "liblapack.so.3", "openblas-pthread": "libopenblas.so.0"}
_ITSELF = frozenset({"libblas3", "liblapack3", "libopenblas0", "libopenblas0-pthread"})
# Folder -> the package that fills it; the closure of ffmpeg tells whether it comes along.
_FILLED_BY = {"blas": "libblas3", "lapack": "liblapack3", "pulseaudio": "libpulse0"}


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report packages whose libraries lie in sub-directories."""
    targets = app.where(
        lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.maintainer_scripts") is False
    )
    listed = [word for word in aptfile.packages if word.text in FOLDERS]
    if not targets or not listed or _path_is_set(app):
        return
    for word in listed:
        for on, folders in _folders(word.text, targets, app).items():
            library = _LIBRARIES.get(folders[0], f"lib{folders[0].removesuffix('audio')}common")
            yield META.found(
                aptfile.source,
                word.span,
                f"{word.text} {'brings' if word.text in _ITSELF else 'needs'} {library}, "
                "which lies where the loader does not look",
                help=f"add {_paths(folders, on)} to LD_LIBRARY_PATH on the platform, unless it is there",
                severity=None if app.knows_target else Severity.INFO,
                evidence=[FACT],
                on=on,
            )


def _folders(name: str, targets: tuple[Target, ...], app: App) -> dict[tuple[Target, ...], tuple[str, ...]]:
    """The folders that a package needs, by the targets on which it does."""
    if name != "ffmpeg":
        return {targets: FOLDERS[name]}
    found: dict[tuple[str, ...], list[Target]] = {}
    for target in targets if app.knows_target else ():
        if folders := _filled(name, target):
            found.setdefault(folders, []).append(target)
    return {tuple(on): folders for folders, on in found.items()}


@lru_cache(64)
def _filled(name: str, target: Target) -> tuple[str, ...]:
    """Those of a package's folders that something it brings along lies in, where the archive says so for certain."""
    closure = brings(name, target) if exact(name, target) else None
    return tuple(f for f in FOLDERS[name] if closure is not None and closure.brings(_FILLED_BY[f]))


def _path_is_set(app: App) -> bool:
    """Whether a file of the app sets the path: its settings, or a script that runs at the start."""
    if any(placed.name == "LD_LIBRARY_PATH" for placed in app.env):
        return True
    sources = [app.source(name) for name in (".profile", "Procfile") if app.has(name)]
    return any("LD_LIBRARY_PATH" in source.text for source in sources if source is not None)


def _paths(folders: tuple[str, ...], on: tuple[Target, ...]) -> str:
    root = "/app/.apt" if all(t.platform.name != "digitalocean" for t in on) else "..."
    return ":".join(f"{root}/usr/lib/x86_64-linux-gnu/{folder}" for folder in folders)

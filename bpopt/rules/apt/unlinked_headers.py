"""Headers are listed that nothing of the app is compiled against.

## What it does

Finds `-dev` packages of an apt list, such as `libgtk-3-dev`, of which the app links no library: not one that the
package brings along is among those that the requirements load, by what their wheels and sources say.

Quiet unless all of it is known: every requirement and what it requires, and the app's own files, in which nothing may
open libraries, run programs, or be compiled. Quiet as well about what the build image has (`in-build-image`), about
Python's own headers (`python-package`), and about BLAS (`redundant-blas`, `blas-without-path`).

## Why is this bad

Such a package is the top of a tree: `libgtk-3-dev` alone brings 131 packages and 412 MB into a slug on heroku-24. They
are fetched and unpacked in each build and shipped with each release.

## Fix safety

Safe where every requirement comes as a wheel, on a stack whose own index and image list are known. Unsafe where one is
compiled: dlib, for one, links libX11 for windows that no server opens, if it meets its headers.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [What bpopt knows of Python packages](https://github.com/bpopt/bpopt/blob/main/docs/native.md)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.once import once
from bpopt.finding import Finding, Fix, Impact, Safety, Severity
from bpopt.rules.apt import build_image_has, cost_of, readers, remove_word
from bpopt.rules.apt.redundant_blas import ATLAS, OPENBLAS
from bpopt.rules.apt.uses import brings, exact, known_whole, read_from_wheels, unused
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP125", "unlinked-headers", "aptfile", Severity.WARNING)

# A BLAS is looked for by builds of which no table tells.
BLAS = ATLAS | frozenset(OPENBLAS) | {"liblapack-dev", "libblas-dev", "liblapacke-dev", "libatlas-base-dev"}
_PYTHON = ("python", "libpython")

_WHEELS = {"requirements.txt": "flask==3.1.3\ngunicorn\nnumpy==2.4.6\nPillow==13.0.0\n"}
EXAMPLES = (
    bad(
        {"Aptfile": "# X11\n«libgtk-3-dev»\nffmpeg\n", **_WHEELS},
        fixed={"Aptfile": "# X11\nffmpeg\n"},
        on="heroku-24",
        message="links no library of the 131 packages",
    ),
    bad(
        {"Aptfile": "cmake\n«libgtk-3-dev»\n", "requirements.txt": "dlib==20.0.1\nface_recognition==1.3.0\n"},
        fixed={"Aptfile": "cmake\n"},
        safety="unsafe",
        on="heroku-24",
        title="dlib is compiled",
    ),
    bad(
        {"Aptfile": "«libgtk-3-dev»\n", **_WHEELS},
        fixed={"Aptfile": ""},
        safety="unsafe",
        on="digitalocean",
        severity="info",
        title="another image has to stand in for DigitalOcean's",
    ),
    ok(
        {"Aptfile": "libgtk-3-dev\n", "requirements.txt": "flask\nour-own-thing\n"},
        on="heroku-24",
        title="a requirement of which nothing is known",
    ),
    ok(
        {"Aptfile": "unixodbc-dev\n", "requirements.txt": "pyodbc==5.3.0\n"},
        on="heroku-24",
        title="pyodbc links libodbc.so.2",
    ),
    ok(
        {"Aptfile": "libgtk-3-dev\n", "requirements.txt": "flask\nPillow==9.5.0\n"},
        on="heroku-24",
        title="so old a Pillow may be compiled",
    ),
    ok(
        {"Aptfile": "libgtk-3-dev\n", "app.py": "import ctypes\nctypes.CDLL('libgtk-3.so.0')\n", **_WHEELS},
        on="heroku-24",
        title="the app opens libraries itself",
    ),
    ok(
        {"Aptfile": "libgtk-3-dev\n", "package.json": "{}\n", **_WHEELS},
        on="heroku-24",
        title="another language",
    ),
    ok(
        {"Aptfile": "libopenblas-dev\npython3-dev\nlibpq-dev\n", **_WHEELS},
        on="heroku-24",
        title="others speak of these",
    ),
    ok({"Aptfile": "libgtk-3-dev\n"}, on="heroku-24", title="an Aptfile alone says nothing about Python"),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each package with headers that is proved to be linked by nothing."""
    for word, targets in unlinked(app):
        yield _finding(aptfile, word, targets, app)


@once  # two rules ask
def unlinked(app: App) -> tuple[tuple[AptWord, list[Target]], ...]:
    """Each such package with the targets for which that is proved."""
    words_listed = app.aptfile.packages if app.aptfile is not None else ()
    targets = readers(app) if app.knows_target else ()
    words = [
        word
        for word in dict.fromkeys(words_listed)
        if word.text.endswith("-dev")
        and word.text not in BLAS
        and not word.text.startswith(_PYTHON)
        and not any(build_image_has(word.text, t, app) for t in targets)
    ]
    if not words or not known_whole(app):
        return ()
    found = ((word, [t for t in targets if unused(app, t, brings(word.text, t))]) for word in words)
    return tuple((word, proved) for word, proved in found if proved)


def _finding(aptfile: Aptfile, word: AptWord, on: list[Target], app: App) -> Finding:
    from bpopt.native import table

    certain = [target for target in on if exact(word.text, target)]
    others = [target for target in readers(app) if target not in certain]
    compiled = table.compiled(app)
    reason = f"{compiled[0]} is compiled, and what its build finds changes" if compiled else ""
    if not reason and others:
        reason = f"what the image of {others[0].platform.title} has is not known"
    safety = Safety.UNSAFE if reason else Safety.SAFE
    brought = brings(word.text, (certain or on)[0])
    count = len(brought.chosen) if brought is not None else 0
    return META.found(
        aptfile.source,
        word.span,
        f"nothing that this app requires links a library of {word.text}"
        if count == 1
        else f"this app links no library of the {count} packages that {word.text} brings",
        help="remove it",
        fix=Fix(f"Remove {word.text}", safety, (remove_word(aptfile.source, word),), reason=reason),
        severity=None if certain else Severity.INFO,
        impact=cost_of([word.text], aptfile, app)
        or Impact("nothing, as other lines bring the same", bytes=0),
        evidence=[read_from_wheels()],
        on=on,
    )

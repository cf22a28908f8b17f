"""An X session library that nothing loads is listed.

## What it does

Finds `libsm6` and `libice6` where they are in the run image already, or where no requirement of the app loads them.

## Why is this bad

The two are the client side of X11's session management: programs with windows use them. They come from answers to
"ImportError: libSM.so.6", an error of OpenCV wheels before 4.3; current wheels need `libGL.so.1` or, headless, no
such library. In the run images of heroku-24 and heroku-26 both are there anyway, and the build fetches them again.

They save next to nothing: 57 kB of download and 167 kB unpacked on heroku-24 together. The line costs readers more
than it costs machines.

## Fix safety

Safe where the run image has the library, or where every requirement is known not to load it. Unsafe where a
requirement is not known.

## References

- [Packages of the heroku-24 run image](https://github.com/heroku/base-images/blob/main/heroku-24/installed-packages-amd64.txt)
- [libSM.so.6 and OpenCV](https://github.com/opencv/opencv-python/issues/851)
- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Impact, Safety, Severity
from bpopt.rules.apt import best_layer, cost_of, readers, remove_word, run_image_has
from bpopt.rules.apt.uses import read_from_wheels
from bpopt.rules.apt.windows import loads_windows, unknown_requirement
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP102", "unneeded-x-session-library", "aptfile", Severity.INFO)

LIBRARIES = {"libsm6": "libSM.so.6", "libice6": "libICE.so.6"}
_PLAIN = {"requirements.txt": "flask\ndlib==20.0.1\nface_recognition\n"}

EXAMPLES = (
    bad({"Aptfile": "cmake\n«libsm6»\n«libice6»\n", **_PLAIN}, fixed={"Aptfile": "cmake\n"}, on="heroku-24"),
    bad({"Aptfile": "cmake\n«libsm6»\n", **_PLAIN}, fixed={"Aptfile": "cmake\n"}, on="digitalocean"),
    bad(
        {"Aptfile": "cmake\n«libsm6»\n", "requirements.txt": "flask\nsomething-of-ours\n"},
        fixed={"Aptfile": "cmake\n"},
        safety="unsafe",
        on="heroku-22",
    ),
    bad(
        {"Aptfile": "«libsm6»\n"},
        fixed={"Aptfile": ""},
        on="heroku-24",
        title="the run image has it, whoever uses it",
    ),
    ok(
        {"Aptfile": "libsm6\n", "requirements.txt": "opencv-python\n"},
        on="heroku-22",
        title="OpenCV with windows",
    ),
    ok({"Aptfile": "libsm6\n"}, on="heroku-22", title="an Aptfile alone says nothing about Python"),
    ok({"Aptfile": "libxext6\n", **_PLAIN}, title="another library of X"),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report the two libraries where they are there anyway or nothing loads them."""
    for word in aptfile.packages:
        if word.text in LIBRARIES:
            yield from _finding(aptfile, word, app)


def _finding(aptfile: Aptfile, word: AptWord, app: App) -> Iterator[Finding]:
    targets = readers(app)
    there = [target for target in targets if run_image_has(word.text, target, app)]
    everywhere = bool(targets) and len(there) == len(targets)
    if not everywhere and (app.requirements is None or loads_windows(app, LIBRARIES[word.text])):
        return
    unknown = "" if everywhere else unknown_requirement(app)
    safety = Safety.UNSAFE if unknown else Safety.SAFE
    yield META.found(
        aptfile.source,
        word.span,
        _message(word.text, everywhere, unknown),
        help="remove it",
        fix=Fix(
            f"Remove {word.text}",
            safety,
            (remove_word(aptfile.source, word),),
            reason=f"whether all does without it is not known: {unknown}" if unknown else "",
        ),
        impact=_impact(aptfile, word, app),
        evidence=[_evidence(everywhere, unknown)],
        on=there if everywhere else targets,
    )


def _evidence(everywhere: bool, unknown: str) -> Evidence:
    """What it rests on: the image's list, what was read from wheels and sources, or what is known of OpenCV."""
    if everywhere:
        return Evidence(
            "catalog",
            "the images' own lists of packages",
            "https://github.com/heroku/base-images",
            "2026-11-23",
        )
    if unknown:
        url = "https://github.com/opencv/opencv-python/issues/851"
        return Evidence("fact", "current wheels load no X session library", url, "2026-11-23")
    return read_from_wheels()


def _message(name: str, everywhere: bool, unknown: str) -> str:
    if everywhere:
        return f"{name} is in the run image already"
    return (
        f"no requirement is known to load {name}"
        if unknown
        else f"nothing that this app requires loads {name}"
    )


def _impact(aptfile: Aptfile, word: AptWord, app: App) -> Impact | None:
    """What goes with the line; nothing as long as another line brings the library."""
    _, layer = best_layer(aptfile, app)
    for (name, *_), closure in zip(layer.words, layer.closures, strict=True) if layer is not None else ():
        if name not in LIBRARIES and closure.brings(word.text):
            return Impact(f"nothing while {name} is listed, which brings it", bytes=0)
    return cost_of([word.text], aptfile, app)

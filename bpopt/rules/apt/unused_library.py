"""A library is listed that nothing of the app loads.

## What it does

Finds libraries of an apt list, such as `libxext6`, of which neither the requirements nor what they require load
anything: no wheel links one of the libraries that the package brings, no source opens one by name.

Quiet unless all of it is known: every requirement and what it requires, and the app's own files, in which nothing may
open libraries, run programs, or be compiled. Programs and data (fonts, languages) are left alone, as anything may use
them; `libsm6` and `libice6` have a rule of their own, as have packages that the run image has.

## Why is this bad

The list was written for a requirement that is gone, or for one whose wheels have brought the library along for years.
Each line is fetched and unpacked in every build, and makes the next change of stack harder: names of libraries change
with each.

## Fix safety

Safe where it is proved on every platform of the app, from the stack's own index and image list. Unsafe where a relative
has to stand in.

## References

- [PEP 600: what a manylinux wheel may expect](https://peps.python.org/pep-0600/)
- [What bpopt knows of Python packages](https://github.com/bpopt/bpopt/blob/main/docs/native.md)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Safety, Severity
from bpopt.rules.apt import cost_of, readers, remove_word, run_image_has
from bpopt.rules.apt.unneeded_x_session_library import LIBRARIES
from bpopt.rules.apt.uses import brings, exact, known_whole, read_from_wheels, unused
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile, AptWord

META = Rule("BP126", "unused-library", "aptfile", Severity.INFO)

_WHEELS = {"requirements.txt": "flask==3.1.3\ngunicorn\nopencv-python-headless==5.0.0.93\n"}
EXAMPLES = (
    bad(
        {"Aptfile": "«libgl1»\ntesseract-ocr\n", **_WHEELS},
        fixed={"Aptfile": "tesseract-ocr\n"},
        on="heroku-24",
        message="nothing that this app requires loads libgl1",
    ),
    bad(
        {"Aptfile": "«libsndfile1»\n", "requirements.txt": "soundfile==0.14.0\n"},
        fixed={"Aptfile": ""},
        on="heroku-24",
        title="the wheel brings it along",
    ),
    bad(
        {"Aptfile": "«libgl1»\n", **_WHEELS},
        fixed={"Aptfile": ""},
        safety="unsafe",
        on="digitalocean",
        title="another image has to stand in for DigitalOcean's",
    ),
    ok(
        {"Aptfile": "libgl1\n", "requirements.txt": "opencv-python\n"},
        on="heroku-24",
        title="OpenCV with windows",
    ),
    ok(
        {"Aptfile": "libsndfile1\n", "requirements.txt": "soundfile==0.10.2\n"},
        on="heroku-24",
        title="an old wheel",
    ),
    ok(
        {"Aptfile": "libgl1\n", "requirements.txt": "flask\nour-own\n"},
        on="heroku-24",
        title="a requirement unknown",
    ),
    ok(
        {"Aptfile": "libgl1\n", "requirements.txt": "flask\nPillow==9.5.0\n"},
        on="heroku-24",
        title="may be compiled",
    ),
    ok({"Aptfile": "libgl1\n", "bin/tool.so.1": "", **_WHEELS}, on="heroku-24", title="the app has binaries"),
    ok(
        {"Aptfile": "libgl1\n", "app.py": "import subprocess\nsubprocess.run(['blender'])\n", **_WHEELS},
        on="heroku-24",
        title="the app runs programs",
    ),
    ok({"Aptfile": "libgl1\n", "package.json": "{}\n", **_WHEELS}, on="heroku-24", title="another language"),
    ok(
        {"Aptfile": "fonts-dejavu\nffmpeg\nlibreoffice\n", **_WHEELS},
        on="heroku-24",
        title="data and programs",
    ),
    ok({"Aptfile": "libgl1\n"}, on="heroku-24", title="an Aptfile alone says nothing about Python"),
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report each library that is proved to be loaded by nothing."""
    targets = readers(app) if app.knows_target and app.requirements is not None else ()
    words = [
        word
        for word in dict.fromkeys(aptfile.packages)
        if _is_library(word.text) and not any(run_image_has(word.text, target, app) for target in targets)
    ]
    if not words or not known_whole(app):
        return
    for word in words:
        proved = [target for target in targets if _nothing_loads(word.text, app, target)]
        if proved:
            yield _finding(aptfile, word, proved, app)


def _is_library(name: str) -> bool:
    return (
        name.startswith("lib")
        and not name.endswith(("-dev", "-bin", "-tools", "-doc"))
        and name not in LIBRARIES
    )


def _nothing_loads(name: str, app: App, target: Target) -> bool:
    from bpopt.apt import stacks
    from bpopt.native import libraries

    stack = stacks.find(target.stack)
    if stack is None or not any("/" not in item for item in libraries.contents(name, stack.suite)):
        return False
    return unused(app, target, brings(name, target))


def _finding(aptfile: Aptfile, word: AptWord, on: list[Target], app: App) -> Finding:
    others = [t for t in readers(app) if t not in on or not exact(word.text, t)]
    reason = f"what the image of {others[0].platform.title} has is not known" if others else ""
    return META.found(
        aptfile.source,
        word.span,
        f"nothing that this app requires loads {word.text}",
        help="remove it",
        fix=Fix(
            f"Remove {word.text}",
            Safety.UNSAFE if reason else Safety.SAFE,
            (remove_word(aptfile.source, word),),
            reason=reason,
        ),
        impact=cost_of([word.text], aptfile, app),
        evidence=[read_from_wheels()],
        on=on,
    )

"""A package needs a library or a program that nothing brings.

## What it does

Finds distributions that cannot do anything without a shared library or a program which neither the run image
nor the app's apt list has, such as `pyodbc` (libodbc.so.2) and `pytesseract` (tesseract). What a wheel is linked
to was read from the wheel, what Python source opens or runs from that source. A library that source asks
`ctypes.util.find_library` for has to come with its -dev package: that function knows what an apt list unpacks
only by the name without a version (`libzbar.so`).

OpenCV has a rule of its own, `gui-opencv`. Quiet about distributions that pip compiles (the build fails before),
about what only a part of a distribution needs, and about programs where a buildpack is listed that bpopt does
not know.

## Why is this bad

The build passes, as nothing is imported; the app then ends with "cannot open shared object file", or the first
request that needs the program does with "not found".

## Fix safety

Unsafe: the package that has it on the stack is added to the Aptfile, with what that brings along. No fix without
an Aptfile, or where the targets' stacks call the package by different names.

## References

- [heroku-buildpack-apt](https://github.com/heroku/heroku-buildpack-apt)
- [Packages of Heroku's images](https://devcenter.heroku.com/articles/stack-packages)
- [ctypes.util.find_library](https://docs.python.org/3/library/ctypes.html#finding-shared-libraries)
- [PEP 600: what a manylinux wheel may expect](https://peps.python.org/pep-0600/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import apt_list, installed, opencv
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.requirements import Requirements
    from bpopt.native.table import Missing, Need

META = Rule("BP718", "missing-native-library", "requirements", Severity.WARNING)

EXAMPLES = (
    bad("flask\n«pyodbc»==5.3.0\n", on="heroku-24", severity="error", message="libodbc.so.2"),
    bad(
        {"requirements.txt": "«pyodbc»==5.3.0\n", "Aptfile": "ffmpeg\n"},
        fixed={"Aptfile": "ffmpeg\nlibodbc2\n"},
        safety="unsafe",
        on="heroku-24",
        severity="error",
    ),
    bad(
        {"requirements.txt": "«pytesseract»==0.3.13\n", "Aptfile": "ffmpeg"},
        fixed={"Aptfile": "ffmpeg\ntesseract-ocr\n"},
        safety="unsafe",
        on="heroku-22",
        severity="warning",
        message="runs tesseract",
    ),
    bad("«pyzbar»\n", on="digitalocean", severity="warning", message="looks for libzbar.so.0"),
    bad(
        {"requirements.txt": "«pyzbar»\n", "Aptfile": "libzbar0t64\n"},
        fixed={"Aptfile": "libzbar0t64\nlibzbar-dev\n"},
        safety="unsafe",
        on="heroku-24",
        message="where find_library sees it",
    ),
    ok({"requirements.txt": "pyodbc\n", "Aptfile": "unixodbc\n"}, title="unixodbc brings libodbc2 along"),
    ok({"requirements.txt": "pytesseract\n", "Aptfile": "tesseract-ocr\n"}),
    ok("python-magic\nweasyprint\npsycopg2\n", title="the run image has what these load"),
    ok("soundfile==0.13.1\n", title="the wheel brings libsndfile along"),
    ok("opencv-python-headless\n", on="heroku-24", title="needs nothing that is not there"),
    ok("opencv-python\n", title="has a rule of its own"),
    ok(
        {"requirements.txt": "pyodbc\n", "Aptfile": "https://example.org/a.deb\n"},
        title="who knows what it brings",
    ),
    ok(
        {
            "requirements.txt": "pytesseract\n",
            "app.json": '{"buildpacks": [{"url": "https://github.com/x/tesseract-buildpack"}]}',
        },
        title="another buildpack may bring it",
    ),
    ok('pyodbc; sys_platform == "win32"\n', title="not for Linux"),
)

_VERBS = {"link": "is linked to", "dlopen": "opens", "find": "looks for", "program": "runs"}
_IMAGES = "https://github.com/heroku/base-images"


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report what is needed and not there, on each line that brings the need in."""
    if not installed(document, app):
        return
    from bpopt.native import table

    found: dict[tuple[str, str], list[tuple[Target, Missing]]] = {}
    for target in _targets(app):
        for item in table.missing(app, target):
            if _speaks(item, app, target) and any(item.requirement is e for e in document.requirements):
                found.setdefault((item.requirement.name, item.need.soname), []).append((target, item))
    for places in found.values():
        yield _finding(document, app, places)


def _targets(app: App) -> tuple[Target, ...]:
    """The targets to ask; where nobody said which, only those whose images are listed package by package."""
    from bpopt.apt import stacks

    if app.knows_target:
        return app.targets
    found = ((target, stacks.find(target.stack)) for target in app.targets)
    return tuple(target for target, stack in found if stack is not None and stack.image_exact)


def _speaks(item: Missing, app: App, target: Target) -> bool:
    """Whether it is certain enough to be told."""
    from bpopt.native import table

    if any(name in opencv.ALL or name in opencv.PULLS for name in item.through):
        return False
    if item.need.via == "link":
        return table.certainty(item.through[-1]) != "read"
    lists = (listed for listed in app.buildpacks if target in listed.targets)
    return not any(not buildpack.what for listed in lists for buildpack in listed.buildpacks)


def _finding(document: Requirements, app: App, places: list[tuple[Target, Missing]]) -> Finding:
    from bpopt.native import table

    item = places[0][1]
    entry, need = item.requirement, item.need
    certain = need.via == "link" and len(item.through) == 1 and table.always(entry.name, need.soname)
    on = [target for target, one in places if one.exact] if certain else []
    packages = tuple(dict.fromkeys(one.package for _, one in places if one.package))
    where = " where find_library sees it" if need.via == "find" else ""
    way = "".join(f" requires {name}, which" for name in item.through[1:])
    return META.found(
        document.source,
        entry.name_span,
        f"{entry.written}{way} {_VERBS[need.via]} {need.soname}, and neither the run image nor an apt list "
        f"has it{where}",
        help=_help(packages, app),
        fix=_fix(packages, app, [target for target, _ in places]),
        severity=Severity.ERROR if on else Severity.WARNING,
        evidence=[
            _evidence(item.through[-1], need),
            Evidence("catalog", "the images' own lists of packages", _IMAGES, "2026-11-23"),
        ],
        on=on or [target for target, _ in places],
    )


def _evidence(name: str, need: Need) -> Evidence:
    from bpopt.native import rows

    if need.source.startswith("https:"):
        return Evidence("catalog", f"{name}'s own source or documentation", need.source, rows.checked())
    url = f"https://pypi.org/project/{name}/#files"
    return Evidence("measurement", f"read from the binaries of {need.source}", url, rows.checked())


def _help(packages: tuple[str, ...], app: App) -> str:
    if not packages:
        return "no package of the stack has it: another buildpack has to bring it"
    return f"add {' or '.join(packages)} to {apt_list(app)}, unless nothing in the app uses it"


def _fix(packages: tuple[str, ...], app: App, targets: list[Target]) -> Fix | None:
    """Add the package to the Aptfile, where that is one name and all these targets read it."""
    aptfile = app.aptfile
    if aptfile is None or len(packages) != 1 or not all(t.platform.reads("aptfile") for t in targets):
        return None
    text = aptfile.source.text
    end = "\r\n" if "\r\n" in text else "\n"
    line = ("" if not text or text.endswith("\n") else end) + packages[0] + end
    edit = Edit(aptfile.source.path, Span(len(text), len(text)), line)
    reason = "it and what it depends on become part of the app"
    return Fix(f"Add {packages[0]} to the Aptfile", Safety.UNSAFE, (edit,), reason=reason)

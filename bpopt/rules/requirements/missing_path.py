"""A requirement that points to a file that is not there.

## What it does

Finds `-r`, `-c`, `-e` and paths in requirements that name a file or folder the app does not have, and
addresses of files on the machine that wrote the list (`file:///`).

## Why is this bad

pip ends with "Could not open requirements file" or "Invalid requirement". `pip freeze` in a conda
environment writes `numpy @ file:///C:/ci/numpy_1650000000/work`: a folder of the machine that built the
package.

## Fix safety

Safe for a backslash between folders, which becomes a slash. Unsafe for `name @ file:///...`, which becomes
the name alone, without a version. No fix for a file that is missing.

## References

- [pip: requirements file format](https://pip.pypa.io/en/stable/reference/requirements-file-format/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import applies, installed
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP716", "missing-path", "requirements", Severity.ERROR)

EXAMPLES = (
    bad(
        "flask==3.1.3\n«numpy @ file:///C:/ci/numpy_1650000/work»\n",
        fixed="flask==3.1.3\nnumpy\n",
        safety="unsafe",
        message="another machine",
    ),
    bad("-r «base.txt»\nflask\n", message="base.txt"),
    bad("«./vendor/lib»\n", message="vendor/lib"),
    bad("«-e .»\nflask\n", message="no setup.py"),
    bad(
        {"requirements.txt": "-r «requirements\\base.txt»\n", "requirements/base.txt": "flask\n"},
        fixed={"requirements.txt": "-r requirements/base.txt\n"},
        message="Windows",
    ),
    ok({"requirements.txt": "-r requirements/base.txt\n", "requirements/base.txt": "flask\n"}),
    ok({"requirements.txt": "-e .\n", "pyproject.toml": "[project]\nname = 'x'\n"}),
    ok({"requirements.txt": "./vendor/lib\n", "vendor/lib/setup.py": "\n"}),
    ok("-e git+https://github.com/me/lib.git#egg=lib\n"),
    ok("-r https://example.org/requirements.txt\n-c ${CONSTRAINTS}\n", title="elsewhere, or not known"),
)

_FILES = ("--requirement", "--constraint")
_PROJECTS = ("setup.py", "pyproject.toml", "setup.cfg")


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report each path that leads nowhere."""
    if not installed(document, app):
        return
    for option in document.options:
        path = _inside(document, option.value) if option.name in _FILES and option.value else None
        if path is not None and "\\" in (option.value or ""):
            yield _backslash(document, option.value or "", option.value_span)
        elif path is not None and not app.files.exists(path):
            message = f"there is no {path} here: pip ends with an error"
            yield META.found(document.source, option.value_span, message)
    for entry in document.requirements:
        if entry.url and applies(entry):
            yield from _address(document, entry, app)


def _backslash(document: Requirements, written: str, span: Span) -> Finding:
    edit = Edit(document.source.path, span, written.replace("\\", "/"))
    return META.found(
        document.source,
        span,
        f"{written} is a path of Windows: on Linux pip does not find it",
        help="write / between folders, which Windows takes as well",
        fix=Fix("Write / between folders", Safety.SAFE, (edit,)),
    )


def _inside(document: Requirements, written: str) -> str | None:
    """The path inside the app that a relative path of a file means, None for anything else."""
    from posixpath import dirname, join, normpath

    path = written.strip("'\"").partition("[")[0].partition("#")[0].replace("\\", "/")
    if not path or "$" in path or ":" in path or path.startswith(("/", "~")):
        return None
    joined = normpath(join(dirname(document.source.path), path))
    return None if joined.startswith("..") else joined


def _address(document: Requirements, entry: Requirement, app: App) -> Iterator[Finding]:
    if entry.url.startswith("file:///"):
        help_text = "write the name and the version that pip shows for it"
        message = f"{entry.name or 'this'} is at an address on another machine: pip does not find it"
        yield META.found(
            document.source, entry.span, message, help=help_text, fix=_name_alone(document, entry)
        )
        return
    # A path of a requirement is relative to the folder pip is started in, which is the app's.
    path = _inside(document, entry.url) if "/" not in document.source.path else None
    if path is None or entry.url.startswith("git+"):
        return
    if not app.files.exists(path) and path != ".":
        yield META.found(document.source, entry.span, f"there is no {path} here: pip ends with an error")
    elif path == "." and not any(app.has(name) for name in _PROJECTS):
        message = "the app itself cannot be installed: it has no setup.py and no pyproject.toml"
        yield META.found(document.source, entry.span, message)


def _name_alone(document: Requirements, entry: Requirement) -> Fix | None:
    text = document.source.text[slice(*entry.span)]
    if not entry.name or not text.startswith(entry.written) or entry.marker or entry.extras:
        return None
    edit = Edit(document.source.path, Span(entry.name_span.end, entry.span.end), "")
    return Fix(
        f"Ask for {entry.name} of the index",
        Safety.UNSAFE,
        (edit,),
        reason="without a version it is the newest",
    )

"""A package that exists for Windows only.

## What it does

Finds `pywin32`, `pypiwin32`, `windows-curses` and `pywinpty` in what a build installs, without a marker
that leaves them out on Linux.

## Why is this bad

`pip freeze` on Windows lists them. pywin32 and windows-curses have no file that Linux could install: the
build ends with "No matching distribution found". pypiwin32 requires pywin32, and pywinpty is compiled
against Windows.

## Fix safety

Safe: the marker `; sys_platform == "win32"` is added, so nothing changes on Windows.

## References

- [pywin32 on PyPI: files for Windows only](https://pypi.org/project/pywin32/#files)
- [windows-curses on PyPI](https://pypi.org/project/windows-curses/#files)
- [Python packaging: dependency specifiers](https://packaging.python.org/en/latest/specifications/dependency-specifiers/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import installed
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP710", "windows-only", "requirements", Severity.ERROR)

EXAMPLES = (
    bad(
        "flask==3.1.3\n«pywin32»==306  # from pip freeze\n",
        fixed='flask==3.1.3\npywin32==306; sys_platform == "win32"  # from pip freeze\n',
    ),
    bad("«windows-curses»\n", fixed='windows-curses; sys_platform == "win32"\n'),
    ok('pywin32==306; sys_platform == "win32"\n'),
    ok("pywin32==306; platform_system == 'Windows'\n"),
    ok("pywin32-ctypes==0.2.3\n", title="pure Python, installs anywhere"),
    ok(
        {"requirements-windows.txt": "pywin32\n", "requirements.txt": "flask\n"},
        title="not installed by the build",
    ),
)

_NAMES = frozenset({"pywin32", "pypiwin32", "windows-curses", "pywinpty"})


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report each package for Windows that a Linux build would try to install."""
    if not installed(document, app):
        return
    for entry in document.requirements:
        if entry.name in _NAMES and not entry.marker:
            evidence = Evidence(
                "catalog", "its files", f"https://pypi.org/project/{entry.name}/#files", "2026-11-24"
            )
            yield META.found(
                document.source,
                entry.name_span,
                f"{entry.written} can only be installed on Windows: pip ends with an error",
                help='remove it, or add ; sys_platform == "win32"',
                fix=_fix(document, entry),
                evidence=[evidence],
            )


def _fix(document: Requirements, entry: Requirement) -> Fix | None:
    if entry.url or entry.options or entry.extras:
        return None
    end = max(entry.name_span.end, entry.specifier_span.end)
    edit = Edit(document.source.path, Span(end, end), '; sys_platform == "win32"')
    return Fix("Install it on Windows only", Safety.SAFE, (edit,))

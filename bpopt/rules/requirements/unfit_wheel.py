"""A wheel that pip refuses where the app is built.

## What it does

Reads the names of wheels that requirements point to, by address or path, and finds those made for Windows, macOS or
musl, and those for another version of Python than the one that the app asks for.

## Why is this bad

pip ends with "is not a supported wheel on this platform" before it installs anything. Such a line works on the machine
it was written on, and nowhere else: the platforms build on Linux with glibc.

## Fix safety

There is no fix: the wheel for Linux, if there is one, has another name, and often another address.

## References

- [Python packaging: file names of wheels](https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention)
- [Python packaging: compatibility tags](https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/)
- [pip: requirement specifiers](https://pip.pypa.io/en/stable/reference/requirement-specifiers/)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.patterns import Pattern
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import applies, installed
from bpopt.rules.versions import python_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.requirements import Requirements

META = Rule("BP709", "unfit-wheel", "requirements", Severity.ERROR)

_URL = (
    "https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention"
)
_LINUX = "https://example.org/lib-1.0-cp312-cp312-manylinux_2_28_x86_64.whl"

EXAMPLES = (
    bad(
        "flask\n«https://example.org/dlib-19.22.99-cp310-cp310-win_amd64.whl»\n",
        severity="error",
        message="win_amd64",
    ),
    bad("«lib @ https://example.org/lib-1.0-py3-none-macosx_11_0_arm64.whl#sha256=00»\n", message="macOS"),
    bad({"requirements.txt": f"«{_LINUX}»\n", ".python-version": "3.13\n"}, message="Python 3.12"),
    ok({"requirements.txt": f"{_LINUX}\n", ".python-version": "3.12\n"}),
    ok(f"{_LINUX}\n", title="no file says which Python"),
    ok(
        {
            "requirements.txt": "https://example.org/a-1-cp39-abi3-linux_x86_64.whl\n",
            ".python-version": "3.13\n",
        }
    ),
    ok("https://example.org/a-1.0-py3-none-any.whl\n"),
    ok(
        'https://example.org/a-1-cp312-cp312-win_amd64.whl ; sys_platform == "win32"\n', title="not for Linux"
    ),
)

_NAME = Pattern(
    r"[^/\\]+-(?P<python>[a-z0-9.]+)-(?P<abi>[a-z0-9_.]+)-(?P<platform>[a-z0-9_.]+)\.whl", re.IGNORECASE
)
_SYSTEMS = {"win": "Windows", "macosx": "macOS", "musllinux": "Linux with musl"}


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report each wheel whose name says that it does not fit."""
    if not installed(document, app):
        return
    for entry in document.requirements:
        name = _NAME.search(entry.url.partition("#")[0]) if entry.url and applies(entry) else None
        if name is None:
            continue
        why, on = _unfit(name["python"], name["abi"], name["platform"], app)
        if why:
            yield META.found(
                document.source,
                entry.span,
                f"this wheel is for {why}: pip refuses it",
                help="point to a wheel for Linux and the app's Python, or let pip choose one by name and version",
                evidence=[Evidence("fact", "what the parts of the name mean", _URL, "2026-11-25")],
                on=on,
            )


def _unfit(python: str, abi: str, platform: str, app: App) -> tuple[str, tuple[Target, ...]]:
    """What a wheel is for, and where that does not fit; empty if it does, or may."""
    system = next((title for tag, title in _SYSTEMS.items() if platform.lower().startswith(tag)), None)
    if system is not None:
        return f"{system} ({platform})", app.targets
    exact = re.fullmatch(r"cp3([0-9]{1,2})", python)
    if exact is None or abi == "abi3":
        return "", ()
    on = app.where(lambda t: _other(t, app, (3, int(exact[1]))))
    return (f"Python 3.{exact[1]}", on) if on else ("", ())


def _other(target: Target, app: App, minor: tuple[int, int]) -> bool:
    asked = python_of(app, target)
    return asked is not None and asked.told and asked.minor != minor

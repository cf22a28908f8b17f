"""The version of Python is not one that pyproject.toml allows.

## What it does

Holds the version in `.python-version` or `runtime.txt` against `requires-python` of `pyproject.toml`.

## Why is this bad

uv refuses to install, and pip refuses the app itself where requirements.txt lists it. Otherwise nothing stops the
deploy, and the app runs on a Python for which it was not made.

## Fix safety

There is no fix: one of the two is wrong, and only you know which.

## References

- [pyproject.toml, requires-python](https://packaging.python.org/en/latest/specifications/pyproject-toml/#requires-python)
- [uv: Python versions](https://docs.astral.sh/uv/concepts/python-versions/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Label, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import by_file, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.python_version import Requested
    from bpopt.documents.view import Text

META = Rule("BP510", "requires-python-mismatch", "app", Severity.WARNING)

_AT_LEAST = '[project]\nname = "faces"\nrequires-python = ">=3.12,<4"\n'
EXAMPLES = (
    bad(
        {".python-version": "«3.11»\n", "pyproject.toml": _AT_LEAST}, severity="warning", message=">=3.12,<4"
    ),
    bad(
        {"runtime.txt": "«python-3.11.9»\n", "pyproject.toml": _AT_LEAST, "requirements.txt": "-e .\n"},
        severity="error",
        title="pip refuses the app itself",
    ),
    bad(
        {".python-version": "«3.11»\n", "pyproject.toml": _AT_LEAST, "uv.lock": "version = 1\n"},
        severity="error",
        title="uv refuses",
    ),
    ok({".python-version": "3.12\n", "pyproject.toml": _AT_LEAST}),
    ok(
        {".python-version": "3.12\n", "pyproject.toml": '[project]\nrequires-python = ">=3.12.4"\n'},
        title="the newest 3.12 is allowed",
    ),
    ok({".python-version": "3.11\n", "pyproject.toml": "[tool.ruff]\nline-length = 100\n"}),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report a version that requires-python excludes."""
    wanted = _required(app)
    if wanted is None:
        return
    source, text = app.source("pyproject.toml"), wanted.value
    for document, on in by_file(app):
        request = document.request
        if request is None or request.minor is None or source is None or _allowed(text, request) is not False:
            continue
        refused = app.has("uv.lock") or _installs_itself(app)
        yield META.found(
            document.source,
            request.span,
            f"Python {request.version} is not in requires-python {text}",
            help="write a version here that requires-python allows, or widen it",
            severity=Severity.ERROR if refused else None,
            labels=[Label(source, wanted.span, "the versions that are allowed")],
            evidence=[
                Evidence(
                    "fact",
                    "installers compare the two",
                    "https://packaging.python.org/en/latest/specifications/pyproject-toml/#requires-python",
                    "2026-11-24",
                )
            ],
            on=on,
        )


def _required(app: App) -> Text | None:
    """requires-python of pyproject.toml."""
    from bpopt.documents.view import View

    tree = app.document("pyproject", "pyproject.toml") if app.has("pyproject.toml") else None
    return View(tree.source, tree.root).text("project", "requires-python") if tree is not None else None


def _allowed(specifier: str, request: Requested) -> bool | None:
    """Whether any release that the version stands for is allowed, None if that cannot be told."""
    from bpopt.documents.releases import contains

    assert request.minor is not None
    if request.patch is not None:
        return contains(specifier, f"{name_of(request.minor)}.{request.patch}")
    answers = {contains(specifier, f"{name_of(request.minor)}.{patch}") for patch in (0, 30)}
    return True if True in answers else None if None in answers else False


def _installs_itself(app: App) -> bool:
    return any(
        (r.url or "").split("[")[0] in (".", "./")
        for document in app.requirement_files
        for r in document.requirements
    )

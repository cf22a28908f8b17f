"""The version of Python is not one that pyproject.toml or Pipfile allows.

## What it does

Holds the version in `.python-version` or `runtime.txt` against `requires-python` of `pyproject.toml`, or against the
Python among Poetry's dependencies there; and, where packages come from `Pipfile.lock`, against the Python that
`[requires]` of the Pipfile names.

## Why is this bad

uv refuses to install, and pip refuses the app itself where requirements.txt lists it; Poetry says "Current Python
version is not allowed by the project". Pipenv, which the buildpacks call with `--deploy`, ends with "Aborting deploy".
Otherwise nothing stops the deploy, and the app runs on a Python for which it was not made.

## Fix safety

There is no fix: one of the two is wrong, and only you know which.

## References

- [pyproject.toml, requires-python](https://packaging.python.org/en/latest/specifications/pyproject-toml/#requires-python)
- [Poetry: a Python that the project does not allow](https://github.com/stepacool/Eye-Tracker/issues/17)
- [Poetry: constraints](https://python-poetry.org/docs/dependency-specification/#version-constraints)
- [Pipenv: --deploy ends over another Python](https://github.com/pypa/pipenv/blob/main/pipenv/utils/project.py)
- [uv: Python versions](https://docs.astral.sh/uv/concepts/python-versions/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Label, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import by_file, name_of
from bpopt.rules.python.managers import present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.python_version import Requested
    from bpopt.documents.view import Text

META = Rule("BP510", "requires-python-mismatch", "app", Severity.WARNING)

_PIPENV = "https://github.com/pypa/pipenv/blob/main/pipenv/utils/project.py"
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
    bad(
        {
            ".python-version": "«3.11»\n",
            "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\n',
            "poetry.lock": "",
        },
        severity="warning",
        message="^3.12",
    ),
    bad(
        {
            ".python-version": "«3.13»\n",
            "Pipfile": '[packages]\n[requires]\npython_version = "3.12"\n',
            "Pipfile.lock": "{}\n",
        },
        on=("heroku", "dokku"),
        severity="error",
        message="Pipenv ends the build",
    ),
    ok(
        {
            ".python-version": "3.12.14\n",
            "Pipfile": '[requires]\npython_version = "3.12"\n',
            "Pipfile.lock": "{}\n",
        }
    ),
    ok(
        {
            ".python-version": "3.13\n",
            "Pipfile": '[requires]\npython_full_version = "3.13.2"\n',
            "Pipfile.lock": "{}\n",
        },
        title="which patch release it will be is not known",
    ),
    ok(
        {
            ".python-version": "3.13\n",
            "Pipfile": '[requires]\npython_version = "3.12"\n',
            "requirements.txt": "flask\n",
        },
        title="Pipenv is not used",
    ),
    ok(
        {".python-version": "3.8\n", "pyproject.toml": _AT_LEAST},
        title="a version that is not installed at all",
    ),
    ok({".python-version": "3.12\n", "pyproject.toml": _AT_LEAST}),
    ok({".python-version": "3.13\n", "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\n'}),
    ok(
        {".python-version": "3.12\n", "pyproject.toml": '[project]\nrequires-python = ">=3.12.4"\n'},
        title="the newest 3.12 is allowed",
    ),
    ok({".python-version": "3.11\n", "pyproject.toml": "[tool.ruff]\nline-length = 100\n"}),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report a version that requires-python excludes."""
    yield from _with_pipenv(app)
    wanted = _required(app)
    if wanted is None:
        return
    from bpopt.rules.python.unsupported_python import refuses

    source, text = app.source("pyproject.toml"), specifiers(wanted.value)
    if text is None:
        return
    for document, on in by_file(app):
        request = document.request
        if request is None or request.minor is None or source is None or _allowed(text, request) is not False:
            continue
        on = tuple(
            t for t in on if not refuses(t, request.minor)
        )  # of a version that has ended enough is said
        if not on:
            continue
        refused = app.has("uv.lock") or _installs_itself(app)
        yield META.found(
            document.source,
            request.span,
            f"Python {request.version} is not what pyproject.toml allows: {wanted.value}",
            help="write a version here that pyproject.toml allows, or widen what it allows",
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


def _with_pipenv(app: App) -> Iterator[Finding]:
    """Report a version that is not the one of the Pipfile."""
    if not (app.has("Pipfile.lock") and app.has("Pipfile")) or present(app) != ("Pipfile.lock",):
        return
    from bpopt.documents import toml_tree
    from bpopt.documents.view import View

    source = app.source("Pipfile")
    if source is None:
        return
    view = View(source, toml_tree.parse(source).root).at("requires")
    wanted = view.text("python_full_version") or view.text("python_version")
    for document, found in by_file(app):
        on = tuple(t for t in found if t.platform.name != "heroku-fir")  # knows no Pipenv
        request = document.request
        if wanted is None or not on or request is None or request.minor is None:
            continue
        if _same(wanted.value, request) is False:
            yield META.found(
                document.source,
                request.span,
                f"Python {request.version} is not the {wanted.value} of the Pipfile: Pipenv ends the build",
                help="write the same version into both, and run pipenv lock",
                severity=Severity.ERROR,
                labels=[Label(source, wanted.span, "the version that Pipenv asks for")],
                evidence=[Evidence("fact", "--deploy ends over another Python", _PIPENV, "2026-11-25")],
                on=on,
            )


def _same(wanted: str, request: Requested) -> bool | None:
    """Whether a version of the Pipfile is the one that is asked for, None if that cannot be told."""
    numbers = wanted.split(".")
    if request.minor is None or len(numbers) < 2 or not all(number.isdigit() for number in numbers):
        return None
    if (int(numbers[0]), int(numbers[1])) != request.minor:
        return False
    if len(numbers) < 3:
        return True
    return None if request.patch is None else int(numbers[2]) == request.patch


def _required(app: App) -> Text | None:
    """requires-python of pyproject.toml, or else what Poetry asks for."""
    tree = app.document("pyproject", "pyproject.toml") if app.has("pyproject.toml") else None
    if tree is None:
        return None
    from bpopt.documents.view import View

    view = View(tree.source, tree.root)
    return view.text("project", "requires-python") or view.text("tool", "poetry", "dependencies", "python")


def specifiers(constraint: str) -> str | None:
    """A constraint as pip writes it; Poetry's `^3.12` and `~3.12` put that way, None for its alternatives.

    https://python-poetry.org/docs/dependency-specification/#version-constraints
    """
    text = constraint.strip()
    if "|" in text or not text or text == "*":
        return None
    parts = (part.strip() for part in text.split(","))
    return ",".join(_poetry(part) if part[:1] in ("^", "~") and part[:2] != "~=" else part for part in parts)


def _poetry(part: str) -> str:
    least = part[1:].strip()
    numbers = least.split(".")
    if part[0] == "~" and len(numbers) > 1 and numbers[1].isdigit():
        return f">={least},<{numbers[0]}.{int(numbers[1]) + 1}"
    return f">={least},<{int(numbers[0]) + 1}" if numbers[0].isdigit() else part


def allows(app: App, minor: tuple[int, int]) -> bool:
    """Whether pyproject.toml says nothing against any release of a minor version."""
    wanted = _required(app)
    text = specifiers(wanted.value) if wanted is not None else None
    return text is None or _minor_allowed(text, minor) is not False


def _allowed(specifier: str, request: Requested) -> bool | None:
    """Whether any release that the version stands for is allowed, None if that cannot be told."""
    from bpopt.documents.releases import contains

    assert request.minor is not None
    if request.patch is not None:
        return contains(specifier, f"{name_of(request.minor)}.{request.patch}")
    return _minor_allowed(specifier, request.minor)


def _minor_allowed(specifier: str, minor: tuple[int, int]) -> bool | None:
    from bpopt.documents.releases import contains

    answers = {contains(specifier, f"{name_of(minor)}.{patch}") for patch in (0, 30)}
    return True if True in answers else None if None in answers else False


def _installs_itself(app: App) -> bool:
    return any(
        (r.url or "").split("[")[0] in (".", "./")
        for document in app.requirement_files
        for r in document.requirements
    )

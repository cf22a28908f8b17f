"""The packages cannot be installed from what is there.

## What it does

Finds apps with a `Pipfile` and no `Pipfile.lock`, with a `setup.py` and nothing else, with a `pyproject.toml` and no
lock file, or with Python files and no list of packages at all at the top of the app.

## Why is this bad

The Python buildpack installs from exactly one of `requirements.txt`, `Pipfile.lock`, `poetry.lock` and `uv.lock` at
the top of what is deployed. Without any it ends the build: "Couldn't find any supported Python package manager
files", for a Pipfile "No Pipfile.lock found". A requirements.txt in a folder below is not seen.

## Fix safety

Safe for `setup.py` alone: the buildpack did the same as the new `requirements.txt` says until v325, and its message
names this way out. No fix for the others: versions have to be chosen by `pipenv lock`, `uv lock` or `pip freeze`.

## References

- [Heroku's Python buildpack: package managers](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/package_manager.sh)
- [Heroku's Python buildpack, changelog, v292 and v325](https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md)
- [chipy.org #553: requirements in another folder](https://github.com/chicagopython/chipy.org/pull/553)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, NewFile, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import CHANGELOG, CHECKED
from bpopt.rules.python.managers import present, seems_python, treats
from bpopt.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target

META = Rule("BP509", "missing-lock", "app", Severity.ERROR)

_WEB = {"Procfile": "web: gunicorn app:app\n", "app.py": "app = 1\n"}
EXAMPLES = (
    bad({"Pipfile": "«»[packages]\n", **_WEB}, on=("heroku", "digitalocean"), message="Pipfile.lock"),
    bad(
        {"setup.py": "«»from setuptools import setup\n", "Procfile": "web: gunicorn app:app\n"},
        fixed={"requirements.txt": "--editable .\n"},
        severity="error",
    ),
    bad(
        {"setup.py": "«»from setuptools import setup\n", "Procfile": "web: gunicorn app:app\n"},
        fixed={"requirements.txt": "--editable .\n"},
        on="digitalocean",
        severity="warning",
    ),
    bad(
        {"pyproject.toml": "«»[project]\nname = 'faces'\n", **_WEB},
        severity="error",
        message="pyproject.toml",
    ),
    bad(
        {
            "Procfile": "«web»: gunicorn app:app\n",
            "app.py": "app = 1\n",
            "backend/requirements.txt": "flask\n",
        },
        severity="error",
        message="backend/requirements.txt",
    ),
    ok({"Pipfile": "[packages]\n", "Pipfile.lock": "{}\n", **_WEB}),
    ok({"Pipfile": "[packages]\n", "requirements.txt": "flask\n", **_WEB}, title="pip has its file"),
    ok({"setup.py": "setup()\n", "requirements.txt": "-e .\n"}),
    ok(
        {"Procfile": "web: node server.js\n", "package.json": "{}\n", "tool.py": "x\n"},
        title="another language",
    ),
    ok({"Procfile": "web: gunicorn app:app\n"}, title="no code here at all, so not the whole app"),
    ok({"requirement.txt": "flask\n", **_WEB}, title="a misspelled name has a rule of its own"),
    ok(
        {"Pipfile": "[packages]\n", "Dockerfile": "FROM python\n"},
        on="dokku",
        title="built from a Dockerfile",
    ),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report the first reason for which nothing can be installed."""
    from bpopt.rules.run.wrong_file_name import _REQUIREMENTS

    if present(app) or app.has("Dockerfile") or not _REQUIREMENTS.isdisjoint(app.names):
        return
    if app.has("environment.yml") or app.has("heroku.yml"):
        return
    if app.has("Pipfile"):
        yield from _found(app, "Pipfile", "pipfile_without_lock", "Pipfile has no Pipfile.lock")
    elif app.has("setup.py"):
        yield from _found(app, "setup.py", "setup_py_only", "setup.py alone is not installed from")
    elif seems_python(app) and app.has("Procfile"):
        on = app.where(lambda t: treats(t, "several_package_files") == "error" and not _elsewhere(t, app))
        if not on:
            return
        below = _below(app)
        if app.has("pyproject.toml") and not below:
            yield _finding(
                app, "pyproject.toml", "pyproject.toml alone is not installed from", Severity.ERROR, on
            )
        elif (procfile := app.procfile) is not None and procfile.processes:
            where = f"; {below} is in a folder that the buildpack does not look into" if below else ""
            message = f"no requirements.txt, or lock file, at the top of the app{where}"
            found = _finding(app, "Procfile", message, Severity.ERROR, on)
            yield found._replace(source=procfile.source, span=procfile.processes[0].name_span)


def _found(app: App, path: str, key: str, message: str) -> Iterator[Finding]:
    for degree, severity in (("error", Severity.ERROR), ("warning", Severity.WARNING)):
        on = app.where(lambda t, d=degree: treats(t, key) == d)  # type: ignore[misc]
        if on:
            yield _finding(app, path, message, severity, on)


def _finding(app: App, path: str, message: str, severity: Severity, on: tuple[Target, ...]) -> Finding:
    fix = None
    if path == "setup.py":
        new = NewFile("requirements.txt", "--editable .\n")
        fix = Fix("Create requirements.txt that installs the app itself", Safety.SAFE, creates=(new,))
    hand = {
        "Pipfile": "run pipenv lock and commit Pipfile.lock",
        "setup.py": "create requirements.txt with --editable .",
    }
    return META.found(
        app.source(path) or Source(path, b""),
        Span(0, 0),
        f"{message}: the build ends" if severity is Severity.ERROR else message,
        help=hand.get(
            path, "create requirements.txt at the top of the app, or commit uv.lock or poetry.lock"
        ),
        severity=severity,
        fix=fix,
        evidence=[Evidence("fact", "what the Python buildpack installs from", CHANGELOG, CHECKED)],
        on=on,
    )


def _elsewhere(target: Target, app: App) -> bool:
    """Whether the app spec may take its code from another folder."""
    return target.platform.name == "digitalocean" and app.app_spec is not None


def _below(app: App) -> str:
    """A requirements.txt or lock file one folder down, empty if there is none."""
    names = ("requirements.txt", "Pipfile.lock", "poetry.lock", "uv.lock")
    paths = (path for path, _ in app.files.walk() if path.count("/") == 1)
    return next((path for path in paths if path.rpartition("/")[2] in names), "")

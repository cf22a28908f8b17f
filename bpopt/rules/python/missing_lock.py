"""The packages cannot be installed from what is there.

## What it does

Finds apps with a `Pipfile` and no `Pipfile.lock`, even beside a `requirements.txt`; with a `setup.py` and nothing else;
with a `pyproject.toml` and no lock file; or with Python files and no list of packages at all at the top of the app.

## Why is this bad

The Python buildpack installs from exactly one of `requirements.txt`, `Pipfile.lock`, `poetry.lock` and `uv.lock` at
the top of what is deployed. Without any it ends the build: "Couldn't find any supported Python package manager
files". For a Pipfile it is "No Pipfile.lock found", and that is asked first: another list does not help. Heroku Fir
knows no Pipenv and passes a Pipfile by. App Platform takes an app for Python by `requirements.txt`, `Pipfile` or
`setup.py`. A requirements.txt in a folder below is not seen by any of them.

## Fix safety

Safe for `setup.py` alone: the buildpack did the same as the new `requirements.txt` says until v325, and its message
names this way out. Unsafe for a Pipfile beside another list: it goes, and only you know which of them is kept up to
date. No fix for the others: versions have to be chosen by `pipenv lock`, `uv lock` or `pip freeze`.

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
    bad(
        {"Pipfile": "«»[packages]\n", "requirements.txt": "flask\n", **_WEB},
        fixed={"Pipfile": None},
        safety="unsafe",
        on=("heroku", "scalingo", "digitalocean"),
        severity="error",
        message="even beside requirements.txt",
    ),
    bad({"Pipfile": "«»[packages]\n", **_WEB}, on="heroku-fir", severity="error", message="knows no Pipenv"),
    ok(
        {"Pipfile": "[packages]\n", "requirements.txt": "flask\n", **_WEB},
        on="heroku-fir",
        title="passed by there",
    ),
    ok(
        {"Pipfile": "[packages]\n", ".gitignore": "Pipfile\n", "requirements.txt": "flask\n", **_WEB},
        title="not pushed",
    ),
    bad(
        {"Procfile": "«web»: gunicorn app:app\n", "app.py": "app = 1\n"},
        on="digitalocean",
        severity="warning",
    ),
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

    if app.has("Dockerfile") or not _REQUIREMENTS.isdisjoint(app.names):
        return
    if app.has("environment.yml") or app.has("heroku.yml"):
        return
    others = present(app)
    if app.has("Pipfile") and "Pipfile.lock" not in others and not (others and _not_pushed(app, "Pipfile")):
        yield from _pipfile(app, others)
    elif others:
        return
    elif app.has("setup.py"):
        yield from _found(app, "setup.py", "setup_py_only", "setup.py alone is not installed from")
    elif seems_python(app) and app.has("Procfile"):
        yield from _nothing(app)


def _pipfile(app: App, others: tuple[str, ...]) -> Iterator[Finding]:
    beside = f", which the build needs even beside {others[0]}" if others else ""
    yield from _found(app, "Pipfile", "pipfile_without_lock", f"Pipfile has no Pipfile.lock{beside}")
    on = app.where(lambda t: t.platform.fact("python.pipfile_without_lock") is None)
    if on and not others:
        message = f"{on[0].platform.title} knows no Pipenv, and there is no other list of packages"
        yield _finding(app, "Pipfile", message, Severity.ERROR, on)._replace(
            help="commit requirements.txt, uv.lock or poetry.lock in its place"
        )


def _not_pushed(app: App, name: str) -> bool:
    from bpopt.rules.slug import pushed

    return pushed.left_out(app, name)


def _nothing(app: App) -> Iterator[Finding]:
    """An app of Python files without any list of packages at its top."""
    below = _below(app)
    where = f"; {below} is in a folder that the buildpack does not look into" if below else ""
    message = f"no requirements.txt, or lock file, at the top of the app{where}"
    only = app.has("pyproject.toml") and not below
    procfile = app.procfile
    for severity, on in _by_degree(app, "no_package_file"):
        on = tuple(t for t in on if not _elsewhere(t, app))
        if on and only:
            yield _finding(app, "pyproject.toml", "pyproject.toml alone is not installed from", severity, on)
        elif on and procfile is not None and procfile.processes:
            found = _finding(app, "Procfile", message, severity, on)
            yield found._replace(source=procfile.source, span=procfile.processes[0].name_span)


def _by_degree(app: App, key: str) -> Iterator[tuple[Severity, tuple[Target, ...]]]:
    """The targets that make an error, or a warning, of a state of the package files."""
    for degree, severity in (("error", Severity.ERROR), ("warning", Severity.WARNING)):
        yield severity, app.where(lambda t, d=degree: treats(t, key) == d)  # type: ignore[misc]


def _found(app: App, path: str, key: str, message: str) -> Iterator[Finding]:
    for severity, on in _by_degree(app, key):
        if on:
            yield _finding(app, path, message, severity, on)


def _finding(app: App, path: str, message: str, severity: Severity, on: tuple[Target, ...]) -> Finding:
    hand = {
        "Pipfile": "run pipenv lock and commit Pipfile.lock"
        + (f", or remove Pipfile if {others[0]} is what counts" if (others := present(app)) else ""),
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
        fix=_fix(path, others),
        evidence=[Evidence("fact", "what the Python buildpack installs from", CHANGELOG, CHECKED)],
        on=on,
    )


def _fix(path: str, others: tuple[str, ...]) -> Fix | None:
    if path == "setup.py":
        new = NewFile("requirements.txt", "--editable .\n")
        return Fix("Create requirements.txt that installs the app itself", Safety.SAFE, creates=(new,))
    if path == "Pipfile" and others:
        reason = f"only if {others[0]} is the list that is kept up to date"
        return Fix("Remove Pipfile", Safety.UNSAFE, removes=("Pipfile",), reason=reason)
    return None


def _elsewhere(target: Target, app: App) -> bool:
    """Whether the app spec may take its code from another folder."""
    return target.platform.name == "digitalocean" and app.app_spec is not None


def _below(app: App) -> str:
    """A requirements.txt or lock file one folder down, empty if there is none."""
    names = ("requirements.txt", "Pipfile.lock", "poetry.lock", "uv.lock")
    paths = (path for path, _ in app.files.walk() if path.count("/") == 1)
    return next((path for path in paths if path.rpartition("/")[2] in names), "")

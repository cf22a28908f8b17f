"""The packages are listed in a file that the platform does not look for.

## What it does

Holds the package files of the app against those that each of its platforms reads: `Pipfile.lock` on Heroku Fir,
`uv.lock` or `poetry.lock` alone on DigitalOcean, and a `source_dir` of an app spec in which Python files lie, but no
list of packages.

## Why is this bad

The buildpacks of Fir know no Pipenv, and so the build ends. App Platform chooses the buildpack by `requirements.txt`,
`Pipfile` or `setup.py` in the component's own folder; one at the top of the repository is not seen from `source_dir`.

## Fix safety

There is no fix: a requirements.txt with the versions of the lock file is made by `pipenv requirements`, `uv export` or
`poetry export`; beside a lock file it ends the build on Heroku, so it replaces that.

## References

- [Heroku's Python CNB: package managers](https://github.com/heroku/buildpacks-python)
- [App Platform: Python buildpack](https://docs.digitalocean.com/products/app-platform/reference/buildpacks/python/)
- [heroku-buildpack-monorepo #22: packages in another folder](https://github.com/lstoll/heroku-buildpack-monorepo/issues/22)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python.managers import OTHERS, present
from bpopt.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.view import Text

META = Rule("BP511", "unread-package-file", "app", Severity.ERROR)

_SPEC = "services:\n- name: web\n  source_dir: «backend»\n  run_command: gunicorn app:app\n"
EXAMPLES = (
    bad({"Pipfile": "", "Pipfile.lock": "«»{}\n"}, on="heroku-fir", severity="error", message="Pipfile.lock"),
    bad({"uv.lock": "«»version = 1\n"}, on="digitalocean", severity="warning", message="requirements.txt"),
    bad(
        {".do/app.yaml": _SPEC, "requirements.txt": "flask\n", "backend/app.py": "app = 1\n"},
        on="digitalocean",
        severity="error",
        message="backend",
    ),
    ok({"Pipfile": "", "Pipfile.lock": "{}\n"}, on=("heroku", "digitalocean", "dokku", "scalingo")),
    ok({"uv.lock": "version = 1\n"}, on=("heroku", "heroku-fir", "dokku", "scalingo")),
    ok(
        {"uv.lock": "x\n", ".do/app.yaml": "services:\n- name: web\n  dockerfile_path: deploy/Dockerfile\n"},
        on="digitalocean",
    ),
    ok({"uv.lock": "version = 1\n", "requirements.txt": "flask\n"}, on="digitalocean"),
    ok({"uv.lock": "version = 1\n", "Dockerfile": "FROM python\n"}, on="digitalocean", title="no buildpack"),
    ok(
        {
            ".do/app.yaml": _SPEC.replace("«", "").replace("»", ""),
            "backend/requirements.txt": "flask\n",
            "backend/app.py": "app = 1\n",
        },
        on="digitalocean",
    ),
    ok(
        {
            ".do/app.yaml": "services:\n- name: web\n  source_dir: web\n",
            "web/package.json": "{}\n",
            "web/a.py": "1\n",
        },
        on="digitalocean",
        title="another language",
    ),
    ok(
        {".do/app.yaml": "services:\n- name: web\n  source_dir: web\n", "app.py": "1\n"},
        on="digitalocean",
        title="a folder of another repository",
    ),
)

_LISTS = (
    "requirements.txt",
    "Pipfile",
    "setup.py",
    "Pipfile.lock",
    "poetry.lock",
    "uv.lock",
    "pyproject.toml",
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report package files that a platform passes by, and folders without any."""
    found = present(app)
    if found and "requirements.txt" not in found and not app.has("Dockerfile"):
        for target in app.targets if app.knows_target else ():
            known = _read_by(target)
            if known and not any(app.has(name) for name in known) and not _built_otherwise(target, app):
                yield _unread(app, found[0], known, target)
    on = app.where(lambda t: t.platform.name == "digitalocean")
    spec = app.app_spec if on else None
    for component in spec.components if spec is not None else ():
        folder = component.source_dir
        if folder is not None and component.dockerfile_path is None and _without_packages(app, folder):
            assert spec is not None
            yield _empty(spec.tree.source, folder, on)


def _read_by(target: Target) -> tuple[str, ...]:
    fact = target.platform.fact("python.package_files")
    return fact.value if fact is not None and fact.verified and isinstance(fact.value, tuple) else ()


def _built_otherwise(target: Target, app: App) -> bool:
    """Whether the app spec takes the code from another folder, or builds it without a buildpack."""
    spec = app.app_spec if target.platform.name == "digitalocean" else None
    return spec is not None and any(
        component.source_dir is not None
        or component.dockerfile_path is not None
        or component.view.at("image").node is not None
        for component in spec.components
    )


def _unread(app: App, name: str, known: tuple[str, ...], target: Target) -> Finding:
    fact = target.platform.fact("python.package_files")
    assert fact is not None
    # DigitalOcean's buildpack knows the lock files; what its documents do not name is how the buildpack is chosen.
    severity = Severity.WARNING if target.platform.name == "digitalocean" else Severity.ERROR
    return META.found(
        app.source(name) or Source(name, b""),
        Span(0, 0),
        f"{target.platform.title} does not look for {name}, but for {', '.join(known[:-1])} or {known[-1]}",
        help=f"put a requirements.txt made from {name} in its place",
        severity=severity,
        evidence=[Evidence("fact", "the files that are looked for", fact.source, fact.date)],
        on=(target,),
    )


def _without_packages(app: App, folder: Text) -> bool:
    """Whether a folder is there, holds Python, and neither a list of packages nor what builds it otherwise."""
    path = folder.value.strip("/").removeprefix("./")
    if not path or path == "." or not app.files.exists(path):
        return False
    if any(app.files.exists(f"{path}/{name}") for name in (*_LISTS, *OTHERS, "Dockerfile")):
        return False
    inside = (name[len(path) + 1 :] for name, _ in app.files.walk() if name.startswith(f"{path}/"))
    return any(name.endswith(".py") and "/" not in name for name in inside)


def _empty(source: Source, folder: Text, on: tuple[Target, ...]) -> Finding:
    fact = on[0].platform.fact("python.package_files")
    assert fact is not None
    return META.found(
        source,
        folder.verbatim or folder.span,
        f"{folder.value} has no requirements.txt, and what lies outside of it is not seen from there",
        help="put requirements.txt into that folder, or take source_dir out",
        evidence=[Evidence("fact", "the files that are looked for", fact.source, fact.date)],
        on=on,
    )

"""A virtual environment, a build result or node_modules is part of the app.

## What it does

Finds `venv/` or `.venv/` with a `pyvenv.cfg`, any other folder at the top of the app that has one, `.heroku/python/`
and `node_modules/` among what is pushed: in git's index, or, where that cannot be read, not left out by a .gitignore of
the app.

## Why is this bad

Heroku's Python buildpack ends the build for an "Existing '.venv/' directory" (since v324) and for `.heroku/python/`
(since v291), and Dokku has the same one. Elsewhere the environment only ships: hundreds of megabytes of another
machine's binaries.

## Fix safety

There is no fix, as files would have to go from git: `git rm -r --cached venv` and a line in .gitignore do it.

## References

- [heroku-buildpack-python #1990: existing virtual environments](https://github.com/heroku/heroku-buildpack-python/pull/1990)
- [heroku-buildpack-python #1710: .heroku/python in the repository](https://github.com/heroku/heroku-buildpack-python/issues/1710)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.index import tracked
from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import placed, pushed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

META = Rule("BP409", "committed-environment", "app", Severity.ERROR)

EXAMPLES = (
    bad(
        {".venv/pyvenv.cfg": "«»home = /usr/bin\n", "Procfile": "web: x\n"},
        severity="warning",
        message="unless git",
    ),
    bad({"venv/pyvenv.cfg": "«»home = /usr/bin\n"}, on="digitalocean", severity="info"),
    bad({".heroku/python/bin/python3.12": "«»x", "Procfile": "web: x\n"}, severity="warning"),
    bad({"myenv/pyvenv.cfg": "«»home = /usr/bin\n"}, severity="info", message="myenv/"),
    ok({"venv/pyvenv.cfg": "home = /usr/bin\n", ".gitignore": "venv/\n"}),
    ok({".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/.gitignore": "*\n"}, title="as Python 3.13 makes it"),
    ok({"venv/notes.md": "x\n"}, title="a folder of that name that is no environment"),
)

# A file that proves it -> (folder, whether the build ends with it).
_PROOFS = {
    ".venv/pyvenv.cfg": (".venv", True),
    "venv/pyvenv.cfg": ("venv", True),
    "node_modules/.package-lock.json": ("node_modules", False),
    "node_modules/.yarn-integrity": ("node_modules", False),
}
_SLUG = ".heroku/python/"  # any file below ends the build
_PRUNED = frozenset({".venv", "venv", "node_modules"})  # what a walk leaves out


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each environment that is pushed, certainly or as far as can be seen."""
    listed = tracked(app)
    for proof, (folder, fatal) in (*_PROOFS.items(), *_others(app, listed)):
        if proof in listed if listed is not None else _seems_pushed(app, proof, folder):
            yield from _findings(app, proof, folder, fatal, listed is not None)


def _others(app: App, listed: frozenset[str] | None) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Environments by any other name, and the first file of a slug's own Python."""
    if listed is None and "/pyvenv.cfg" not in pushed.names(app) and _SLUG not in pushed.names(app):
        return
    paths = sorted(listed) if listed is not None else [path for path, _ in pushed.walked(app)]
    for path in paths:
        if path.endswith("/pyvenv.cfg") and path.count("/") == 1 and path not in _PROOFS:
            yield path, (path.partition("/")[0], False)
    slug = next((path for path in paths if path.startswith(_SLUG)), None)
    if slug is not None:
        yield slug, (_SLUG.rstrip("/"), True)


def _seems_pushed(app: App, proof: str, folder: str) -> bool:
    """Whether the file is there and no .gitignore of the app leaves it out."""
    there = app.files.exists(proof)
    if there and folder not in _PRUNED:
        there = any(path == proof for path, _ in pushed.walked(app))
    return there and bool(pushed.only_pushed(app, [proof])) and not _hides_itself(app, folder)


def _hides_itself(app: App, folder: str) -> bool:
    raw = app.files.read(f"{folder}/.gitignore")
    return raw is not None and b"*" in raw.split()


def _findings(app: App, proof: str, folder: str, fatal: bool, certain: bool) -> Iterator[Finding]:
    ends = app.where(lambda t: fatal and _ends(t.platform.fact("python.committed_venv")))
    ships = tuple(t for t in app.targets if t not in ends)
    unless = "" if certain else ", unless git leaves it out"
    for on, what, severity in (
        (ends, "ends the build", Severity.ERROR),
        (ships, "ships with the app", Severity.WARNING),
    ):
        if not on or (on is ships and ends):
            continue
        yield META.found(
            *placed(app, proof),
            f"{folder}/ is part of the app and {what}{unless}",
            help=f"git rm -r --cached {folder}, and write {folder}/ into .gitignore",
            severity=severity if certain else severity.lowered(),
            evidence=[
                Evidence(
                    "fact",
                    "an error since v324 of the Python buildpack",
                    "https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md",
                    "2026-11-23",
                )
            ],
            on=on,
        )


def _ends(fact: object) -> bool:
    return getattr(fact, "verified", False) and getattr(fact, "value", None) == "error"

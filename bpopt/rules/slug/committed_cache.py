"""Caches are part of the app.

## What it does

Finds `__pycache__`, `.pytest_cache`, `.ipynb_checkpoints`, `.mypy_cache`, `.ruff_cache` and `.DS_Store` in git's
index, or, where that cannot be read, among what no .gitignore of the app leaves out.

## Why is this bad

They belong to the machine that made them. They ship with each deploy, and change with each commit for nothing.

## Fix safety

There is no fix, as files would have to go from git: `git rm -r --cached` and a line in .gitignore do it.

## References

- [git: .gitignore](https://git-scm.com/docs/gitignore)
- [Heroku: what is in a slug](https://devcenter.heroku.com/articles/slug-compiler)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.index import tracked
from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import CHECKED, SLUG_COMPILER, placed, pushed
from bpopt.text import has_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

META = Rule("BP410", "committed-cache", "app", Severity.INFO)

EXAMPLES = (
    bad({".ipynb_checkpoints/a-checkpoint.ipynb": "«»{}\n", "Procfile": "web: x\n"}),
    ok({"__pycache__/app.pyc": "x\n", ".gitignore": "*.py[cod]\n"}, title="not in git"),
    ok({".ipynb_checkpoints/a.ipynb": "{}\n", ".gitignore": ".ipynb_checkpoints\n"}, title="not in git"),
    ok({"Procfile": "web: x\n"}),
)

_CACHES = frozenset(
    {"__pycache__", ".pytest_cache", ".ipynb_checkpoints", ".mypy_cache", ".ruff_cache", ".DS_Store"}
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each kind of cache once, at its first file."""
    seen: dict[str, list[str]] = {}
    for path in _pushed(app):
        for part in path.split("/"):
            if part in _CACHES:
                seen.setdefault(part, []).append(path)
                break
    for name, paths in seen.items():
        files = f"{len(paths)} file{'s' if len(paths) > 1 else ''}"
        yield META.found(
            *placed(app, paths[0]),
            f"{files} of {name} ship{'s' if len(paths) == 1 else ''} with the app",
            help=f"git rm -r --cached, and write {name} into .gitignore",
            evidence=[Evidence("fact", "a slug holds the files of a commit", SLUG_COMPILER, CHECKED)],
            on=app.targets,
        )


def _pushed(app: App) -> list[str]:
    """The paths of caches that a push carries."""
    listed = tracked(app)
    if listed is None and not has_any(pushed.names(app), _CACHES):
        return []
    paths = sorted(listed) if listed is not None else [path for path, _ in pushed.walked(app)]
    inside = [path for path in paths if "_" in path or ".DS" in path]  # all of the names have it
    caches = [path for path in inside if not _CACHES.isdisjoint(path.split("/"))]
    return caches if listed is not None or not caches else pushed.only_pushed(app, caches)

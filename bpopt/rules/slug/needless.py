"""What of an app the running app certainly does not need: tests, documents, notebooks, drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.rules.slug import naming, pushed
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.app import App

# Folder at the top of an app -> what it is.
FOLDERS = {
    "tests": "tests",
    "test": "tests",
    "docs": "documents",
    "doc": "documents",
    "notebooks": "notebooks",
    "screenshots": "pictures for readers",
    ".github": "workflows and forms of GitHub",
    ".gitlab": "pipelines and forms of GitLab",
    ".circleci": "pipelines of CircleCI",
    ".vscode": "settings of an editor",
    ".idea": "settings of an editor",
}
# File at the top of an app -> what it is.
FILES = dict.fromkeys(
    (
        ".travis.yml",
        ".gitlab-ci.yml",
        "bitbucket-pipelines.yml",
        "azure-pipelines.yml",
        ".drone.yml",
        "appveyor.yml",
    ),
    "pipelines of other services",
)
SUFFIXES = {".ipynb": "notebooks", ".psd": "drawings", ".xcf": "drawings", ".sketch": "drawings"}


class Needless(NamedTuple):
    """One folder or file to leave out: its path, what it is, its files and their bytes."""

    path: str
    what: str
    files: int
    bytes: int


def find(app: App) -> tuple[tuple[Needless, ...], str]:
    """What need not ship, the largest first, and why that is not certain (empty if it is)."""
    listed = pushed.files(app)
    groups: dict[tuple[str, str], list[int]] = {}
    for path, size in listed:
        if (key := _group(path)) is not None:
            groups.setdefault(key, []).append(size)
    if not groups:
        return (), ""
    texts = naming.read(app, [f for f in listed if _group(f[0]) is None])
    found = [
        Needless(path, what, len(sizes), sum(sizes))
        for (path, what), sizes in groups.items()
        if not _tested_by_platform(app, what) and not texts.name(path, what)
    ]
    doubt = (
        "not all files of the app were looked at" if len(pushed.walked(app)) >= pushed.MOST else texts.doubt
    )
    return tuple(sorted(found, key=lambda n: -n.bytes)), doubt


def _group(path: str) -> tuple[str, str] | None:
    top, slash, _ = path.partition("/")
    if slash and top in FOLDERS:
        return top, FOLDERS[top]
    if path in FILES:
        return path, FILES[path]
    dot = path.rfind(".")
    what = SUFFIXES.get(path[dot:].lower()) if dot > 0 else None
    return (path, what) if what else None


def _tested_by_platform(app: App, what: str) -> bool:
    """Whether Heroku CI runs the tests: files that .slugignore names are gone there too."""
    manifest = app.app_json
    root = manifest.tree.root if manifest is not None and what == "tests" else None
    return root is not None and any(
        root.get(*p) is not None for p in (("environments", "test"), ("scripts", "test"))
    )

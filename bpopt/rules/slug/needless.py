"""What of an app the running app certainly does not need: tests, documents, notebooks, drawings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bpopt.rules.slug import pushed

if TYPE_CHECKING:
    from collections.abc import Iterator

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
SUFFIXES = {".ipynb": "notebooks", ".psd": "drawings", ".xcf": "drawings", ".sketch": "drawings"}
# What may name a folder or file that it needs; other files only speak of it.
_READING = (".py", ".html", ".js", ".sh", ".ini", ".cfg", ".toml", ".json", ".yaml", ".yml", ".rb")
_SPEAKING = frozenset(
    {"pytest.ini", "tox.ini", "ruff.toml", ".pre-commit-config.yaml", "package-lock.json", "mypy.ini"}
)
_MOST_FILES, _MOST_BYTES = 300, 2_000_000


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
    texts, doubt = _texts(app, [f for f in listed if _group(f[0]) is None])
    found = [
        Needless(path, what, len(sizes), sum(sizes))
        for (path, what), sizes in groups.items()
        if not _tested_by_platform(app, what) and not named(path, texts)
    ]
    return tuple(sorted(found, key=lambda n: -n.bytes)), doubt


def _group(path: str) -> tuple[str, str] | None:
    top, slash, _ = path.partition("/")
    if slash and top in FOLDERS:
        return top, FOLDERS[top]
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


def _texts(app: App, files: list[tuple[str, int]]) -> tuple[list[str], str]:
    """What the app's own code says, comments left out, and a doubt if that is not all of it."""
    texts: list[str] = []
    total = 0
    for path, size in files:
        name = path.rpartition("/")[2]
        if (
            not (name.endswith(_READING) or name == "Procfile" or path.startswith("bin/"))
            or name in _SPEAKING
        ):
            continue
        if len(texts) >= _MOST_FILES or (total := total + size) > _MOST_BYTES:
            return texts, "the app is too large to look through all of its code"
        source = app.source(path)
        if source is None:
            return texts, f"{path} cannot be read"
        texts.append("\n".join(_statements(name, source.text)))
    return texts, ""


def _statements(name: str, text: str) -> Iterator[str]:
    packaging = name in ("pyproject.toml", "setup.cfg", "setup.py")
    for line in text.split("\n"):
        if line.lstrip().startswith(("#", "//")) or (packaging and re.search(r"\btests?\b", line)):
            continue
        yield line


def named(path: str, texts: list[str]) -> bool:
    """Whether any of the texts names a path as code does: in quotes, as a folder, as an import."""
    name = re.escape(path.rpartition("/")[2])
    word = re.compile(rf"[\"'/]{name}[\"'/.]|\bfrom {name}\b|\bimport {name}\b|(?<![\w./-]){name}/")
    return any(word.search(text) for text in texts)

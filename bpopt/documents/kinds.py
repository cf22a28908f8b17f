"""The kinds of file bpopt reads: which names they have, and which parser. The only list of file names."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Name of the kind -> module of `bpopt.documents` whose `parse(source)` reads it.
PARSERS = {
    "aptfile": "aptfile",
    "procfile": "procfile",
    "slugignore": "slugignore",
    "python_version": "python_version",
    "runtime_txt": "python_version",
    "requirements": "requirements",
    "dotenv": "dotenv",
    "app_json": "app_json",
    "app_spec": "app_spec",
    "project_toml": "project_toml",
    "heroku_yml": "heroku_yml",
    "gunicorn_conf": "gunicorn_conf",
    "pyproject": "toml_tree",
    "scalingo_json": "json_tree",
    "buildpacks_file": "buildpacks_file",
    "packages_txt": "aptfile",
    "apt_txt": "aptfile",
}

# Exact path inside an app -> kind.
PATHS = {
    "Aptfile": "aptfile",
    "Procfile": "procfile",
    ".slugignore": "slugignore",
    ".python-version": "python_version",
    "runtime.txt": "runtime_txt",
    "app.json": "app_json",
    ".do/app.yaml": "app_spec",
    ".do/app.yml": "app_spec",
    ".do/deploy.template.yaml": "app_spec",
    "project.toml": "project_toml",
    "heroku.yml": "heroku_yml",
    "gunicorn.conf.py": "gunicorn_conf",
    "pyproject.toml": "pyproject",
    "scalingo.json": "scalingo_json",
    ".buildpacks": "buildpacks_file",
    "packages.txt": "packages_txt",
    "apt.txt": "apt_txt",
}

# A directory below the one that was asked for is an app of its own if one of these lies in it; the other
# files (requirements.txt, .env, app.json of a React Native project) are too common to say so.
MARKERS = frozenset(
    {
        "Aptfile",
        "Procfile",
        ".slugignore",
        "runtime.txt",
        ".do/app.yaml",
        ".do/app.yml",
        "heroku.yml",
        "scalingo.json",
    }
)
FOLDERS = (".do", "requirements")  # folders of an app whose files have kinds
# Bytes beyond which a file is not what its name says. Lists of requirements with hashes grow to megabytes.
LARGEST = 4 * 1024 * 1024
_LARGEST = dict.fromkeys(
    (
        "aptfile",
        "procfile",
        "slugignore",
        "python_version",
        "runtime_txt",
        "buildpacks_file",
        "packages_txt",
        "apt_txt",
    ),
    64 * 1024,
)
_ENV_SUFFIXES = (
    "",
    ".example",
    ".sample",
    ".template",
    ".dist",
    ".production",
    ".prod",
    ".staging",
    ".defaults",
)
_ENV_NAMES = frozenset(f".env{suffix}" for suffix in _ENV_SUFFIXES)


@lru_cache(4096)
def kind_of(path: str) -> str | None:
    """The kind of the file at a path inside an app (with `/`), None if bpopt does not read it."""
    kind = PATHS.get(path)
    if kind is not None:
        return kind
    folder, _, name = path.rpartition("/")
    if (
        name.endswith(".txt")
        and (name.startswith("requirements") or folder == "requirements")
        and folder in ("", "requirements")
    ):
        return "requirements"
    return "dotenv" if not folder and name in _ENV_NAMES else None


def largest(path: str) -> int:
    """The most bytes that the file at a path may have to be read."""
    return _LARGEST.get(kind_of(path) or "", LARGEST)


def parse(kind: str, source: Any) -> Any:
    """Parse a source with the parser of its kind."""
    return _parser(kind)(source)


@cache
def _parser(kind: str) -> Callable[[Any], Any]:
    """The parser of a kind, imported when first needed."""
    from importlib import import_module

    parser: Callable[[Any], Any] = import_module(f"bpopt.documents.{PARSERS[kind]}").parse
    return parser

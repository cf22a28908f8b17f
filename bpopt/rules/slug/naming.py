"""Which of an app's own texts name a folder or file of it: code in quotes, commands as a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.patterns import Pattern
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.app import App

# Code and settings that may name what the running app reads; other files only speak of it.
_CODE = (
    ".py", ".html", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".rb", ".php", ".ini", ".cfg", ".toml",
    ".json", ".yaml", ".yml",
)  # fmt: skip
# Files of commands, and settings of servers, in which a name needs no quotes.
_COMMANDS = (".sh", ".bash", ".conf", ".erb", ".ctmpl")
_MANIFESTS = frozenset(
    {"Procfile", "app.json", "scalingo.json", "heroku.yml", "project.toml", "package.json", "nltk.txt"}
)
# For developers, their tests and their documents' host only.
_SPEAKING = frozenset(
    {
        "pytest.ini", "tox.ini", "ruff.toml", ".ruff.toml", "mypy.ini", "noxfile.py", "conftest.py",
        ".pre-commit-config.yaml", "package-lock.json", ".readthedocs.yml", ".readthedocs.yaml", "mkdocs.yml",
        "codecov.yml", ".codecov.yml", ".travis.yml", ".gitlab-ci.yml", "docker-compose.yml", "docker-compose.yaml",
    }
)  # fmt: skip
_PACKAGING = frozenset({"pyproject.toml", "setup.cfg", "setup.py"})
_TESTS = Pattern(r"\btests?\b")
_FOR_DEVELOPERS = Pattern(r"\b(?:pytest|unittest|tox|nox|coverage|ruff|flake8|black|mypy|sphinx-build)\b")
# Programs that read what is needed without its being named, by what they read.
_READERS = {
    "tests": Pattern(r"\b(?:pytest|unittest|nose2|tox|nox)\b|manage\.py test\b|\bmake (?:test|check)\b"),
    "documents": Pattern(r"\b(?:mkdocs|sphinx-build|make (?:docs?|html))\b"),
    "notebooks": Pattern(r"\b(?:voila|jupyter|papermill|nbconvert|marimo|make notebooks)\b"),
}
_MOST_FILES, _MOST_BYTES = 300, 2_000_000


class Texts(NamedTuple):
    """What an app's own files say without comments: its code, its commands, those that deploy it; and a doubt."""

    code: tuple[str, ...]
    commands: tuple[str, ...]
    deploying: tuple[str, ...]
    doubt: str  # why that is not all of it, empty if it is

    def name(self, path: str, what: str) -> bool:
        """Whether a path (of files of this kind) is named, or read by a program that a deployment starts."""
        plain = path.rpartition("/")[2]
        name = re.escape(plain)
        quoted = Pattern(
            rf"[\"'/]{name}[\"'/.]|\bfrom {name}\b|\bimport\b[^\n#]*\b{name}\b|(?<![\w./-]){name}/"
        )
        bare = Pattern(rf"(?<![\w.-]){name}(?![\w-])")
        reader = _READERS.get(what)
        return (
            any(plain in text and quoted.search(text) for text in self.code)
            or any(plain in text and bare.search(text) for text in self.commands)
            or (reader is not None and any(reader.search(text) for text in self.deploying))
        )


def read(app: App, files: list[tuple[str, int]]) -> Texts:
    """The texts among these files (path, bytes), as far as they are few enough to be read."""
    code: list[str] = []
    commands: list[str] = []
    deploying: list[str] = []
    total, doubt = 0, ""
    installed = {document.source.path for document in app.requirement_files}
    for path, size in files:
        into = _into(path, installed, code, commands, deploying)
        if not into:
            continue
        total += size
        source = app.source(path) if len(code) < _MOST_FILES and total <= _MOST_BYTES else None
        if source is None:
            doubt = f"not all of the app's code can be looked through: {path}"
            break
        for texts in into:
            texts.append(_statements(path.rpartition("/")[2], source.text))
    return Texts(tuple(code), tuple(commands), tuple(deploying), doubt)


def _into(
    path: str, installed: set[str], code: list[str], commands: list[str], deploying: list[str]
) -> tuple[list[str], ...]:
    """The lists that a file's text belongs to, none if it says nothing of what the app needs."""
    name = path.rpartition("/")[2]
    if path in _MANIFESTS or path.startswith(("bin/", ".do/")):
        return commands, deploying
    if name == "Makefile" or name.endswith(_COMMANDS) or path in installed:
        return (commands,)
    return (code,) if name.endswith(_CODE) and name not in _SPEAKING else ()


def _statements(name: str, text: str) -> str:
    """The lines of a file that do something."""
    lines = (line for line in text.split("\n") if not line.lstrip().startswith(("#", "//")))
    if name in _PACKAGING:
        lines = (line for line in lines if not _TESTS.search(line))
    elif name == "Makefile" or name.endswith((".sh", ".bash")):
        recipe = "\t" if name == "Makefile" else ""
        lines = (line for line in lines if line.startswith(recipe) and not _FOR_DEVELOPERS.search(line))
    elif name.endswith(".txt"):
        lines = (line.partition(" #")[0] for line in lines)
    return "\n".join(lines)

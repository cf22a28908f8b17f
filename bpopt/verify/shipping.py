"""What ships: which of an app's files a platform puts into the slug, as it reads .slugignore.

Heroku drops what matches before the build, by patterns roughly those of .gitignore without negation
(https://devcenter.heroku.com/articles/slug-compiler); Scalingo drops it when the image is made, by Go's
filepath.Match (https://doc.scalingo.com/platform/app/slugignore); the others ship everything. Checked
2026-11-24. What the dialects are is data of `bpopt.platforms`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bpopt.app import App
    from bpopt.app.targets import Target

GITIGNORE, GO_MATCH = "gitignore-no-negation", "filepath.Match"


class Shipped(NamedTuple):
    """What one target ships of an app: paths and bytes of the files that stay, and those left out.

    `honoured` tells whether the platform reads .slugignore: None where nobody knows for certain.
    """

    target: Target
    honoured: bool | None
    kept: tuple[tuple[str, int], ...]
    dropped: tuple[tuple[str, int], ...]

    @property
    def size(self) -> int:
        """The bytes that ship."""
        return sum(size for _, size in self.kept)


def shipped(app: App, target: Target, files: Iterable[tuple[str, int]]) -> Shipped:
    """Part the files (path, bytes) of an app into what the target ships and what it leaves out."""
    honoured = target.platform.reads("slugignore")
    listed = tuple(files)
    leaves_out = matcher(app, target) if honoured else None
    if leaves_out is None:
        return Shipped(target, honoured, listed, ())
    kept = tuple(file for file in listed if not leaves_out(file[0]))
    dropped = tuple(file for file in listed if leaves_out(file[0]))
    return Shipped(target, honoured, kept, dropped)


def matcher(app: App, target: Target) -> Callable[[str], bool] | None:
    """Whether the app's .slugignore names a path, in the platform's dialect; None if there is none to ask."""
    document = app.slugignore
    dialect = target.platform.fact("slugignore.dialect")
    if document is None or dialect is None:
        return None
    patterns = [pattern.text for pattern in document.patterns]
    return _go_match(patterns) if dialect.value == GO_MATCH else _gitignore(patterns)


def _gitignore(patterns: list[str]) -> Callable[[str], bool]:
    from pathspec import GitIgnoreSpec

    from bpopt.discovery import compile_patterns

    spec = compile_patterns([pattern for pattern in patterns if not pattern.startswith("!")])
    assert isinstance(spec, GitIgnoreSpec)
    return spec.match_file


def _go_match(patterns: list[str]) -> Callable[[str], bool]:
    """Patterns from the top of the app; one that names a folder takes what is in it."""
    compiled = [
        expression for pattern in patterns if (expression := _go_pattern(pattern.strip("/"))) is not None
    ]
    return lambda path: any(expression.match(path) for expression in compiled)


def _go_pattern(pattern: str) -> re.Pattern[str] | None:
    """https://pkg.go.dev/path/filepath#Match: `*` and `?` stop at `/`, classes as in `[^a-z]`, `\\` escapes."""
    parts = []
    for star, mark, escaped, inside, char in re.findall(
        r"(\*)|(\?)|\\(.)|\[((?:\^)?[^\]]+)\]|(.)", pattern, re.DOTALL
    ):
        if star:
            parts.append("[^/]*")
        elif mark:
            parts.append("[^/]")
        elif inside:
            negated, body = inside.startswith("^"), inside.lstrip("^").replace("[", r"\[")
            parts.append(f"[{'^/' if negated else ''}{body}]")
        else:
            parts.append(re.escape(escaped or char))
    try:
        return re.compile("".join(parts) + r"(?:/|\Z)", re.DOTALL) if pattern else None
    except re.error:
        return None

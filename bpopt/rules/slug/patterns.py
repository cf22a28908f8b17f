"""How a pattern of .slugignore is read: roughly as in .gitignore by Heroku, by Go's filepath.Match by Scalingo.

https://devcenter.heroku.com/articles/slug-compiler, https://doc.scalingo.com/platform/app/slugignore,
https://pkg.go.dev/path/filepath#Match (checked 2026-11-24).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bpopt.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from bpopt.app.targets import Target

GITIGNORE, GO_MATCH = "gitignore-no-negation", "filepath.Match"
LONGEST = 4096  # characters of a path, on Linux (PATH_MAX); a longer pattern is no pattern


def dialect(target: Target) -> str | None:
    """How a target reads patterns, None if it does not, or nobody knows."""
    fact = target.platform.fact("slugignore.dialect")
    return str(fact.value) if fact is not None and fact.verified else None


@lru_cache(maxsize=256)
def matcher(pattern: str, read_as: str) -> Callable[[str], bool]:
    """Whether a pattern takes a path (relative to the app); one that names a folder takes what is in it."""
    if len(pattern) > LONGEST:
        return lambda path: False
    return _go_match(pattern) if read_as == GO_MATCH else _gitignore(pattern)


def _gitignore(pattern: str) -> Callable[[str], bool]:
    """A pattern that begins with `!` takes nothing: negation is not supported."""
    if pattern.startswith("!"):
        return lambda path: False
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines([pattern]).match_file
    except ValueError:  # no pattern at all
        return lambda path: False


_GO_PARTS = Pattern(r"(\*)|(\?)|\\(.)|\[(\^?[^\]]+)\]|(.)", re.DOTALL)


def _go_match(pattern: str) -> Callable[[str], bool]:
    parts = []
    for star, mark, escaped, inside, char in _GO_PARTS.findall(pattern.strip("/")):
        if star:
            parts.append("[^/]*")
        elif mark:
            parts.append("[^/]")
        elif inside:
            body = inside.lstrip("^").replace("[", r"\[")
            parts.append(f"[{'^/' if inside.startswith('^') else ''}{body}]")
        else:
            parts.append(re.escape(escaped or char))
    try:
        expression = re.compile("".join(parts) + r"(?:/|\Z)", re.DOTALL)
    except re.error:
        return lambda path: False
    return lambda path: bool(pattern.strip("/")) and expression.match(path) is not None

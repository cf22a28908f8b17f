"""Did you mean: the known word closest to a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word most like `word` (difflib's ratio at least `cutoff`), None if none is."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1, cutoff=cutoff)), None)


def meant(word: str, known: Iterable[str]) -> str:
    """`, did you mean 'x'?` to put after a message, or nothing."""
    close = closest(word, known)
    return f", did you mean {close!r}?" if close else ""

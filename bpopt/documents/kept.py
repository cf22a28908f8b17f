"""Small files and what they say, kept from one app to the next: the apps of one repository share many of them.

A source depends on nothing but its path and its bytes, a document on nothing but its kind and its source, and neither
changes. So the same bytes at the same path are decoded and parsed once, however many apps have them. What is kept is
bounded in number and in size, and starts with the second app that has it, so that memory stays flat.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bpopt.documents import kinds
from bpopt.text import Source, unreadable

KEPT = 512  # files
SMALL = 1024  # bytes, or characters: what a file says takes fifty times its own memory


def source(path: str, raw: bytes) -> Source:
    """The source of a file of that path and content."""
    return _source(path, raw) if len(raw) <= SMALL and _met_before((path, raw)) else Source(path, raw)


def document(kind: str, of: Source) -> Any:
    """The parsed document of a kind, None if the source is no text."""
    return _document(kind, of) if of.shared else _parsed(kind, of)


def _parsed(kind: str, of: Source) -> Any:
    return kinds.parse(kind, of) if of.plain or unreadable(of.raw) is None else None


_document = lru_cache(KEPT)(_parsed)  # sources are told apart by identity


@lru_cache(KEPT)
def _source(path: str, raw: bytes) -> Source:
    found = Source(path, raw)
    found.shared = True
    return found


def _met_before(file: tuple[str, bytes]) -> bool:
    """Whether a file was met a while ago: one that is in a single app only is not kept, so that it takes no memory."""
    number = hash(file)
    at = number % len(_met)
    before, _met[at] = _met[at], number
    return before == number


_met = [0] * (4 * KEPT)

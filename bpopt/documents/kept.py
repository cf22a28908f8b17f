"""Small files and what they say, kept from one app to the next: the apps of one repository share many of them.

A source depends on nothing but its path and its bytes, a document on nothing but its kind and its source, and neither
changes. So the same bytes at the same path are decoded and parsed once, however many apps have them. What is kept is
bounded in number and in size, so that memory stays flat.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bpopt.documents import kinds
from bpopt.text import Source, unreadable

KEPT = 512  # files
SMALL = 4096  # bytes, or characters; larger files are hardly ever the same in two apps


def source(path: str, raw: bytes) -> Source:
    """The source of a file of that path and content."""
    return _source(path, raw) if len(raw) <= SMALL else Source(path, raw)


def document(kind: str, of: Source) -> Any:
    """The parsed document of a kind, None if the source is no text."""
    return _document(kind, of) if len(of.raw) <= SMALL else _parsed(kind, of)


def _parsed(kind: str, of: Source) -> Any:
    return kinds.parse(kind, of) if unreadable(of.raw) is None else None


_source = lru_cache(KEPT)(Source)
_document = lru_cache(KEPT)(_parsed)  # sources are told apart by identity

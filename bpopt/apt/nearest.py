"""The package that a name which does not exist was meant to be: by likeness, among names that begin alike."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.apt.catalog import Catalog

_ENOUGH = 500  # names compared; each costs some 20 microseconds
_ALIKE = 0.8  # difflib's ratio


@lru_cache(maxsize=1024)
def nearest(name: str, catalog: Catalog) -> str | None:
    """Return the package whose name is most like `name`, None if none is alike.

    Another version in the name (`libicu66` for libicu74) and a missing `-dev` count as alike.
    """
    from difflib import get_close_matches

    name = name.lower().replace("_", "-")
    if catalog.exists(name):
        return name
    stem = re.sub(r"[\d.-]*(?:t64)?(?:-dev)?$", "", name)
    for length in range(3, len(name) + 1):
        near = catalog.beginning(name[:length])
        if len(near) <= _ENOUGH:
            break
    else:
        return None
    versions = [other for other in near if re.fullmatch(re.escape(stem) + r"[\d.-]*(?:t64)?(?:-dev)?", other)]
    near = [other for other in near if _kind(other) == _kind(name)]
    same_kind = [other for other in versions if _kind(other) == _kind(name)]
    close = get_close_matches(name, same_kind or near, n=1, cutoff=0.5 if same_kind else _ALIKE)
    return close[0] if close else None


def _kind(name: str) -> str:
    """What is behind the last hyphen, where that says what kind of package it is: headers, documents, symbols."""
    kind = name.rpartition("-")[2]
    return kind if kind in ("dev", "doc", "dbg", "dbgsym") else ""

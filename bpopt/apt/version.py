"""Debian version numbers: their order, and whether one meets a relation.

The order is that of Debian policy 5.6.12 (https://www.debian.org/doc/debian-policy/ch-controlfields.html#version):
epoch, then upstream version, then revision, each as runs of non-digits and digits; `~` sorts before the end.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RUNS = re.compile(r"([^0-9]*)([0-9]*)")
_Part = tuple[tuple[tuple[int, ...], int], ...]


@lru_cache(maxsize=200_000)
def key(version: str) -> tuple[int, _Part, _Part]:
    """Return a sort key: keys compare as the versions do."""
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, "0"
    return (int(epoch) if epoch.isdecimal() else 0, _part(upstream), _part(revision))


def meets(version: str, relation: str, wanted: str) -> bool:
    """Tell whether `version` stands in `relation` (`<< <= = >= >>`, or the old `<` and `>`) to `wanted`."""
    ours, theirs = key(version), key(wanted)
    if relation == "=":
        return ours == theirs
    if relation == "<<":
        return ours < theirs
    if relation == ">>":
        return ours > theirs
    return ours <= theirs if relation.startswith("<") else ours >= theirs


def _part(text: str) -> _Part:
    """Split into (letters, number) runs; the end of the text sorts after `~` and before anything else."""
    runs = _RUNS.findall(text)
    return tuple((_letters(letters), int(digits or 0)) for letters, digits in runs)


def _letters(text: str) -> tuple[int, ...]:
    # `~` is lower than the end of the run (0), letters are lower than other signs.
    return (*(-1 if c == "~" else ord(c) if c.isalpha() else ord(c) + 256 for c in text), 0)

"""One entry of the tables of what is known to go wrong."""

from __future__ import annotations

from bpopt.values import NamedTuple


class Known(NamedTuple):
    """One thing known of the calls of some names, what it is, and where that is written.

    Names have variables traced to what they were made of; one that ends in `*` stands for all that begin so.
    """

    names: tuple[str, ...]
    what: str
    url: str


def find(table: tuple[Known, ...], name: str) -> Known | None:
    """The entry of a table for a dotted name."""
    for known in table:
        for pattern in known.names:
            if name == pattern or (pattern[-1] == "*" and name.startswith(pattern[:-1])):
                return known
    return None

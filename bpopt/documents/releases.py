"""Versions compared without importing packaging (15 ms) where both are plain releases such as 3.12.4.

Whatever is not plain (pre-releases, epochs, local versions) is left to packaging, which decides alike; a
property test holds the two against each other.
"""

from __future__ import annotations

from functools import lru_cache

Release = tuple[int, ...]
_OPERATORS = ("===", "==", "!=", "~=", ">=", "<=", ">", "<")


@lru_cache(maxsize=4096)
def plain(version: str) -> Release | None:
    """The numbers of a version made of digits and dots, without zeros at its end; None for any other."""
    parts = version.strip().split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def not_older(one: str, other: str) -> bool | None:
    """Whether version `one` is `other` or newer; None if either is no version."""
    left, right = plain(one), plain(other)
    if left is not None and right is not None:
        return left >= right
    from packaging.version import InvalidVersion, Version

    try:
        return Version(one) >= Version(other)
    except InvalidVersion:
        return None


def contains(specifiers: str, version: str) -> bool | None:
    """Whether a specifier set (`>=2,<3`) takes a version, pre-releases too; None if it is no specifier set."""
    answers = [_one(part.strip(), version) for part in specifiers.split(",") if part.strip()]
    if None not in answers:
        return all(answers)
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        Version(version)
        return SpecifierSet(specifiers.rstrip(" ,")).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return None


def _one(specifier: str, version: str) -> bool | None:
    """Whether one specifier takes a version, None if that needs packaging."""
    operator = next((o for o in _OPERATORS if specifier.startswith(o)), None)
    if operator in (None, "===", "~="):
        return None
    assert operator is not None
    wanted, given = plain(specifier[len(operator) :]), plain(version)
    if wanted is None or given is None:
        return None
    answers = {
        "==": given == wanted,
        "!=": given != wanted,
        ">=": given >= wanted,
        "<=": given <= wanted,
        ">": given > wanted,
        "<": given < wanted,
    }
    return answers[operator]

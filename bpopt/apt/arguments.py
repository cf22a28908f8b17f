"""Read apt's command line: `name`, `name:arch`, `name=version`, `name/suite`, `name+`, patterns."""

from __future__ import annotations

from collections.abc import Iterable

from bpopt.apt.catalog import Catalog


def select(catalog: Catalog, arguments: Iterable[str]) -> tuple[list[int], tuple[str, ...]]:
    """Return the numbers of the packages selected, in order, and the arguments that apt would refuse.

    A trailing `-` asks apt to remove: it selects nothing and is not refused.
    """
    numbers: dict[int, None] = {}
    unknown: list[str] = []
    for argument in arguments:
        found = _one(catalog, argument)
        if found is None:
            unknown.append(argument)
        else:
            numbers.update(dict.fromkeys(found))
    return list(numbers), tuple(unknown)


def _one(catalog: Catalog, argument: str) -> list[int] | None:
    if not argument or argument.startswith("-"):
        return [] if argument else None
    number = _number(catalog, argument)
    if number is not None:
        return [number]
    if argument[-1] in "+-" and (number := _number(catalog, argument[:-1])) is not None:
        return [number] if argument[-1] == "+" else []
    return _by_pattern(catalog, argument)


def _number(catalog: Catalog, argument: str) -> int | None:
    """Return the package that a plain argument selects."""
    name, equals, version = argument.partition("=")
    name, _, _ = name.partition("/")
    base, colon, arch = name.partition(":")
    if colon and arch in ("amd64", "all", "any", "native"):
        name = base
    resolved = catalog.resolve(name)
    number = catalog.number(resolved) if resolved is not None else None
    if number is None or (equals and catalog.version(number) != version and not version.endswith("*")):
        return None
    return number


def _by_pattern(catalog: Catalog, argument: str) -> list[int] | None:
    """Return what a shell pattern or, failing that, a regular expression selects; None when nothing."""
    import re
    from fnmatch import translate

    if not any(sign in argument for sign in "*?[.|^$+"):
        return None
    for pattern, match in ((translate(argument), "fullmatch"), (argument, "search")):
        try:
            found = [
                number
                for number, name in enumerate(catalog.names())
                if getattr(re, match)(pattern, name) is not None
            ]
        except re.error:
            continue
        if found:
            return found
    return None

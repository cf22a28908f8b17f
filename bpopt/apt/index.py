"""Read an archive's package index (`Packages`), reduced to the fields that decide an installation.

Format: https://www.debian.org/doc/debian-policy/ch-controlfields.html and ch-relationships.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bpopt.values import NamedTuple

_FIELD = re.compile(r"^([A-Za-z-]+): ?(.*)$", re.MULTILINE)
_TERM = re.compile(
    r"\s*([^\s(\[:|,]+)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|>=|>>|=|<|>)\s*([^\s)]+)\s*\))?[^|,]*"
)
_PRIORITIES = {"required": 1, "important": 2, "standard": 3, "optional": 4, "extra": 5}
# The order in which apt reads the relations of a stanza; it decides which package it has met first.
_READING_ORDER = (
    "Pre-Depends",
    "Depends",
    "Conflicts",
    "Breaks",
    "Recommends",
    "Suggests",
    "Replaces",
    "Enhances",
    "Provides",
)


class Term(NamedTuple):
    """One package of a relation field: `libc6:any (>= 2.36)`."""

    name: str
    arch: str
    relation: str
    version: str


class Stanza(NamedTuple):
    """One package of an index. Sizes in bytes, unpacked size as the archive states it (in KiB) times 1024."""

    name: str
    version: str
    section: str
    priority: int
    essential: bool
    important: bool
    multi_arch: str
    size: int
    unpacked: int
    fields: dict[str, str]

    def groups(self, *names: str) -> Iterator[list[Term]]:
        """Yield the or-groups of the relation fields `names`, in their order."""
        for name in names:
            for group in self.fields.get(name, "").split(","):
                terms = [term for alternative in group.split("|") if (term := parse_term(alternative))]
                if terms:
                    yield terms

    def mentioned(self) -> Iterator[str]:
        """Yield every package name of the stanza in apt's reading order, its own first."""
        yield self.name
        for field in _READING_ORDER:
            for group in self.groups(field):
                # `name:any` names a package of its own in apt's cache, so it does not introduce `name`.
                yield from (term.name for term in group if not term.arch)


def parse_term(text: str) -> Term | None:
    """Read one alternative of a relation; None when it is blank or unreadable."""
    match = _TERM.match(text)
    return Term(match[1], match[2] or "", match[3] or "", match[4] or "") if match else None


def stanzas(text: str) -> Iterator[Stanza]:
    """Yield the stanzas of an index text; those without name or version are skipped."""
    for block in text.split("\n\n"):
        fields = dict(_FIELD.findall(block))
        if "Package" in fields and "Version" in fields:
            yield Stanza(
                fields["Package"],
                fields["Version"],
                fields.get("Section", ""),
                _PRIORITIES.get(fields.get("Priority", ""), 5),
                fields.get("Essential") == "yes",
                "yes" in (fields.get("Important"), fields.get("Protected")),
                fields.get("Multi-Arch", ""),
                _number(fields.get("Size")),
                _number(fields.get("Installed-Size")) * 1024,
                {name: fields[name] for name in _READING_ORDER if name in fields},
            )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0

"""A package is required twice.

## What it does

Finds distributions that a build is to install on two lines without markers.

## Why is this bad

Where the two lines name two versions, pip ends with "ResolutionImpossible" and nothing is deployed. Where
they agree, the second one does nothing, and whoever changes the version changes one of them.

## Fix safety

Safe where the later line repeats the first to the letter. No fix where they differ: which one is meant is
not certain.

## References

- [pip: dependency resolution](https://pip.pypa.io/en/stable/topics/dependency-resolution/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import applies, installed, without_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirement, Requirements

META = Rule("BP712", "duplicate-requirement", "requirements", Severity.WARNING)

EXAMPLES = (
    bad("flask==3.1.3\ngunicorn\n«flask»==3.1.3\n", fixed="flask==3.1.3\ngunicorn\n", severity="warning"),
    bad("Pillow==10.0.0\n«pillow»==11.0.0\n", severity="error", message="10.0.0"),
    bad("flask>=3\n«flask»\n", severity="warning"),
    ok("flask==3.1.3\nflask-cors==5.0.0\n"),
    ok(
        "numpy==1.26.4; python_version < '3.13'\nnumpy==2.1.0; python_version >= '3.13'\n",
        title="one of them applies",
    ),
    ok("uvicorn\nuvicorn[standard]\n", title="extras are added to each other"),
)


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report each later line of a distribution in one file."""
    if not installed(document, app):
        return
    seen: dict[str, Requirement] = {}
    for entry in document.requirements:
        if not entry.name or entry.marker or not applies(entry):
            continue
        first = seen.setdefault(entry.name, entry)
        if first is not entry and first.extras == entry.extras:
            yield _finding(document, first, entry)


def _finding(document: Requirements, first: Requirement, entry: Requirement) -> Finding:
    from bpopt.documents.requirements import pinned

    one, other = pinned(first), pinned(entry)
    clash = one is not None and other is not None and one != other and not (first.url or entry.url)
    same = (first.specifier, first.url, first.options) == (entry.specifier, entry.url, entry.options)
    fix = (
        Fix(f"Remove the second {entry.name}", Safety.SAFE, (without_line(document, entry),))
        if same
        else None
    )
    message = f"{entry.name} is required twice"
    return META.found(
        document.source,
        entry.name_span,
        f"{message}, as {one} and as {other}: pip finds no version" if clash else message,
        help="keep one line",
        fix=fix,
        severity=Severity.ERROR if clash else Severity.WARNING,
        labels=[Label(document.source, first.name_span, "first required here")],
    )

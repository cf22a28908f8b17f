"""psycopg2 and psycopg2-binary are both installed.

## What it does

Finds both distributions in what a build installs.

## Why is this bad

Both hold the module `psycopg2`; the one that pip installs last overwrites the other. `psycopg2` is
compiled at each build that changes the requirements and needs `libpq-dev`, so the wheel beside it saves
nothing.

## Fix safety

Unsafe: `psycopg2` goes and the prebuilt `psycopg2-binary` stays, which brings its own libpq.

## References

- [psycopg: binary installation](https://www.psycopg.org/docs/install.html#psycopg-vs-psycopg-binary)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import everything, without_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

META = Rule("BP706", "psycopg2-twice", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"requirements.txt": "django\n«psycopg2»==2.9.10\npsycopg2-binary==2.9.10\n"},
        fixed={"requirements.txt": "django\npsycopg2-binary==2.9.10\n"},
        safety="unsafe",
    ),
    ok({"requirements.txt": "psycopg2-binary==2.9.10\n"}),
    ok({"requirements.txt": "psycopg2==2.9.10\n"}, title="compiled, but alone"),
    ok(
        {"requirements.txt": "psycopg[binary]==3.2.3\npsycopg2-binary\n"}, title="psycopg 3 is another module"
    ),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report psycopg2 where psycopg2-binary is installed, too."""
    found = list(everything(app))
    sdist = next(((d, e) for d, e in found if e.name == "psycopg2"), None)
    binary = next(((d, e) for d, e in found if e.name == "psycopg2-binary"), None)
    if sdist is None or binary is None:
        return
    document, entry = sdist
    reason = "the module then comes from the wheel, with its own libpq"
    yield META.found(
        document.source,
        entry.name_span,
        "psycopg2 and psycopg2-binary both install the module psycopg2: the one that comes last wins",
        help="keep one: psycopg2-binary needs no compiler",
        fix=Fix("Remove psycopg2", Safety.UNSAFE, (without_line(document, entry),), reason=reason),
        labels=[Label(binary[0].source, binary[1].name_span, "the same module")],
    )

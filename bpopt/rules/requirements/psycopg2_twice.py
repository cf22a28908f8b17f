"""psycopg2 and psycopg2-binary are both installed.

## What it does

Finds both distributions in what a build installs.
A build that installs from `uv.lock` or `poetry.lock` is looked at through the dependencies that `pyproject.toml` names
itself, on the platforms known to read that lock.

## Why is this bad

Both hold the module `psycopg2`; the one that pip installs last overwrites the other. `psycopg2` is
compiled at each build that changes the requirements and needs `libpq-dev`, so the wheel beside it saves
nothing.

## Fix safety

Unsafe: `psycopg2` goes and the prebuilt `psycopg2-binary` stays, which brings its own libpq. No fix
beside a lock, which an edit would leave behind.

## References

- [psycopg: binary installation](https://www.psycopg.org/docs/install.html#psycopg-vs-psycopg-binary)
- [Heroku's buildpack: uv sync --locked --no-default-groups](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/uv.sh)
- [Heroku's buildpack: poetry sync --only main](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/poetry.sh)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, lock, ok
from bpopt.rules.requirements import everything, locked_with, without_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

_REASON = "the module then comes from the wheel, with its own libpq"

META = Rule("BP706", "psycopg2-twice", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"requirements.txt": "django\n«psycopg2»==2.9.10\npsycopg2-binary==2.9.10\n"},
        fixed={"requirements.txt": "django\npsycopg2-binary==2.9.10\n"},
        safety="unsafe",
    ),
    bad(
        {
            "pyproject.toml": '[project]\ndependencies = ["«psycopg2»>=2.9", "psycopg2-binary"]\n',
            "uv.lock": lock("psycopg2==2.9.10", "psycopg2-binary==2.9.10"),
        },
        message="comes last wins",
        title="from a lock",
    ),
    bad(
        {
            "pyproject.toml": '[tool.poetry.dependencies]\n«psycopg2» = "^2.9"\npsycopg2-binary = "*"\n',
            "poetry.lock": lock("psycopg2==2.9.10", "psycopg2-binary==2.9.10"),
        },
    ),
    ok({"requirements.txt": "psycopg2-binary==2.9.10\n"}),
    ok(
        {
            "pyproject.toml": '[project]\ndependencies = ["psycopg2"]\n'
            '[dependency-groups]\ndev = ["psycopg2-binary"]\n',
            "uv.lock": lock("psycopg2==2.9.10", "psycopg2-binary==2.9.10"),
        },
        title="groups are not installed",
    ),
    ok(
        {
            "pyproject.toml": '[project]\ndependencies = ["psycopg2", "psycopg2-binary"]\n',
            "uv.lock": lock("psycopg2==2.9.10", "psycopg2-binary==2.9.10"),
            "requirements.txt": "psycopg2-binary==2.9.10\n",
        },
        title="requirements.txt beside the lock: what is installed is not certain",
    ),
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
    locked = locked_with(document, app)
    fix = Fix("Remove psycopg2", Safety.UNSAFE, (without_line(document, entry),), reason=_REASON)
    yield META.found(
        document.source,
        entry.name_span,
        "psycopg2 and psycopg2-binary both install the module psycopg2: the one that comes last wins",
        help="keep one: psycopg2-binary needs no compiler"
        + (f"; {locked.tool} remove psycopg2" if locked else ""),
        fix=None if locked else fix,
        labels=[Label(binary[0].source, binary[1].name_span, "the same module")],
        on=locked.on if locked else (),
    )

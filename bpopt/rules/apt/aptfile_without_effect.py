"""An Aptfile on Heroku's Fir generation, which does not read it.

## What it does

Finds an Aptfile in an app that is built by Cloud Native Buildpacks on Heroku.

## Why is this bad

The deb-packages buildpack of Fir takes its packages from `project.toml`. An Aptfile makes it print a hint and nothing
else: the packages are missing when the app runs.

## Fix safety

Unsafe, since the comments of the Aptfile do not move: the names go into `[com.heroku.buildpacks.deb-packages]` of
`project.toml`. The Aptfile stays where another platform of the app reads it. No fix for repositories and addresses.

## References

- [heroku/buildpacks-deb-packages](https://github.com/heroku/buildpacks-deb-packages)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.aptfile import named
from bpopt.finding import Edit, Evidence, Finding, Fix, NewFile, Safety, Severity
from bpopt.rules.apt import readers
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.aptfile import Aptfile

META = Rule("BP118", "aptfile-without-effect", "aptfile", Severity.WARNING)

_SCHEMA = '[_]\nschema-version = "0.2"\n'
_TABLE = '[com.heroku.buildpacks.deb-packages]\ninstall = [\n    "cmake",\n    "libpq-dev",\n]\n'

EXAMPLES = (
    bad(
        {"Aptfile": "«# build\n»cmake\nlibpq-dev\n"},
        fixed={"project.toml": f"{_SCHEMA}\n{_TABLE}", "Aptfile": None},
        safety="unsafe",
        on="heroku-fir",
    ),
    bad(
        {"Aptfile": "«cmake libpq-dev\n»", "project.toml": f'{_SCHEMA}\n[io.buildpacks]\nexclude = ["x"]\n'},
        fixed={"project.toml": f'{_SCHEMA}\n[io.buildpacks]\nexclude = ["x"]\n\n{_TABLE}', "Aptfile": None},
        safety="unsafe",
        on="heroku-fir",
    ),
    bad(
        {"Aptfile": "«:repo:deb http://a b c\n»tool\n"},
        on="heroku-fir",
        title="repositories are for a person to move",
    ),
    ok({"Aptfile": "cmake\n"}, title="classic Heroku reads it"),
    ok(
        {"Aptfile": "cmake\n", "project.toml": f"{_SCHEMA}\n{_TABLE}"},
        on=("heroku", "heroku-fir"),
        title="in both",
    ),
)
FACT = Evidence(
    "fact",
    "Fir takes packages from project.toml",
    "https://github.com/heroku/buildpacks-deb-packages",
    "2026-11-23",
)


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report an Aptfile that a Fir target would need in project.toml."""
    targets = app.where(lambda t: t.platform.name == "heroku-fir")
    if not targets or not aptfile.entries or _has_table(app):
        return
    source = aptfile.source
    first = source.lines[0]
    yield META.found(
        source,
        Span(0, first.span.end + len(first.end)),
        "Heroku Fir does not read the Aptfile: its packages are missing when the app runs",
        help="list the packages in project.toml, [com.heroku.buildpacks.deb-packages]",
        fix=_fix(aptfile, app),
        evidence=[FACT],
        on=targets,
    )


def _has_table(app: App) -> bool:
    project = app.project_toml
    root = project.tree.root if project is not None else None
    return root is not None and root.get("com", "heroku", "buildpacks", "deb-packages") is not None


def _fix(aptfile: Aptfile, app: App) -> Fix | None:
    if any(entry.kind != "packages" or len(named(entry)) != len(entry.words) for entry in aptfile.entries):
        return None
    lines = "".join(f'    "{name}",\n' for name in dict.fromkeys(word.text for word in aptfile.packages))
    table = f"[com.heroku.buildpacks.deb-packages]\ninstall = [\n{lines}]\n"
    removes = () if readers(app) else (aptfile.source.path,)
    title, reason = "List the packages in project.toml", "the comments of the Aptfile do not move"
    project = app.source("project.toml")
    if project is None:
        new = NewFile("project.toml", f'[_]\nschema-version = "0.2"\n\n{table}')
        return Fix(title, Safety.UNSAFE, creates=(new,), removes=removes, reason=reason)
    end = len(project.text)
    gap = "\n" if project.text.endswith("\n") or not end else "\n\n"
    return Fix(
        title,
        Safety.UNSAFE,
        (Edit("project.toml", Span(end, end), gap + table),),
        removes=removes,
        reason=reason,
    )

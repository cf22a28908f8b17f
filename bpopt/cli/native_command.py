"""`bpopt native`: the system libraries and programs that an app's Python packages need."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bpopt.cli import CLEAN, FINDINGS, NOTHING, USAGE, tell

if TYPE_CHECKING:
    from bpopt.native.report import Line

EPILOG = """\b
Examples:
  bpopt native                            what requirements.txt needs, from bpopt's own table
  bpopt native --env .venv                what is installed there, read from its binaries
  bpopt native --stack heroku-22 --format json

Exit codes: 0 all is there, 1 something is missing, 2 the environment cannot be read, 3 nothing to look at.
"""


@click.command("native", epilog=EPILOG)
@click.argument("app", default=".", type=click.Path(exists=True, file_okay=False))
@click.option(
    "--env",
    "environment",
    type=click.Path(exists=True, file_okay=False),
    help="A virtual environment or site-packages folder: read its binaries (needs bpopt[native]).",
)
@click.option(
    "--platform",
    metavar="NAME",
    help="heroku, heroku-fir, digitalocean, dokku or scalingo.  [default: as detected]",
)
@click.option("--stack", metavar="NAME", help="The stack, such as heroku-24.  [default: as detected]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(app: str, environment: str | None, platform: str | None, stack: str | None, form: str) -> int:
    """Show which libraries and programs APP's Python packages need, and what has them on its stack."""
    from bpopt.cli.apt_command import find_target
    from bpopt.native import elf, report, table

    there, target = find_target(app, platform, stack)
    try:
        needs = list(report.of_environment(environment) if environment else report.of_requirements(there))
    except elf.MissingReader as error:
        tell(str(error))
        return USAGE
    if not needs and not environment and not there.requirement_files:
        tell(f"{app}: no requirements.txt; --env looks at an environment")
        return NOTHING
    found = report.lines(needs, target.stack, table.brought(there, target))
    if form == "json":
        import json

        head = {"platform": target.platform.name, "stack": target.stack}
        click.echo(json.dumps({**head, "needs": report.as_json(found)}, indent=2))
    else:
        _show(found, environment or "requirements.txt", target.label)
    if not environment:
        _unknown([e.name for d in there.requirement_files for e in d.requirements if e.name])
    return FINDINGS if any(line.state == "missing" for line in found) else CLEAN


def _show(found: tuple[Line, ...], what: str, where: str) -> None:
    from rich.console import Console

    from bpopt.native import report

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(f"[bold]{what}[/bold] on {where}: {len(found)} libraries and programs beyond glibc")
    if found:
        console.print(report.as_table(found))


def _unknown(names: list[str]) -> None:
    """Say which requirements the table does not hold."""
    from bpopt.native import table

    unknown = sorted({name for name in names if table.certainty(name) == "unknown"})
    if unknown:
        tell(f"nothing is known of {', '.join(unknown)}; --env reads what is installed")

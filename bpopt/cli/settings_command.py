"""`bpopt settings`: what applies here and why; the JSON schema of the configuration."""

from __future__ import annotations

import json
import os
from typing import Any

import click

from bpopt.cli.options import selection
from bpopt.cli.request import Configuration, Request
from bpopt.discovery import NotThere
from bpopt.settings import Settings
from bpopt.settings import options as table
from bpopt.settings.options import OPTIONS


@click.command(
    "settings", epilog="\b\nExamples:\n  bpopt settings\n  bpopt settings api/\n  bpopt settings --schema\n"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to show them.",
)
@click.option("--schema", is_flag=True, help="Print the JSON schema of the configuration instead.")
@selection
def command(form: str, schema: bool, **options: Any) -> None:
    """Show every setting for the folder in PATHS, its value and where it came from."""
    if schema:
        click.echo(json.dumps(table.schema(), indent=2))
        return
    request = Request.take(options)
    folder = _folder(request.paths[0] if request.paths else ".")
    chosen = Configuration(request).for_folder(folder, None)
    if form == "json":
        rows = {o.key: {"value": chosen[o.key], "origin": chosen.origins[o.key]} for o in OPTIONS}
        click.echo(json.dumps(rows, indent=2))
    else:
        _table(chosen)


def _folder(path: str) -> str:
    if not os.path.lexists(path):
        raise NotThere(path)
    return path if os.path.isdir(path) else os.path.dirname(path) or "."


def _table(chosen: Settings) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Setting", "Value", "From", "What it does"):
        table.add_column(title)
    for option in OPTIONS:
        value = json.dumps(chosen[option.key])
        table.add_row(option.key, Text(value), Text(chosen.origins[option.key]), option.help)
    Console().print(table)

"""`bpopt check`: the options; the work is in `checking`."""

from __future__ import annotations

from typing import Any

import click

from bpopt.cli.checking import check
from bpopt.cli.completing import FILE
from bpopt.cli.options import selection
from bpopt.cli.request import Request
from bpopt.output import FORMATS

EPILOG = """\b
Examples:
  bpopt check                              the app in this folder
  bpopt check --platform heroku-24         as Heroku's stack 24 would see it
  bpopt check --output-format sarif > r    for code scanning
  bpopt check --select apt,BP301 api/      some rules, one folder
  cat Procfile | bpopt check - --stdin-filename Procfile
"""


@click.command("check", epilog=EPILOG)
@click.option(
    "--output-format", type=click.Choice(FORMATS), default="full", show_default=True, help="How to report."
)
@click.option("--statistics", is_flag=True, help="Count findings by rule instead of showing them.")
@click.option("--show-files", is_flag=True, help="List the files that would be read, and stop.")
@click.option("--show-suppressed", is_flag=True, help="Show suppressed findings too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if there are findings.")
@click.option("--baseline", metavar="FILE", type=FILE, help="Known findings that do not count.")
@click.option(
    "--write-baseline",
    metavar="FILE",
    type=FILE,
    help="Write the findings as a baseline; an existing one only shrinks.",
)
@selection
def command(output_format: str, **options: Any) -> int:
    """Find what is wrong with the deployment of the apps in PATHS (this folder if none are given).

    Nothing is run, no network is used, nothing is written.
    """
    request = Request.take(options)
    return check(request, output_format, **options)

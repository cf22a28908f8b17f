"""`bpopt status`: how much of the deployment is in order, now, after the fixes and after the rest."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.options import selection
from bpopt.cli.request import Request, jobs, look

if TYPE_CHECKING:
    from bpopt.report.stages import Stages

EPILOG = """\b
Examples:
  bpopt status
  bpopt status --areas                what takes how much, and from where
  bpopt status --badge docs/status.svg
  bpopt status --fail-under 80        exit 1 below
"""


@click.command("status", epilog=EPILOG)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--areas", is_flag=True, help="Show the arithmetic: areas, and what takes from them.")
@click.option("--badge", metavar="FILE", help="Write the present status as an SVG badge.")
@click.option(
    "--fail-under", type=click.IntRange(0, 100), metavar="N", help="Exit 1 if an app is below N now."
)
@selection
def command(form: str, areas: bool, badge: str | None, fail_under: int | None, **options: Any) -> int:
    """Show where the apps in PATHS stand: now, after bpopt fix, and after the steps that are left to you.

    Nothing is written but the badge. With several apps the badge shows the lowest.
    """
    from bpopt.report import stages as stages_room
    from bpopt.report import status_text

    request = Request.take(options)
    found: list[Stages] = []
    shown = []
    for app, settings in jobs(request):
        stages = stages_room.stages(app, settings)
        found.append(stages)
        if form == "json":
            shown.append(status_text.data(app, stages))
            continue
        for line in status_text.text(app, stages, look(request), areas):
            sys.stdout.write(f"{line}\n")
    if not found:
        tell("nothing to look at: no Procfile, Aptfile or other deployment file here")
        return NOTHING
    if form == "json":
        import json

        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    lowest = min(stages.now.percent for stages in found)
    if badge:
        _write(badge, lowest)
    return FINDINGS if fail_under is not None and lowest < fail_under else CLEAN


def _write(path: str, percent: int) -> None:
    from bpopt import writing
    from bpopt.report.badge import badge

    before = None
    if os.path.isdir(path):
        raise click.UsageError(f"--badge {path}: is a folder; name a file in it")
    if os.path.exists(path):
        with open(path, "rb") as file:
            before = file.read()
    folder, name = os.path.split(path)
    writing.write(folder or ".", {name: badge(percent).encode()}, {name: before})

"""`bpopt env`: the settings of an app on its platforms, and the commands or lines that set them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from bpopt import engine, writing
from bpopt.app import App
from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.options import selection
from bpopt.cli.request import Configuration, Job, Request, jobs, look
from bpopt.output.shown import safe
from bpopt.report.env_text import FORMATS, PLATFORM_OF

if TYPE_CHECKING:
    from bpopt.report.env_plan import Row

EPILOG = """\b
Examples:
  bpopt env                          what should be set, what does nothing, and why
  bpopt env --format heroku          heroku config:set ... ready to paste
  bpopt env --format dotenv > .env   for a local run
  bpopt env --write                  into .do/app.yaml and app.json, in place

Exit codes: 0 nothing is missing or wrong, 1 something is.
"""


@click.command("env", epilog=EPILOG)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True, help="How to show it."
)
@click.option("--write", "to_write", is_flag=True, help="Add what is missing to .do/app.yaml and app.json.")
@click.option("--diff", "only_diff", is_flag=True, help="Show what --write would change, and change nothing.")
@selection
def command(form: str, to_write: bool, only_diff: bool, **options: Any) -> int:
    """Show the environment settings of the apps in PATHS: which should be set, which do nothing, and why.

    Secrets are never printed.
    """
    from bpopt.report import env_plan

    request = Request.take(options)
    seen = wanting = 0
    records: list[dict[str, str]] = []
    for job in jobs(request):
        seen += 1
        app = _aimed(job, form, request)
        rows = env_plan.plan(app, engine.check(app, job.settings))
        wanting += any(row.state in ("missing", "wrong") for row in rows)
        if to_write or only_diff:
            wanting -= _write(app, rows, only_diff)
        elif form == "json":
            records += [{"app": app.root or ".", **row._asdict()} for row in rows]
        else:
            _show(app, rows, form, request)
    if form == "json" and not (to_write or only_diff) and seen:
        import json

        click.echo(json.dumps(records, indent=2, ensure_ascii=False))
    if not seen:
        tell("nothing to look at: no Procfile, Aptfile or other deployment file here")
        return NOTHING
    return FINDINGS if wanting > 0 else CLEAN


def _aimed(job: Job, form: str, request: Request) -> App:
    """The app, aimed at the platform whose commands are wanted if its files do not show that platform."""
    platform = PLATFORM_OF.get(form)
    known = (
        {target.platform.name.partition("-")[0] for target in job.app.targets}
        if job.app.knows_target
        else set()
    )
    if platform is None or platform in known:
        return job.app
    configuration = Configuration(request._replace(platform=(platform,)))
    targets = configuration.targets(configuration.for_folder(job.settings.folder, None))
    return App(job.app.files, job.app.root, targets, job.app.today)


def _show(app: App, rows: tuple[Row, ...], form: str, request: Request) -> None:
    from bpopt.report import env_text

    if app.root not in ("", "."):
        sys.stdout.write(f"{safe(app.root)}\n\n" if form == "table" else f"# {safe(app.root)}\n")
    if form == "table":
        lines = env_text.table(app, rows, look(request))
    elif form == "dotenv":
        lines = env_text.dotenv(app, rows)
    else:
        lines = env_text.commands(form, app, rows)
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _write(app: App, rows: tuple[Row, ...], only_diff: bool) -> int:
    """Make the changes or show them; 1 if nothing is left to do by hand."""
    from bpopt import diff
    from bpopt.report import env_write

    try:
        outcome = env_write.written(app, rows)
    except env_write.Refused as error:
        tell(str(error))
        return 0
    before = {path: app.files.read(path) for path in outcome.changes}
    if only_diff:
        for part in diff.unified(app.root, before, outcome.changes, app):
            sys.stdout.write(part)
        return 0
    if outcome.changes:
        writing.write(app.files.root, outcome.changes, before)  # type: ignore[attr-defined]
    for name, path in outcome.added:
        tell(f"added {name} to {safe(os.path.join(app.root, path))}")
    if any(path == "app.json" for _, path in outcome.added):
        tell(
            "app.json counts when an app is made, on Dokku at its first deploy: for one that is there, "
            "bpopt env --format PLATFORM shows the command"
        )
    if outcome.homeless:
        names = ", ".join(outcome.homeless)
        tell(f"{names}: no file here holds settings; bpopt env --format PLATFORM shows commands")
    if not outcome.added and not outcome.homeless:
        tell("nothing is missing")
    return 0 if outcome.homeless or any(row.state == "wrong" for row in rows) else 1 if outcome.added else 0

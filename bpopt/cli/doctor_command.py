"""`bpopt doctor`: read a failed build or boot log and name the cause."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.request import Request, look, shown

if TYPE_CHECKING:
    from bpopt.report.logs import Log

EPILOG = """\b
Examples:
  bpopt doctor build.log
  heroku logs -n 1500 | bpopt doctor
  doctl apps logs APP_ID --type build | bpopt doctor - --app backend/

Exit codes: 1 a cause was found, 0 none that bpopt knows, 3 the log is empty.
"""


@click.command("doctor", epilog=EPILOG)
@click.argument("logfile", default="-", metavar="[LOGFILE]")
@click.option(
    "--app",
    "folder",
    type=click.Path(exists=True, file_okay=False),
    default=".",
    help="The app's folder, to show the line to change in it.  [default: this folder]",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colour."
)
def command(logfile: str, folder: str, form: str, color: str) -> int:
    """Read a failed build or boot log (standard input without LOGFILE), name the cause and the line to change.

    A log that bpopt does not know is said to be unknown; its most telling lines are shown.
    """
    from bpopt.report import doctor, doctor_text

    log = _read(logfile)
    if not log.text.strip():
        tell(f"{log.name}: empty")
        return NOTHING
    app = App(DiskFiles(folder), shown(folder))
    result = doctor.diagnose(log)
    if form == "json":
        import json

        click.echo(json.dumps(doctor_text.data(log, result, app), indent=2, ensure_ascii=False))
    else:
        for line in doctor_text.text(log, result, app, look(Request(color=color))):
            sys.stdout.write(f"{line}\n")
    return FINDINGS if result.causes else CLEAN


def _read(logfile: str) -> Log:
    from bpopt.discovery import NotThere
    from bpopt.report import logs

    if logfile == "-":
        if sys.stdin.isatty():
            raise click.UsageError("name a LOGFILE, or pipe a log into it")
        return logs.read("<stdin>", sys.stdin.buffer.read())
    try:
        with open(logfile, "rb") as file:
            return logs.read(logfile, file.read())
    except IsADirectoryError:
        raise click.UsageError(f"{logfile} is a folder; name a log file") from None
    except FileNotFoundError:
        raise NotThere(logfile) from None

"""`bpopt report`: the documents of an app, written into its docs folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from bpopt import writing
from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.options import selection
from bpopt.cli.request import Job, Request, jobs
from bpopt.output.shown import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

EPILOG = """\b
Examples:
  bpopt report                   four documents and one HTML page into docs/
  bpopt report --output report   into another folder of the app
  bpopt report --force           write them anew
  bpopt report --measurements verify.json --measurements tune.json
  bpopt report --check           exit 1 if they are not what bpopt would write

Exit codes: 0 written (or up to date), 1 a file was there and was left as it is.
"""


@click.command("report", epilog=EPILOG)
@click.option(
    "--output", "folder", default="docs", show_default=True, metavar="FOLDER", help="Folder in the app."
)
@click.option(
    "--measurements",
    multiple=True,
    metavar="FILE",
    help="Tell what bpopt verify or bpopt tune measured (--output-format json); may be given twice.",
)
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file is missing or out of date."
)
@selection
def command(folder: str, measurements: tuple[str, ...], force: bool, only_check: bool, **options: Any) -> int:
    """Write what bpopt knows of the apps in PATHS: analysis, settings, deployment, build failures, and one HTML page.

    Files that are there are left as they are without --force. The same app gives the same text.
    """
    if os.path.isabs(folder) or ".." in folder.split("/"):
        raise click.UsageError("--output is a folder inside the app")
    request = Request.take(options)
    seen = left = 0
    for job in jobs(request):
        seen += 1
        left += _report(job, folder, measurements, force, only_check, request.quiet)
    if not seen:
        tell("nothing to report on: no Procfile, Aptfile or other deployment file here")
        return NOTHING
    return FINDINGS if left else CLEAN


def _report(
    job: Job, folder: str, measurements: tuple[str, ...], force: bool, only_check: bool, quiet: bool
) -> int:
    """Write (or compare) the files of one app; the number of those that are not as they should be."""
    from bpopt.report import documents, measured
    from bpopt.settings import ConfigError

    def shown(path: str) -> str:
        return safe(os.path.normpath(os.path.join(job.app.root, path)))

    found = measured.results(measurements)
    files = documents.files(job.app, job.settings, folder, found)
    wanted = {file.path: file.text.encode("utf-8") for file in files}
    before = {path: job.app.files.read(path) for path in wanted}
    stale = [path for path in wanted if before[path] != wanted[path]]
    if only_check:
        _tell("out of date", map(shown, stale), quiet)
        return len(stale)
    new = [path for path in stale if force or before[path] is None]
    root = job.app.files.root  # type: ignore[attr-defined]
    if new:
        try:
            os.makedirs(os.path.join(root, folder), exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise ConfigError(f"{folder} is a file, not a folder: name another with --output") from None
        writing.write(root, {path: wanted[path] for path in new}, {path: before[path] for path in new})
    _tell("wrote", map(shown, new), quiet)
    kept = [path for path in stale if path not in new]
    for path in kept:
        tell(f"{shown(path)} is there and was left as it is: --force overwrites it")
    return len(kept)


def _tell(verb: str, paths: Iterable[str], quiet: bool) -> None:
    for path in () if quiet else paths:
        click.echo(f"{verb} {path}")

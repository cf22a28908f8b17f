"""`bpopt catalog`: which package catalogs are there, and building one from its archive."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bpopt.cli import USAGE, tell

if TYPE_CHECKING:
    from bpopt.apt.archive import Progress

EPILOG = """\b
Examples:
  bpopt catalog list
  bpopt catalog update                  build anew every catalog that is there
  bpopt catalog update --suite focal
  bpopt catalog update --suite noble --mirror http://archive.example.org/ubuntu
"""


@click.group("catalog", epilog=EPILOG)
def command() -> None:
    """List the package catalogs, or build them from the archives of Debian and Ubuntu."""


@command.command("list")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def show_list(form: str) -> None:
    """List the catalogs: of when, how checked, how big, and the stacks that use them."""
    from bpopt.apt import show, update

    entries = update.available()
    if form == "json":
        import json

        click.echo(json.dumps(show.catalogs_json(entries), indent=2))
        return
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 140).print(show.catalogs_table(entries))


@command.command("update")
@click.option(
    "--suite",
    "suites",
    multiple=True,
    metavar="NAME",
    help="The suite, such as noble.  [default: all that are there]",
)
@click.option("--mirror", metavar="URL", help="The archive to read instead of the distribution's own.")
@click.option(
    "--keyring", type=click.Path(exists=True, dir_okay=False), help="The archive's keys, to check signatures."
)
def build(suites: tuple[str, ...], mirror: str | None, keyring: str | None) -> int:
    """Download the indexes of suites, check them, and put their catalogs into the user's data folder.

    A catalog stays as it was until the new one is whole; a download that broke off goes on where it stopped.
    """
    from bpopt.apt import update
    from bpopt.apt.archive import ArchiveError

    for suite in suites or tuple(entry.suite for entry in update.available()):
        try:
            with _progress() as progress:
                entry = update.update(suite, mirror=mirror, keyring=keyring, progress=progress)
        except (ArchiveError, OSError) as error:
            tell(f"{suite}: {error}")
            return USAGE
        click.echo(
            f"{suite}: {entry.packages} packages of {entry.date}, checked by {entry.verified}, {entry.path}"
        )
        if entry.verified != "signature":
            tell(
                f"{suite}: the signature was not checked, as gpgv or the archive's keys are not here: see --keyring"
            )
    return 0


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar for each index, on standard error and only on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    tasks: dict[str, TaskID] = {}
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def show(label: str, size: int, there: int) -> None:
            if label not in tasks:
                tasks[label] = bars.add_task(label.partition("/dists/")[2] or label, total=size)
            bars.update(tasks[label], completed=there)

        yield show

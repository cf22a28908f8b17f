"""`bpopt wheels`: compile once what has no wheel, and let every build use it."""

from __future__ import annotations

from typing import Any

import click

from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.options import selection
from bpopt.cli.request import Request, jobs

EPILOG = """\b
Examples:
  bpopt wheels --list           which requirements have no wheel
  bpopt wheels                  compile them once, into wheelhouse/, and use them
  bpopt wheels --only dlib

This runs pip, and with it the setup of these requirements. Exit codes: 0 done, 1 something
could not be built, or would not be used.
"""


@click.command("wheels", epilog=EPILOG)
@click.option("--list", "only_list", is_flag=True, help="Say what would be built, and stop.")
@click.option("--only", multiple=True, metavar="NAME", help="Only these requirements.")
@click.option(
    "--python", metavar="VERSION", help="The Python to build for, such as 3.13.  [default: the app's]"
)
@click.option(
    "--wheelhouse", default="wheelhouse", show_default=True, metavar="FOLDER", help="Folder in the app."
)
@click.option("--again", is_flag=True, help="Build wheels anew that are there already.")
@click.option("--keep-requirements", is_flag=True, help="Leave the requirements files as they are.")
@selection
def command(
    only_list: bool,
    only: tuple[str, ...],
    python: str | None,
    wheelhouse: str,
    again: bool,
    keep_requirements: bool,
    **options: Any,
) -> int:
    """Build wheels of the requirements that have none, for the Python and the platform of the apps in PATHS.

    The wheels, and how long each took, go into the wheelhouse, which is to be committed; requirements.txt is
    changed to use it. The log of each build is kept.
    """
    from bpopt.cli.wheels import Work
    from bpopt.documents.requirements import normalised
    from bpopt.report.wheel_plan import Impossible

    request = Request.take(options)
    seen = failed = 0
    try:
        for job in jobs(request):
            seen += 1
            work = Work(job, request, wheelhouse.strip("/"), [normalised(name) for name in only], python)
            failed += work.tell() if only_list else work.run(again, keep_requirements)
    except Impossible as error:
        tell(str(error))
        return 2
    if not seen:
        tell("nothing to build for: no Procfile, Aptfile or other deployment file here")
        return NOTHING
    return FINDINGS if failed else CLEAN

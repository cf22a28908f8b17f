"""`bpopt wheels`: compile once what has no wheel, and let every build use it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from bpopt import writing
from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.options import selection
from bpopt.cli.request import Job, Request, jobs, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirement
    from bpopt.report.measured import Built
    from bpopt.report.wheel_plan import Place

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


class Work:
    """The wheels of one app."""

    def __init__(self, job: Job, request: Request, folder: str, only: list[str], python: str | None) -> None:
        from bpopt.report import wheel_plan

        self.app: App = job.app
        self.request = request
        self.folder = folder
        self.only = only
        self.root: str = job.app.files.root  # type: ignore[attr-defined]
        self.place: Place = wheel_plan.place(job.app, python)

    def wanted(self) -> list[Requirement]:
        """The requirements without a wheel, as pip says."""
        from bpopt.report import wheel_plan

        entries = list(wheel_plan.candidates(self.app, self.only))
        with shown(self.request) as progress:
            found = []
            for number, entry in enumerate(entries, 1):
                progress(float(number), f"asking for a wheel of {entry.written} ({number} of {len(entries)})")
                if not wheel_plan.has_wheel(entry, self.place):
                    found.append(entry)
        return found

    def tell(self) -> int:
        """Say what would be built."""
        from bpopt.report.wheel_plan import specifier

        wanted = self.wanted()
        for entry in wanted:
            click.echo(f"{specifier(entry)}  has no wheel for Python {self.place.minor}")
        if not wanted:
            click.echo(f"every requirement has a wheel for Python {self.place.minor}")
        return 0

    def run(self, again: bool, keep: bool) -> int:
        """Build, note, rewrite; the number of things that went wrong."""
        wanted = self.wanted()
        if not wanted:
            click.echo(f"every requirement has a wheel for Python {self.place.minor}: nothing to build")
            return 0
        known = {wheel.name: wheel for wheel in self._known()}
        made: list[Built] = []
        failed = 0
        for entry in wanted:
            old = known.get(entry.name)
            if old is not None and not again and self._serves(old, entry):
                click.echo(f"{old.file} is there")
                made.append(old)
                continue
            built = self._build(entry)
            failed += built is None
            made += [built] if built is not None else []
            if made:
                self._note({**known, **{wheel.name: wheel for wheel in made}})
        return failed + self._use(made, keep)

    def _known(self) -> tuple[Built, ...]:
        from bpopt.report import measured

        return measured.built(self.app, self.folder)

    def _serves(self, wheel: Built, entry: Requirement) -> bool:
        """Whether a wheel on record is there and is what the requirement asks for."""
        from bpopt.documents.requirements import allows

        path = os.path.join(self.root, self.folder, wheel.file)
        return (
            wheel.python == self.place.minor
            and os.path.isfile(path)
            and allows(entry, wheel.version) is not False
        )

    def _build(self, entry: Requirement) -> Built | None:
        from bpopt.report import wheel_build
        from bpopt.report.markdown import megabytes, minutes

        day = self.app.today.isoformat()
        try:
            with shown(self.request) as progress:
                wheel = wheel_build.build(
                    entry, self.place, os.path.join(self.root, self.folder), day,
                    lambda seconds, line: progress(seconds, f"{entry.written}, {minutes(seconds)}: {line}"),
                )  # fmt: skip
        except wheel_build.Failed as error:
            self._explain(error)
            return None
        saved = minutes(max(0.0, wheel.build_seconds - wheel.install_seconds))
        times = f"in {minutes(wheel.build_seconds)}; installed in {minutes(wheel.install_seconds)}"
        click.echo(f"built {self.folder}/{wheel.file} ({megabytes(wheel.bytes)}) {times}:")
        click.echo(f"  it spares {saved} whenever it is installed anew (measured on {wheel.machine})")
        if not self.request.quiet:
            click.echo(f"log: {wheel_build.log_path(entry)}")
        return wheel

    def _explain(self, error: Any) -> None:
        """Say why a build failed, as far as the log tells."""
        from bpopt.report import doctor, doctor_text, logs

        tell(f"{error}; the log is {error.path}")
        with open(error.path, "rb") as file:
            log = logs.read(error.path, file.read())
        for line in doctor_text.text(log, doctor.diagnose(log), self.app, look(self.request)):
            sys.stderr.write(f"{line}\n")

    def _note(self, wheels: dict[str, Built]) -> None:
        from bpopt.report import measured

        path = f"{self.folder}/{measured.RECORD}"
        raw = measured.render(tuple(wheels[name] for name in sorted(wheels)))
        writing.write(self.root, {path: raw}, {path: self.app.files.read(path)})

    def _use(self, wheels: list[Built], keep: bool) -> int:
        """Have requirements.txt use the wheels; the number of obstacles."""
        from bpopt.report import wheel_use

        changed = {} if keep or not wheels else wheel_use.changes(self.app, wheels, self.folder)
        if changed:
            before = {path: self.app.files.read(path) for path in changed}
            writing.write(self.root, changed, before)
            for path in changed:
                click.echo(f"changed {path}")
        found = list(wheel_use.obstacles(self.app, wheels, self.place, self.folder)) if wheels else []
        for obstacle in found:
            tell(obstacle)
        if wheels and not found:
            click.echo(f"commit {self.folder}/ and the requirements")
        return len(found)


@contextmanager
def shown(request: Request) -> Iterator[Callable[[float, str], None]]:
    """A line that shows how far things are: moving on a terminal, now and then elsewhere, none with --quiet."""
    if request.quiet or not sys.stderr.isatty():
        yield _now_and_then(request.quiet)
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        width = look(request).width - 4

        def update(_: float, text: str) -> None:
            from rich.text import Text

            status.update(Text("".join(c if c.isprintable() else " " for c in text)[:width]))

        yield update


def _now_and_then(quiet: bool) -> Callable[[float, str], None]:
    """Progress for logs: a line every half minute."""
    told = [0.0]

    def update(seconds: float, text: str) -> None:
        if not quiet and seconds - told[0] >= 30 and "asking" not in text:
            told[0] = seconds
            tell(text[:160])

    return update

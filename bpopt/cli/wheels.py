"""The wheels of one app for the command line: what to build, building it, and having builds use it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from bpopt import writing
from bpopt.cli import tell
from bpopt.cli.progress import shown
from bpopt.cli.request import Job, Request, look

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.documents.requirements import Requirement
    from bpopt.report.measured import Built
    from bpopt.report.wheel_plan import Place


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
        self._hint()
        for entry in wanted:
            click.echo(f"{specifier(entry)}  has no wheel for Python {self.place.minor}")
        if not wanted:
            click.echo(f"every requirement has a wheel for Python {self.place.minor}")
        return 0

    def run(self, again: bool, keep: bool) -> int:
        """Build, note, rewrite; the number of things that went wrong."""
        wanted = self.wanted()
        self._hint()
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

    def _hint(self) -> None:
        """Name the dlib that is compiled without standing in the requirements."""
        from bpopt.report.env_cases import compiles_dlib

        if compiles_dlib(self.app) and self.app.requirement("dlib") is None:
            advice = "write dlib into requirements.txt, and run this again"
            tell(f"face_recognition requires dlib, which has no wheel: {advice}")

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

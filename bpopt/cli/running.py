"""What the commands share that run an app: which app, times and variables as given, and how progress is shown."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from bpopt.cli.request import Request, jobs
from bpopt.settings import ConfigError

if TYPE_CHECKING:
    from types import TracebackType

    from bpopt.cli.request import Job


def require(extra: str, *modules: str) -> None:
    """ConfigError where a module of an extra is not installed: told before the work, not after it."""
    from importlib.util import find_spec

    absent = [module for module in modules if find_spec(module) is None]
    if absent:
        raise ConfigError(f"{' and '.join(absent)} not installed: pip install 'bpopt[{extra}]'")


def app_of(folder: str | None, request: Request) -> Job | None:
    """The app in a folder (the bundled sample app for None), None if none is there; ConfigError for several."""
    if folder is None:
        from bpopt.verify.sides import bundled_sample

        folder = bundled_sample()
        if folder is None:
            raise ConfigError("the sample app is not there: name the folder of an app")
    found = list(jobs(request._replace(paths=(folder,))))
    here = os.path.realpath(folder)
    own = [job for job in found if os.path.realpath(job.app.files.root) == here]  # type: ignore[attr-defined]
    chosen = own or found
    if len(chosen) > 1:
        raise ConfigError(
            f"{folder} holds several apps, name one: {', '.join(job.app.root for job in chosen)}"
        )
    return chosen[0] if chosen else None


def seconds(text: str, option: str) -> float:
    """The seconds of `90`, `90s` or `1.5m`; ConfigError for anything else."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|min|h)?", text.strip())
    if found is None or not float(found[1]):
        raise ConfigError(f"{option}: {text!r} is no time (90s, 5m)")
    return float(found[1]) * {"s": 1, "m": 60, "min": 60, "h": 3600}[found[2] or "s"]


def environment(values: tuple[str, ...]) -> dict[str, str]:
    """The variables of `--env NAME=VALUE`; ConfigError for anything else."""
    pairs = [value.partition("=") for value in values]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise ConfigError(f"--env: {name!r} has no value (NAME=VALUE)")
    return {name: value for name, _, value in pairs}


def write(path: str, text: str) -> None:
    """Write a report to a file, whole or not at all."""
    from bpopt import writing

    folder, name = os.path.split(path)
    before = None
    if os.path.exists(path):
        with open(path, "rb") as file:
            before = file.read()
    if not os.path.isdir(folder or "."):
        raise ConfigError(f"{path}: no such folder")
    writing.write(folder or ".", {name: text.encode("utf-8", "backslashreplace")}, {name: before})


class Lines:
    """Progress as plain lines on standard error: logs, CI."""

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def tell(self, text: str) -> None:
        """Something to know before it begins."""
        print(text, file=sys.stderr, flush=True)

    def stage(self, name: str, title: str) -> None:
        """A stage begins."""
        print(f"{name}: {title}", file=sys.stderr, flush=True)

    def step(self, text: str) -> None:
        """Too much for a log."""

    def done(self) -> None:
        """Nothing more to say."""


class Quiet(Lines):
    """No progress."""

    def tell(self, text: str) -> None:
        """Show nothing."""

    def stage(self, name: str, title: str) -> None:
        """Show nothing."""


class Live(Lines):
    """Progress on a terminal: a line for each stage that is over, and one that lives."""

    def __init__(self) -> None:
        from time import monotonic

        from rich.console import Console

        self.console = Console(stderr=True, highlight=False)
        self.status = self.console.status("")
        self.clock = monotonic
        self.first = self.began = monotonic()
        self.title = ""

    def __enter__(self) -> Live:
        self.status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.status.stop()

    def tell(self, text: str) -> None:
        """A line that stays."""
        from rich.text import Text

        self.console.print(Text(text))

    def stage(self, name: str, title: str) -> None:
        """Name the stage."""
        self.title, self.began = title, self.clock()
        self.step("")

    def step(self, text: str) -> None:
        """Show what the stage does now."""
        from rich.text import Text

        said = f"{self.title}: {text}" if text and self.title else self.title or text
        self.status.update(Text(f"{self.clock() - self.first:3.0f} s  {said}"))

    def done(self) -> None:
        """The stage's line stays, with how long it took."""
        from rich.text import Text

        self.console.print(Text(f"{self.title}  {self.clock() - self.began:.1f} s", style="dim"))
        self.title = ""


def shown(request: Request) -> Lines:
    """The progress that fits: a line that lives on a terminal, plain lines elsewhere, nothing with --quiet."""
    if request.quiet:
        return Quiet()
    return Live() if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else Lines()

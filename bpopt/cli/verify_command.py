"""`bpopt verify`: run an app as it is and as the fixes make it, and say what changed."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.request import Request, jobs, look
from bpopt.settings import ConfigError
from bpopt.verify.formats import FORMATS
from bpopt.verify.stages import STAGES

if TYPE_CHECKING:
    from types import TracebackType

    from bpopt.cli.request import Job
    from bpopt.output import Look
    from bpopt.verify.report import Report
    from bpopt.verify.run import Wishes

EPILOG = """\b
Examples:
  bpopt verify                        the bundled sample app: what the fixes do to it
  bpopt verify . --unsafe             this app, unsafe fixes included
  bpopt verify . --select BP304       one rule's fix
  bpopt verify . --before main --after .   two states, here a branch and this folder
  bpopt verify . --only boot,memory --budget 60s
  bpopt verify . --output-format markdown --output verify.md

Your app's code runs, with what its files set in the environment and nothing of yours but --env. Requests go
to a private port; work is done on copies. docs/verification.md says how all is measured.

Exit codes: 0 fine, 1 a gate is broken, answers differ or the app does not work, 2 usage,
3 no app, or nothing of it could be run, 4 internal error.
"""


@click.command("verify", epilog=EPILOG)
@click.argument("app", required=False, metavar="[APP]")
@click.option("--unsafe", is_flag=True, help="After has the unsafe fixes, too.")
@click.option("--select", multiple=True, metavar="RULE", help="After has only these rules' fixes.")
@click.option("--ignore", multiple=True, metavar="RULE", help="After has no fixes of these rules.")
@click.option("--after", metavar="DIR|REV", help="Compare with this folder or git revision, not with fixes.")
@click.option(
    "--before", metavar="DIR|REV", help="Start from this folder or git revision, not from APP as it is."
)
@click.option("--build", is_flag=True, help="Also fetch the apt packages and install the requirements. Slow.")
@click.option("--only", multiple=True, metavar="STAGE", help=f"Only these stages: {', '.join(STAGES)}.")
@click.option("--skip", multiple=True, metavar="STAGE", help="Not these stages.")
@click.option(
    "--budget", default="150s", metavar="TIME", help="How long it may take, builds left out: 90s, 5m.  [150s]"
)
@click.option(
    "--deadline", default="60s", metavar="TIME", help="How long the app may take to answer first.  [60s]"
)
@click.option("--traffic", metavar="FILE", help="What is asked of the app (TOML); else [tool.bpopt.verify].")
@click.option("--env", multiple=True, metavar="NAME=VALUE", help="Set a variable for the app.")
@click.option("--memory", metavar="SIZE", help="The memory there is, as 512M; else the plan's.")
@click.option(
    "--platform", multiple=True, metavar="NAME", help="heroku, heroku-fir, digitalocean, dokku, scalingo."
)
@click.option("--stack", metavar="NAME", help="The stack, such as heroku-24.")
@click.option("--plan", metavar="NAME", help="The plan or instance size, such as standard-1x.")
@click.option(
    "--python", metavar="PATH", help="The Python that has the app's requirements; else bpopt's own."
)
@click.option("--each", is_flag=True, help="Also measure every rule's fix on its own.")
@click.option(
    "--compare", metavar="FILE", help="Hold the result against a stored one (JSON); exit 1 if it is worse."
)
@click.option("--seed", default=1, show_default=True, help="For the order of rounds and requests.")
@click.option(
    "--output-format", type=click.Choice(FORMATS), default="table", show_default=True, help="How to report."
)
@click.option("-o", "--output", metavar="FILE", help="Write the report to a file.")
@click.option("--config", metavar="FILE", help="Use this configuration file and no other.")
@click.option("--isolated", is_flag=True, help="Use no configuration file at all.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colour."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress, only the results.")
def command(**options: Any) -> int:
    """Run APP (a folder; the bundled sample app if none is given) before and after, and compare.

    After is APP with the fixes that `bpopt fix` would make. Both are served by the app's own command and asked
    the same; memory, throughput, start-up and answers are compared, with intervals.
    """
    request = _request(options)
    job = _job(options["app"], request)
    if job is None:
        tell("nothing to verify: no Procfile or other deployment file here")
        return NOTHING
    report = _run(job, _wishes(options), options, request)
    appearance = look(request)
    if options["output"]:
        _write(report, options, appearance)
    else:
        sys.stdout.write(_rendered(report, options["output_format"], appearance))
    if report.failed or _worse(report):
        return FINDINGS
    return CLEAN if any(result.status != "skipped" for result in report.results) else NOTHING


def _request(options: dict[str, Any]) -> Request:
    select, ignore, platform = (
        tuple(part for value in options[key] for part in value.split(",") if part)
        for key in ("select", "ignore", "platform")
    )
    return Request(
        select=select,
        ignore=ignore,
        platform=platform,
        stack=options["stack"],
        plan=options["plan"],
        config=options["config"],
        isolated=options["isolated"],
        color=options["color"],
        quiet=options["quiet"],
    )


def _job(folder: str | None, request: Request) -> Job | None:
    """The app to verify; ConfigError if the folder holds several."""
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


def _wishes(options: dict[str, Any]) -> Wishes:
    from bpopt.verify import limit, stages
    from bpopt.verify.run import Wishes

    only, skip = (_stages(options[key], key) for key in ("only", "skip"))
    return Wishes(
        stages=stages.chosen(only, skip, options["build"]),
        unsafe=options["unsafe"],
        before=options["before"],
        after=options["after"],
        build=options["build"] or "build" in only,
        each=options["each"],
        budget=seconds(options["budget"], "--budget"),
        traffic=options["traffic"],
        memory=limit.parse(options["memory"]) if options["memory"] else None,
        python=options["python"],
        environment=_environment(options["env"]),
        seed=options["seed"],
        deadline=seconds(options["deadline"], "--deadline"),
    )


def _stages(values: tuple[str, ...], option: str) -> tuple[str, ...]:
    from bpopt.suggest import meant

    names = tuple(part for value in values for part in value.split(",") if part)
    for name in names:
        if name not in STAGES:
            raise ConfigError(
                f"--{option}: there is no stage {name!r}{meant(name, STAGES)} ({', '.join(STAGES)})"
            )
    return names


def seconds(text: str, option: str) -> float:
    """The seconds of `90`, `90s` or `1.5m`; ConfigError for anything else."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|min|h)?", text.strip())
    if found is None or not float(found[1]):
        raise ConfigError(f"{option}: {text!r} is no time (90s, 5m)")
    return float(found[1]) * {"s": 1, "m": 60, "min": 60, "h": 3600}[found[2] or "s"]


def _environment(values: tuple[str, ...]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise ConfigError(f"--env: {name!r} has no value (NAME=VALUE)")
    return {name: value for name, _, value in pairs}


def _run(job: Job, wishes: Wishes, options: dict[str, Any], request: Request) -> Report:
    from bpopt.verify import compare, run

    earlier = compare.read(options["compare"]) if options["compare"] else None
    with _progress(request) as progress:
        report = run.verify(job.app, job.settings, wishes, progress, progress.tell)
    return report._replace(earlier=earlier)


def _worse(report: Report) -> bool:
    from bpopt.verify import compare

    return report.earlier is not None and bool(compare.regressions(report))


def _rendered(report: Report, form: str, appearance: Look) -> str:
    from bpopt.verify import formats

    return formats.render(form, report, appearance)


def _write(report: Report, options: dict[str, Any], appearance: Look) -> None:
    """Write the file, whole or not at all, and show the table on the terminal as well."""
    from bpopt import writing

    path, form = options["output"], options["output_format"]
    text = _rendered(report, form, appearance._replace(color=False, ascii=False))
    folder, name = os.path.split(path)
    before = None
    if os.path.exists(path):
        with open(path, "rb") as file:
            before = file.read()
    if not os.path.isdir(folder or "."):
        raise ConfigError(f"{path}: no such folder")
    writing.write(folder or ".", {name: text.encode("utf-8", "backslashreplace")}, {name: before})
    if form != "table" and not options["quiet"]:
        sys.stdout.write(_rendered(report, "table", appearance))
    tell(f"report written to {path}")


class _Lines:
    """Progress as plain lines on standard error: logs, CI."""

    def __enter__(self) -> _Lines:
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


class _Quiet(_Lines):
    def tell(self, text: str) -> None:
        """Show nothing."""

    def stage(self, name: str, title: str) -> None:
        """Show nothing."""


class _Live(_Lines):
    """Progress on a terminal: a line for each stage that is over, and one that lives."""

    def __init__(self) -> None:
        from time import monotonic

        from rich.console import Console

        self.console = Console(stderr=True, highlight=False)
        self.status = self.console.status("")
        self.clock = monotonic
        self.title, self.began = "", monotonic()

    def __enter__(self) -> _Live:
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

        self.status.update(Text(f"{self.title}: {text}" if text and self.title else self.title or text))

    def done(self) -> None:
        """The stage's line stays, with how long it took."""
        from rich.text import Text

        self.console.print(Text(f"{self.title}  {self.clock() - self.began:.1f} s", style="dim"))
        self.title = ""


def _progress(request: Request) -> _Lines:
    if request.quiet:
        return _Quiet()
    return _Live() if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else _Lines()

"""`bpopt tune`: find the best configuration of gunicorn for an app and a plan by measuring."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from bpopt.cli import CLEAN, NOTHING, tell
from bpopt.cli.request import Request, look
from bpopt.cli.running import app_of, environment, seconds, shown, write
from bpopt.settings import ConfigError
from bpopt.tune.formats import FORMATS

if TYPE_CHECKING:
    from bpopt.cli.request import Job
    from bpopt.tune.preparing import Wishes
    from bpopt.tune.report import Report

INTERRUPTED = 130
EPILOG = """\b
Examples:
  bpopt tune --memory 512MB --cpus 2         the bundled sample app
  bpopt tune . --plan standard-1x            this app, on a plan
  bpopt tune . --objective p95 --budget 5m
  bpopt tune . --objective cheapest:500ms    the cheapest plan that keeps p95 under 500 ms
  bpopt tune . --apply                       write what was found into the Procfile or app spec
  bpopt tune . --storage postgresql://user@host/db   on several machines at once

Your app's code runs, as with bpopt verify. What was measured is kept: the same command goes on where it stopped.
docs/tuning.md says how it is measured.

Exit codes: 0 an answer was found, 2 usage or an app that cannot be tuned, 3 no app, 4 internal error, 130 interrupted.
"""


@click.command("tune", epilog=EPILOG)
@click.argument("app", required=False, metavar="[APP]")
@click.option(
    "--plan", metavar="NAME", help="The plan or instance size, such as standard-1x; else the app's own."
)
@click.option("--memory", metavar="SIZE", help="The memory there is, as 512MB; else the plan's.")
@click.option("--cpus", metavar="N", help="The processors there are; else the plan's.")
@click.option(
    "--objective",
    default="throughput",
    show_default=True,
    metavar="GOAL",
    help="throughput, p95, mix:throughput=1,p95=1,memory=0.5 or cheapest:500ms.",
)
@click.option("--max-p95", metavar="TIME", help="Recommend nothing whose p95 is longer, as 500ms.")
@click.option("--clients", type=click.IntRange(1, 256), help="How many ask at once.  [8, or the traffic's]")
@click.option("--budget", default="10m", metavar="TIME", help="How long it may take: 90s, 5m.  [10m]")
@click.option(
    "--apply", "do_apply", is_flag=True, help="Write the recommended configuration into the app's files."
)
@click.option(
    "--storage", metavar="URL", help="A database to share a study in.  [SQLite in ~/.local/state/bpopt]"
)
@click.option("--fresh", is_flag=True, help="Forget what was measured before.")
@click.option("--traffic", metavar="FILE", help="What is asked of the app (TOML); else [tool.bpopt.verify].")
@click.option("--env", multiple=True, metavar="NAME=VALUE", help="Set a variable for the app.")
@click.option(
    "--platform", multiple=True, metavar="NAME", help="heroku, heroku-fir, digitalocean, dokku, scalingo."
)
@click.option("--stack", metavar="NAME", help="The stack, such as heroku-24.")
@click.option(
    "--python", metavar="PATH", help="The Python that has the app's requirements; else bpopt's own."
)
@click.option(
    "--deadline", default="60s", metavar="TIME", help="How long the app may take to answer first.  [60s]"
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
@click.option("-q", "--quiet", is_flag=True, help="No progress, only the answer.")
def command(**options: Any) -> int:
    """Find the best gunicorn configuration of APP (a folder; else the bundled sample app) for a plan.

    Workers, threads, worker class, --preload and --max-requests: what cannot fit the plan's memory is left out,
    the rest is measured against what APP has now, in turn, until the answer is clear or the budget is spent.
    """
    request = _request(options)
    job = app_of(options["app"], request)
    if job is None:
        tell("nothing to tune: no Procfile or other deployment file here")
        return NOTHING
    report = _run(job, _wishes(options), request)
    _show(report, options, request)
    if options["do_apply"]:
        _apply(job, report)
    return INTERRUPTED if report.ended == "interrupted" else CLEAN


def _request(options: dict[str, Any]) -> Request:
    platform = tuple(part for value in options["platform"] for part in value.split(",") if part)
    own = {key: options[key] for key in ("stack", "plan", "config", "isolated", "color", "quiet")}
    return Request(platform=platform, **own)


def _wishes(options: dict[str, Any]) -> Wishes:
    from bpopt.tune import objective, resources
    from bpopt.tune.preparing import Wishes
    from bpopt.verify import limit

    bound = objective.duration(options["max_p95"]) if options["max_p95"] else None
    return Wishes(
        objective=objective.parse(options["objective"], bound),
        memory=limit.parse(options["memory"]) if options["memory"] else None,
        cpus=resources.number(options["cpus"]) if options["cpus"] else None,
        clients=options["clients"],
        budget=seconds(options["budget"], "--budget"),
        storage=options["storage"],
        fresh=options["fresh"],
        traffic=options["traffic"],
        python=options["python"],
        environment=environment(options["env"]),
        seed=options["seed"],
        deadline=seconds(options["deadline"], "--deadline"),
    )


def _run(job: Job, wishes: Wishes, request: Request) -> Report:
    from bpopt.tune import run

    with shown(request) as progress:
        return run.tune(job.app, job.settings, wishes, progress, progress.tell)


def _show(report: Report, options: dict[str, Any], request: Request) -> None:
    """The report on standard output, or in a file with the table beside it."""
    from bpopt.tune import formats

    appearance, form, path = look(request), options["output_format"], options["output"]
    if not path:
        sys.stdout.write(formats.render(form, report, appearance))
        return
    write(path, formats.render(form, report, appearance._replace(color=False, ascii=False)))
    if form != "table" and not options["quiet"]:
        sys.stdout.write(formats.render("table", report, appearance))
    tell(f"report written to {path}")


def _apply(job: Job, report: Report) -> None:
    """Write the recommended configuration as a fix, and say on what evidence."""
    from bpopt.tune import applying

    if report.decision.keep:
        tell("nothing to apply: keep what you have")
        return
    if report.ended == "interrupted":
        raise ConfigError("--apply: it was interrupted, so nothing was written")
    for text in applying.write(job.app, report):
        tell(text)

"""`bpopt plan`: which plans of the app's platform hold it at a given load, and what they cost."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from bpopt.cli import CLEAN, NOTHING, tell
from bpopt.cli.request import Request, look
from bpopt.cli.running import app_of, environment, seconds, shown, write

if TYPE_CHECKING:
    from bpopt.cli.request import Job
    from bpopt.tune.planning import Advice, Measured

EPILOG = """\b
Examples:
  bpopt plan --rate 20                  the bundled sample app at 20 requests a second
  bpopt plan . --platform heroku --rate 50
  bpopt plan . --from tune.json         from a report of bpopt tune --output-format json

Without --from the app is run and measured first (at most --budget); what was measured is kept, so that another --rate
takes no time. This is advice and never an error.

Exit codes: 0, 2 usage or an app that cannot be run, 3 no app, 4 internal error.
"""


@click.command("plan", epilog=EPILOG)
@click.argument("app", required=False, metavar="[APP]")
@click.option(
    "--rate", type=click.FloatRange(min=0, min_open=True), default=10.0, show_default=True,
    help="Requests a second, of the traffic's mix.",
)  # fmt: skip
@click.option(
    "--platform", multiple=True, metavar="NAME", help="heroku, heroku-fir, digitalocean, dokku, scalingo."
)
@click.option("--from", "from_file", metavar="FILE", help="Use a report of bpopt tune --output-format json.")
@click.option("--cpus", metavar="N", help="Measure on so many processors.  [all]")
@click.option("--clients", type=click.IntRange(1, 256), help="How many ask at once.  [8, or the traffic's]")
@click.option("--budget", default="4m", metavar="TIME", help="How long measuring may take.  [4m]")
@click.option(
    "--storage", metavar="URL", help="Where measurements are kept.  [SQLite in ~/.local/state/bpopt]"
)
@click.option("--fresh", is_flag=True, help="Forget what was measured before.")
@click.option("--traffic", metavar="FILE", help="What is asked of the app (TOML); else [tool.bpopt.verify].")
@click.option("--env", multiple=True, metavar="NAME=VALUE", help="Set a variable for the app.")
@click.option(
    "--python", metavar="PATH", help="The Python that has the app's requirements; else bpopt's own."
)
@click.option(
    "--output-format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to report.",
)
@click.option("-o", "--output", metavar="FILE", help="Write the advice to a file.")
@click.option("--config", metavar="FILE", help="Use this configuration file and no other.")
@click.option("--isolated", is_flag=True, help="Use no configuration file at all.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colour."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress, only the advice.")
def command(**options: Any) -> int:
    """Show which plans of APP's platforms hold it at a given load, how many containers, and what they cost.

    From the memory that APP takes at its peak and the requests that it answers, both measured.
    """
    platform = tuple(part for value in options["platform"] for part in value.split(",") if part)
    own = {key: options[key] for key in ("config", "isolated", "color", "quiet")}
    request = Request(platform=platform, **own)
    job = app_of(options["app"], request)
    if job is None:
        tell("no plans to show: no Procfile or other deployment file here")
        return NOTHING
    advice = _advice(job, options, request)
    _show(advice, options, request)
    return CLEAN


def _advice(job: Job, options: dict[str, Any], request: Request) -> Advice:
    from bpopt.tune import planning

    measured = (
        planning.of_file(options["from_file"]) if options["from_file"] else _measure(job, options, request)
    )
    platforms = [target.platform for target in job.app.targets]
    return planning.advise(job.app.root or ".", platforms, measured, options["rate"])


def _measure(job: Job, options: dict[str, Any], request: Request) -> Measured:
    """Tune without a limit of memory, so that there are figures for the larger plans too."""
    from bpopt.tune import objective, planning, preparing, resources, run

    wishes = preparing.Wishes(
        objective=objective.parse("throughput"),
        memory=preparing.UNLIMITED,
        cpus=resources.number(options["cpus"]) if options["cpus"] else None,
        clients=options["clients"],
        budget=seconds(options["budget"], "--budget"),
        storage=options["storage"],
        fresh=options["fresh"],
        traffic=options["traffic"],
        python=options["python"],
        environment=environment(options["env"]),
        stored=True,
    )
    with shown(request) as progress:
        return planning.of_report(run.tune(job.app, job.settings, wishes, progress, progress.tell))


def _show(advice: Advice, options: dict[str, Any], request: Request) -> None:
    from bpopt.tune.formats import plans

    appearance, path = look(request), options["output"]
    if not path:
        sys.stdout.write(plans.render(options["output_format"], advice, appearance))
        return
    write(path, plans.render(options["output_format"], advice, appearance._replace(color=False, ascii=False)))
    tell(f"advice written to {path}")

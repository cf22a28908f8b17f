"""`bpopt verify`: run an app as it is and as the fixes make it, and say what changed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.request import Request, look
from bpopt.cli.running import app_of, environment, require, seconds, shown, write
from bpopt.settings import ConfigError
from bpopt.verify.formats import FORMATS
from bpopt.verify.stages import STAGES

if TYPE_CHECKING:
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
    "--budget", default="170s", metavar="TIME", help="How long it may take, builds left out: 90s, 5m.  [170s]"
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
    require("verify", "matplotlib", "scipy")
    request = _request(options)
    job = app_of(options["app"], request)
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
        environment=environment(options["env"]),
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


def _run(job: Job, wishes: Wishes, options: dict[str, Any], request: Request) -> Report:
    from bpopt.verify import compare, run

    earlier = compare.read(options["compare"]) if options["compare"] else None
    with shown(request) as progress:
        report = run.verify(job.app, job.settings, wishes, progress, progress.tell)
    return report._replace(earlier=earlier)


def _worse(report: Report) -> bool:
    from bpopt.verify import compare

    return report.earlier is not None and bool(compare.regressions(report))


def _rendered(report: Report, form: str, appearance: Look) -> str:
    from bpopt.verify import formats

    return formats.render(form, report, appearance)


def _write(report: Report, options: dict[str, Any], appearance: Look) -> None:
    """Write the file and show the table on the terminal as well."""
    path, form = options["output"], options["output_format"]
    write(path, _rendered(report, form, appearance._replace(color=False, ascii=False)))
    if form != "table" and not options["quiet"]:
        sys.stdout.write(_rendered(report, "table", appearance))
    tell(f"report written to {path}")

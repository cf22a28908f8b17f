"""`bpopt check`: find, report, and give an exit code that does not depend on the format."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from bpopt import engine
from bpopt.cli import CLEAN, FINDINGS, NOTHING
from bpopt.cli.options import Request, jobs, look, selection
from bpopt.output import FORMATS, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.baseline import Baseline
    from bpopt.engine import AppResult
    from bpopt.finding import Finding

EPILOG = """\b
Examples:
  bpopt check                              the app in this folder
  bpopt check --platform heroku-24         as Heroku's stack 24 would see it
  bpopt check --output-format sarif > r    for code scanning
  bpopt check --select apt,BP301 api/      some rules, one folder
  cat Procfile | bpopt check - --stdin-filename Procfile
"""


@click.command("check", epilog=EPILOG)
@click.option("--output-format", type=click.Choice(FORMATS), default="full", show_default=True, help="How to report.")
@click.option("--statistics", is_flag=True, help="Count findings by rule instead of showing them.")
@click.option("--show-files", is_flag=True, help="List the files that would be read, and stop.")
@click.option("--show-suppressed", is_flag=True, help="Show suppressed findings too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if there are findings.")
@click.option("--baseline", metavar="FILE", help="Known findings that do not count.")
@click.option("--write-baseline", metavar="FILE", help="Write the findings as a baseline; an existing one only shrinks.")
@selection
def command(output_format: str, **options: Any) -> int:
    """Find what is wrong with the deployment of the apps in PATHS (this folder if none are given).

    Nothing is run, no network is used, nothing is written.
    """
    request = Request.take(options)
    if options["show_files"]:
        return _show_files(request)
    run = Run(request, options["baseline"], options["write_baseline"])
    if options["statistics"]:
        _statistics(run, output_format)
    else:
        appearance = look(request)._replace(show_suppressed=options["show_suppressed"])
        for chunk in render(output_format, run.results(), appearance):
            sys.stdout.write(chunk)
    run.finish()
    return run.exit_code(options["exit_zero"])


class Run:
    """The results of one check, counted as they stream by."""

    def __init__(self, request: Request, baseline: str | None, write_baseline: str | None) -> None:
        self.request = request
        self.given = baseline
        self.write_to = write_baseline
        self.apps = 0
        self.count = 0
        self.collected: list[Finding] = []
        self.baselines: dict[str, Baseline] = {}

    def results(self) -> Iterator[AppResult]:
        """Check app after app."""
        for app, settings in jobs(self.request):
            self.apps += 1
            result = engine.check(app, settings)
            path = self._baseline_path(settings["baseline"], settings.folder)
            if self.write_to:
                self.collected += result.counted
            elif path:
                result = self._baseline(path).mark(result)
            self.count += len(result.counted)
            yield result

    def _baseline_path(self, configured: str | None, folder: str) -> str | None:
        return self.given or (os.path.join(folder, configured) if configured else None)

    def _baseline(self, path: str) -> Baseline:
        if path not in self.baselines:
            from bpopt import baseline

            self.baselines[path] = baseline.read(path)
        return self.baselines[path]

    def finish(self) -> None:
        """Write the baseline if asked to, and say which of the known findings are gone."""
        if self.write_to:
            _write_baseline(self.write_to, self.collected)
        for path, known in self.baselines.items():
            if known.stale and not self.request.quiet:
                text = f"{len(known.stale)} findings in {path} are mended: drop them with --write-baseline {path}"
                click.echo(f"bpopt: {text}", err=True)

    def exit_code(self, exit_zero: bool) -> int:
        """0 clean, 1 findings, 3 nothing to check."""
        if not self.apps:
            click.echo("bpopt: nothing to check: no Procfile, Aptfile or other deployment file here", err=True)
            return NOTHING
        counts = self.count and not exit_zero and not self.write_to
        return FINDINGS if counts else CLEAN


def _write_baseline(path: str, findings: list[Finding]) -> None:
    """Write a new baseline, or drop from the one that is there what is mended; nothing is ever added to it."""
    from bpopt import baseline, writing

    found = baseline.entries(findings)
    known = found
    if os.path.exists(path):
        old = baseline.read(path).entries
        known = {key: item for key, item in old.items() if key in found}
        new = len(found.keys() - old.keys())
        click.echo(f"bpopt: {path}: {len(old) - len(known)} findings dropped, {len(known)} left", err=True)
        if new:
            click.echo(f"bpopt: {new} new findings not added: a baseline only shrinks (delete it to start anew)", err=True)
    before = open(path, "rb").read() if os.path.exists(path) else None  # noqa: SIM115
    folder, name = os.path.split(path)
    writing.write(folder or ".", {name: baseline.render(known).encode()}, {name: before})


def _show_files(request: Request) -> int:
    found = False
    for app, _ in jobs(request):
        for path in sorted(path for paths in app.paths.values() for path in paths):
            found = True
            click.echo(path if app.root == "." else f"{app.root}/{path}")
    return CLEAN if found else NOTHING


def _statistics(run: Run, output_format: str) -> None:
    counts: dict[tuple[str, str], list[int]] = {}
    for result in run.results():
        for finding in result.counted:
            row = counts.setdefault((finding.code, finding.name), [0, 0])
            row[0] += 1
            row[1] += finding.fix is not None
    rows = sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
    if output_format == "json":
        import json

        table = [{"code": c, "name": n, "count": k, "fixable": f} for (c, n), (k, f) in rows]
        click.echo(json.dumps(table, indent=2))
        return
    for (code, name), (count, fixable) in rows:
        click.echo(f"{count:6}  {code}  {name}" + (f"  ({fixable} with a fix)" if fixable else ""))

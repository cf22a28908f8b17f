"""Checking for the command line: results streamed into a format, baseline, exit code. No click here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bpopt import engine
from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.request import Request, jobs, look
from bpopt.output import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.baseline import Baseline
    from bpopt.engine import AppResult
    from bpopt.finding import Finding


def check(
    request: Request,
    output_format: str = "full",
    *,
    statistics: bool = False,
    show_files: bool = False,
    show_suppressed: bool = False,
    exit_zero: bool = False,
    baseline: str | None = None,
    write_baseline: str | None = None,
) -> int:
    """Check what is asked for, print the report, and give the exit code."""
    if show_files:
        return _show_files(request)
    run = Run(request, baseline, write_baseline)
    if statistics:
        _statistics(run, output_format)
    else:
        appearance = look(request)._replace(show_suppressed=show_suppressed)
        for chunk in render(output_format, run.results(), appearance):
            sys.stdout.write(chunk)
    run.finish()
    return run.exit_code(exit_zero)


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
                text = f"{len(known.stale)} findings in {path} are mended: --write-baseline {path} drops them"
                tell(text)

    def exit_code(self, exit_zero: bool) -> int:
        """0 clean, 1 findings, 3 nothing to check."""
        if not self.apps:
            tell("nothing to check: no Procfile, Aptfile or other deployment file here")
            return NOTHING
        counts = self.count and not exit_zero and not self.write_to
        return FINDINGS if counts else CLEAN


def _write_baseline(path: str, findings: list[Finding]) -> None:
    """Write a new baseline, or drop what is mended from the one that is there; nothing is added to it."""
    from bpopt import baseline, writing

    found = baseline.entries(findings)
    known = found
    if os.path.exists(path):
        old = baseline.read(path).entries
        known = {key: item for key, item in old.items() if key in found}
        new = len(found.keys() - old.keys())
        tell(f"{path}: {len(old) - len(known)} findings dropped, {len(known)} left")
        if new:
            tell(f"{new} new findings not added: a baseline only shrinks (delete it to start anew)")
    before = open(path, "rb").read() if os.path.exists(path) else None  # noqa: SIM115
    folder, name = os.path.split(path)
    writing.write(folder or ".", {name: baseline.render(known).encode()}, {name: before})


def _show_files(request: Request) -> int:
    found = False
    for app, _ in jobs(request):
        for path in sorted(path for paths in app.paths.values() for path in paths):
            found = True
            _print(path if app.root == "." else f"{app.root}/{path}")
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
        _print(json.dumps(table, indent=2))
        return
    for (code, name), (count, fixable) in rows:
        _print(f"{count:6}  {code}  {name}" + (f"  ({fixable} with a fix)" if fixable else ""))


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")

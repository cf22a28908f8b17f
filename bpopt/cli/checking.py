"""Checking for the command line: results streamed into a format, baseline, exit code. No click here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from bpopt import engine
from bpopt.batches import batches
from bpopt.cli import CLEAN, FINDINGS, NOTHING, tell
from bpopt.cli.request import Request, jobs, look
from bpopt.output import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.baseline import Baseline
    from bpopt.engine import AppResult
    from bpopt.settings import Settings


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
        self.collected: dict[str, dict[str, Any]] = {}
        self.baselines: dict[str, Baseline] = {}

    def results(self) -> Iterator[AppResult]:
        """Check batch after batch."""
        for batch in batches(jobs(self.request)):
            for (_, settings), result in zip(batch, engine.check_all(batch), strict=True):
                yield self._known(result, settings)

    def _known(self, result: AppResult, settings: Settings) -> AppResult:
        """Count a result, with what the baseline knows of it marked."""
        self.apps += 1
        path = self._baseline_path(settings["baseline"], settings.folder)
        if self.write_to:
            self.collect(result)
            if os.path.exists(self.write_to):
                self._baseline(self.write_to).mark(result, settings)
        elif path:
            result = self._baseline(path).mark(result, settings)
        self.count += len(result.counted)
        return result

    def collect(self, result: AppResult) -> None:
        """Keep what a new baseline says of an app."""
        from bpopt import baseline

        self.collected |= baseline.entries(result)

    def _baseline_path(self, configured: str | None, folder: str) -> str | None:
        return self.given or (os.path.join(folder, configured) if configured else None)

    def _baseline(self, path: str) -> Baseline:
        if path not in self.baselines:
            from bpopt import baseline

            self.baselines[path] = baseline.read(path)
        return self.baselines[path]

    def finish(self) -> None:
        """Write the baseline if asked to, and say which of the known findings are gone."""
        if self.write_to and self.apps:
            _write_baseline(self.write_to, self.collected, self.baselines.get(self.write_to))
        if self.write_to:
            return
        for path, known in self.baselines.items():
            if known.stale and not self.request.quiet:
                count = len(known.stale)
                are = "finding in {} is" if count == 1 else "findings in {} are"
                tell(f"{count} {are.format(path)} mended: --write-baseline {path} drops what is")

    def exit_code(self, exit_zero: bool) -> int:
        """0 clean, 1 findings, 3 nothing to check."""
        if not self.apps:
            tell("nothing to check: no Procfile, Aptfile or other deployment file here")
            return NOTHING
        counts = self.count and not exit_zero and not self.write_to
        return FINDINGS if counts else CLEAN


def _write_baseline(path: str, found: dict[str, dict[str, Any]], old: Baseline | None) -> None:
    """Write a new baseline, or drop what is mended from the one that is there; nothing is added to it."""
    from bpopt import baseline, writing

    known, before = found, None
    if old is not None:
        with open(path, "rb") as file:
            before = file.read()
        gone = set(old.stale)
        known = {key: item for key, item in old.entries.items() if key not in gone}
        new = len(found.keys() - old.entries.keys())
        tell(f"{path}: {_some(len(gone))} dropped, {len(known)} left")
        if new:
            tell(f"{_some(new, 'new ')} not added: a baseline only shrinks (delete it to start anew)")
    folder, name = os.path.split(path)
    writing.write(folder or ".", {name: baseline.render(known).encode()}, {name: before})


def _some(count: int, kind: str = "") -> str:
    return f"{count} {kind}finding{'' if count == 1 else 's'}"


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

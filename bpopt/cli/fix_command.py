"""`bpopt fix`: apply fixes, or show what they would change."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from bpopt import diff, engine, fixer, writing
from bpopt.cli import CLEAN, FINDINGS, NOTHING
from bpopt.cli.options import selection
from bpopt.cli.request import Job, Request, jobs, look

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.engine import AppResult
    from bpopt.fixer import Fixed
    from bpopt.settings import Settings

EPILOG = """\b
Examples:
  bpopt fix --diff               show what would change; exit 1 if anything would
  bpopt fix                      apply the safe fixes
  bpopt fix --unsafe --show-diff apply the unsafe ones too, and show them
  bpopt fix --select BP104       one rule only
"""


@click.command("fix", epilog=EPILOG)
@click.option(
    "--diff", "only_diff", is_flag=True, help="Print the changes and make none; exit 1 if there are any."
)
@click.option("--show-diff", is_flag=True, help="Make the changes and print them.")
@click.option("--unsafe", is_flag=True, help="Apply fixes that change how the app behaves, too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if findings are left.")
@selection
def command(only_diff: bool, show_diff: bool, unsafe: bool, exit_zero: bool, **options: Any) -> int:
    """Mend what can be mended in the apps in PATHS (this folder if none are given).

    Comments, order, line ends and modes stay. An app's files are all written, or none.
    """
    request = Request.take(options)
    color = look(request).color
    apps = changed = left = 0
    for job in jobs(request):
        if "-" in request.paths:
            return _to_stdout(job, unsafe, only_diff, exit_zero)
        apps += 1
        fixed = fixer.converge(job.app, job.settings, unsafe, engine.check)
        changed += len(fixed.changes)
        left += len(fixed.remaining.counted)
        if only_diff or show_diff:
            _print_diff(job, fixed, color)
        if not only_diff:
            _write(job, fixed)
        if not request.quiet:
            _tell(job, fixed, only_diff, unsafe)
    if not apps:
        click.echo("bpopt: nothing to fix: no Procfile, Aptfile or other deployment file here", err=True)
        return NOTHING
    if only_diff:
        return FINDINGS if changed else CLEAN
    return FINDINGS if left and not exit_zero else CLEAN


def _before(job: Job, fixed: Fixed) -> dict[str, bytes | None]:
    return {path: job.app.files.read(path) for path in fixed.changes}


def _print_diff(job: Job, fixed: Fixed, color: bool) -> None:
    for part in diff.unified(job.app.root, _before(job, fixed), fixed.changes, job.app):
        for line in part.splitlines(keepends=True):
            _put(_colored(line) if color else line)


_COLORS = {"+": "green", "-": "red", "@": "cyan"}


def _colored(line: str) -> str:
    bold = line.startswith(("diff ", "+++", "---", "new file", "deleted file"))
    return click.style(line, bold=True) if bold else click.style(line, fg=_COLORS.get(line[0]))


def _put(text: str) -> None:
    """Write text with its exact bytes, whatever they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()


def _to_stdout(job: Job, unsafe: bool, only_diff: bool, exit_zero: bool) -> int:
    """Standard input fixed goes to standard output; a fix that changes more than that file is none here."""
    overlay = job.app.files
    (path,) = overlay.changes  # type: ignore[attr-defined]

    def check(app: App, settings: Settings) -> AppResult:
        result = engine.check(app, settings)
        own = (f if fixer.touched(f) in ((), (path,)) else f._replace(fix=None) for f in result.findings)
        return result._replace(findings=tuple(own))

    fixed = fixer.converge(job.app, job.settings, unsafe, check)
    before = overlay.read(path)
    after = fixed.changes.get(path, before)
    if only_diff:
        for part in diff.unified(job.app.root, {path: before}, {path: after}, job.app):
            _put(part)
        return FINDINGS if after != before else CLEAN
    sys.stdout.buffer.write(after or b"")
    sys.stdout.buffer.flush()
    return FINDINGS if fixed.remaining.counted and not exit_zero else CLEAN


def _write(job: Job, fixed: Fixed) -> None:
    if fixed.changes:
        writing.write(job.app.files.root, fixed.changes, _before(job, fixed))  # type: ignore[attr-defined]


def _tell(job: Job, fixed: Fixed, only_diff: bool, unsafe: bool) -> None:
    """Say on standard error what was done and what is left."""
    for finding in fixed.applied:
        assert finding.fix is not None
        verb = "would fix" if only_diff else "fixed"
        click.echo(f"{verb} {finding.code} {finding.path}: {finding.fix.title}", err=True)
    for finding in fixed.refused:
        click.echo(f"not fixed {finding.code} {finding.path}: the fix would not have mended it", err=True)
    if not fixed.stable:
        click.echo(f"{job.app.root}: stopped after {fixer.ROUNDS} rounds; run bpopt fix again", err=True)
    left = fixed.remaining.counted
    if left:
        click.echo(f"{job.app.root}: {_left(len(left))}{_hint(job, fixed, unsafe)}", err=True)


def _left(count: int) -> str:
    return f"{count} finding{'s' if count > 1 else ''} left to do by hand (bpopt check shows them)"


def _hint(job: Job, fixed: Fixed, unsafe: bool) -> str:
    more = [] if unsafe else fixer.choose(fixed.remaining, job.settings, True)
    return f", {len(more)} of them fixable with --unsafe" if more else ""

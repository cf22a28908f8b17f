"""Stage config: all files parse, the fixes are stable, and gunicorn itself accepts both command lines."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING

from bpopt import engine, fixer
from bpopt.settings import defaults
from bpopt.verify import log as logs
from bpopt.verify.model import FAILED, PASSED, StageResult
from bpopt.verify.server import NoServer, Server

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.verify.command import Command
    from bpopt.verify.model import Plan, Progress, Side

NAME = "config"
TITLE = "Configuration files"


def run(before: Side, after: Side, plan: Plan, progress: Progress) -> StageResult:
    """Check the files of both sides, then both command lines with `gunicorn --check-config`."""
    began = monotonic()
    progress.step("reading the files")
    faults = [*_faults(before, after), *_unstable(after, plan)]
    notes = [f"before: {fault}" for fault in sorted(_broken(before.app))]
    checked = {}
    for side in (before, after):
        progress.step(f"gunicorn --check-config, {side.name}")
        checked[side.name] = accepted(side, plan)
    if checked["after"] and not checked["before"]:
        faults.append(f"gunicorn refuses the command line after: {checked['after']}")
    notes += [f"{name}: gunicorn --check-config says: {text}" for name, text in checked.items() if text]
    files = {side.name: sum(map(len, side.app.paths.values())) for side in (before, after)}
    status = FAILED if faults else PASSED
    details = {"files": files, "gunicorn": {name: text or "accepted" for name, text in checked.items()}}
    return StageResult(NAME, status, "; ".join(faults), (), tuple(notes), details, monotonic() - began)


def _broken(app: App) -> set[str]:
    """The files that do not parse, each with why."""
    result = engine.check(app, defaults())
    return {f"{f.source.path}: {f.message}" for f in result.findings if f.code in fixer.SYNTAX}


def _faults(before: Side, after: Side) -> list[str]:
    return sorted(_broken(after.app) - _broken(before.app))


def _unstable(after: Side, plan: Plan) -> list[str]:
    """What fixing the fixed app would change; nothing where after is not made by fixes."""
    if plan.settings is None:
        return []
    again = fixer.converge(after.app, plan.settings, plan.unsafe, engine.check)
    return [f"{path}: fixing again would change it" for path in sorted(again.changes)]


class _Check(Server):
    """A gunicorn that loads its configuration and the app, and ends."""

    def _command(self) -> Command:
        command = super()._command()
        bind = f" --bind 127.0.0.1:{self.port}"
        return command._replace(text=command.text.replace(bind, f"{bind} --check-config", 1))


def accepted(side: Side, plan: Plan) -> str:
    """Why gunicorn refuses the command line or cannot load the app; empty if it accepts both, or is not used."""
    try:
        with _Check(side, plan, label=f"check {side.name}") as server:
            if not server.command.is_gunicorn:
                return ""
            until = monotonic() + plan.deadline
            while server.alive and monotonic() < until:
                sleep(0.02)
            if server.alive:
                return f"no answer within {plan.deadline:.0f} s"
            if server.exited == 0:
                return ""
            return logs.hint(server.log()) or logs.error(server.log()) or f"exit status {server.exited}"
    except NoServer as error:
        return str(error)

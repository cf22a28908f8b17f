"""From a configuration to the edits of the app's files that bring it: what is measured is what `--apply` writes.

An option that the command has keeps its place and gets the new value, one that it lacks goes behind the last
argument, and the number of workers goes where it stands: --workers or WEB_CONCURRENCY.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt import fixer
from bpopt.app.gunicorn_setup import OPTION, UNKNOWN
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.gunicorn import removed
from bpopt.settings import ConfigError
from bpopt.tune.candidates import GTHREAD, SYNC, Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.env import Placed
    from bpopt.app.gunicorn_setup import Setup
    from bpopt.app.web import Web

NAME = "tune"
JITTER = 10  # part of max-requests by which workers differ, so that they are not replaced together


def setups(app: App) -> tuple[Setup, ...]:
    """What the app's web commands run with; ConfigError if they cannot be read or do not run gunicorn."""
    found = [(web, app.gunicorn(web)) for web in app.webs]
    if not found:
        raise ConfigError("there is no web command to tune: neither a Procfile with web: nor a run_command")
    for web, setup in found:
        where = f"{web.source.path}:{web.source.position(web.span.start).line}"
        if setup is None:
            raise ConfigError(
                f"{where}: only gunicorn can be tuned, and this runs {web.final.program or '?'}"
            )
        if setup.arguments.opaque or setup.given("workers") == (UNKNOWN, None, None, None):
            raise ConfigError(
                f"{where}: what gunicorn runs with is not all written there, so it cannot be tuned"
            )
    return tuple(setup for _, setup in found if setup is not None)


def current(app: App, setup: Setup) -> Candidate:
    """The configuration that the app has now. ConfigError if one of its values is only known at run time."""
    from bpopt.verify import command

    settings = command.environment(app, setup.web.process)
    count, threads = command.concurrency(app, setup.web, settings)
    values = {}
    for name in ("worker_class", "preload_app", "max_requests"):
        given = setup.given(name)
        if given is not None and given.value is None:
            raise ConfigError(f"{name} of gunicorn is only known at run time, so it cannot be tuned")
        values[name] = given.value if given is not None else None
    worker_class = values["worker_class"] or SYNC
    if worker_class == GTHREAD and threads > 1:
        worker_class = SYNC
    recycle = values["max_requests"] or "0"
    return Candidate(
        count,
        threads,
        worker_class,
        values["preload_app"] == "true",
        int(recycle) if recycle.isdigit() else 0,
    )


def finding(
    app: App, wanted: Candidate, evidence: tuple[Evidence, ...] = (), message: str = ""
) -> Finding | None:
    """The change to a configuration as a finding with its fix; None if the app has it already."""
    found = setups(app)
    edits = tuple(dict.fromkeys(edit for setup in found for edit in _edits(app, setup, wanted)))
    if not edits:
        return None
    web = found[0].web
    fix = Fix(f"Run gunicorn with {wanted.title}", Safety.UNSAFE, edits, reason="it changes how the app runs")
    text = message or f"measured to be better: {wanted.title}"
    return Finding(
        NAME, NAME, Severity.INFO, text, web.source, web.span, help=wanted.title, fix=fix, evidence=evidence
    )


def changes(app: App, wanted: Candidate) -> fixer.Changes:
    """The new bytes of the files that a configuration changes, by path."""
    found = finding(app, wanted)
    return fixer.apply(app, [found])[0] if found is not None else {}


def _edits(app: App, setup: Setup, wanted: Candidate) -> Iterator[Edit]:
    """The edits of one command: those in place, and one insertion of all that is new."""
    had = current(app, setup)
    new: list[str] = []
    if had.workers != wanted.workers:
        yield from _workers(app, setup, wanted.workers, new)
    if had.threads != wanted.threads:
        yield from _put(setup, "threads", "--threads", str(wanted.threads), wanted.threads == 1, new)
    if had.worker_class != wanted.worker_class:
        plain = wanted.worker_class == SYNC
        yield from _put(setup, "worker_class", "--worker-class", wanted.worker_class, plain, new)
    if had.preload != wanted.preload:
        yield from _put(setup, "preload_app", "--preload", "", not wanted.preload, new)
    if had.max_requests != wanted.max_requests:
        off, jitter = not wanted.max_requests, wanted.max_requests // JITTER
        yield from _put(setup, "max_requests", "--max-requests", str(wanted.max_requests), off, new)
        yield from _put(setup, "max_requests_jitter", "--max-requests-jitter", str(jitter), off, new)
    if new:
        yield Edit(setup.web.source.path, setup.web.end, "".join(f" {part}" for part in new))


def _workers(app: App, setup: Setup, count: int, new: list[str]) -> Iterator[Edit]:
    """--workers where it is given, else WEB_CONCURRENCY where the files set it, else --workers."""
    placed = [] if setup.given("workers") is not None else _web_concurrency(app, setup.web)
    if placed:
        yield from (Edit(p.source.path, p.setting.value_span, _quoted(p, str(count))) for p in placed)
    else:
        yield from _put(setup, "workers", "--workers", str(count), False, new)


def _web_concurrency(app: App, web: Web) -> list[Placed]:
    """Where the files set WEB_CONCURRENCY for this command."""
    return [
        p
        for p in app.env
        if p.name == "WEB_CONCURRENCY"
        and p.run
        and p.value is not None
        and p.component in ("", web.process)
        and p.origin not in ("command", "dotenv")
        and set(p.targets) & set(web.targets)
    ]


def _quoted(placed: Placed, value: str) -> str:
    """The value in the quotes that the old one has."""
    first = placed.source.text[placed.setting.value_span.start]
    return f"{first}{value}{first}" if first in "\"'" else value


def _put(setup: Setup, name: str, flag: str, value: str, off: bool, new: list[str]) -> Iterator[Edit]:
    """One option: its new value in place, taken out if it is to be off, or added to `new`."""
    own = [o for o in setup.arguments.options if o.setting is not None and o.setting.name == name]
    elsewhere = setup.given(name)
    if own and off:
        yield from (edit for o in own for edit in removed(setup.web.source, o.span, "").edits)
        return
    if own and own[-1].value_span is not None:
        yield Edit(setup.web.source.path, own[-1].value_span, value)
        return
    if own or (off and elsewhere is None):
        return
    if off and not value:
        raise ConfigError(f"{flag} is set outside the command, which has no option to take it back")
    new.append(f"{flag} {value}".rstrip())


def forced(setup: Setup) -> bool:
    """Whether --preload is set where the command cannot take it back."""
    given = setup.given("preload_app")
    return given is not None and given.origin != OPTION and given.value == "true"

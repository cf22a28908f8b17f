"""What `bpopt plan` tells: each plan of the app's platforms, whether it holds the app at a load, its price."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.settings import ConfigError
from bpopt.tune import deciding, holding, model
from bpopt.tune.candidates import Candidate
from bpopt.tune.holding import Able

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bpopt.platforms import Platform
    from bpopt.tune.holding import Row
    from bpopt.tune.model import Model
    from bpopt.tune.report import Report


class Measured(NamedTuple):
    """What the advice rests on: what configurations can do, the memory model, the clients, when and on what."""

    able: tuple[Able, ...]
    model: Model
    clients: int
    date: str
    machine: str


class Advice(NamedTuple):
    """All that is told. `rate` in requests per second; `platforms` with their rows; `notes` are sentences."""

    app: str
    rate: float
    platforms: tuple[tuple[str, tuple[Row, ...]], ...]
    measured: Measured
    notes: tuple[str, ...]


def of_report(report: Report) -> Measured:
    """What a run of tune measured: all that may be recommended, and what the app has now."""
    able = [s for s in report.standings if not deciding.barred(s, report.objective)]
    cores = report.resources.cores
    found = [Able(s.candidate, s.figure("throughput"), cores) for s in able]
    if able:
        found.append(Able(report.current, able[0].changes["throughput"].before, cores))
    machine = report.machine["processor"] or report.machine["machine"]
    return Measured(tuple(found), report.model, report.clients, report.date, machine)


def of_file(path: str) -> Measured:
    """The same of a report of `bpopt tune --output-format json`; ConfigError if it is none."""
    try:
        with open(path, encoding="utf-8") as file:
            made = json.load(file)
        return _of_json(made)
    except OSError as error:
        raise ConfigError(f"--from: {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ConfigError(f"--from: {path} is no report of bpopt tune --output-format json") from None


def _of_json(made: dict[str, Any]) -> Measured:
    able = [own for own in made["configurations"] if not own["barred"]]
    cores = made["resources"]["cores"]
    found = [
        Able(Candidate(**own["candidate"]), own["changes"]["throughput"]["after"], cores) for own in able
    ]
    if able:
        found.append(Able(Candidate(**made["current"]), able[0]["changes"]["throughput"]["before"], cores))
    machine = made["machine"]["processor"] or made["machine"]["machine"]
    return Measured(tuple(found), model.read(made["memory"]), made["clients"], made["date"], machine)


def advise(app: str, platforms: Sequence[Platform], measured: Measured, rate: float) -> Advice:
    """The advice for the platforms; those that sell no plans are named in the notes."""
    found, notes = [], []
    for platform in platforms if measured.able else ():
        rows = tuple(holding.rows(platform, measured.able, measured.model, measured.clients, rate))
        if rows:
            found.append((platform.name, rows))
        else:
            notes.append(f"{platform.name} sells no plans")
    if not measured.able:
        notes.append("nothing was measured that could be advised: give it more time with --budget")
    notes.append(
        f"a container is given {holding.BUSY:.0%} of what was measured on this machine ({measured.machine}); "
        "a platform's processors are others, and shared ones are not promised"
    )
    return Advice(app, rate, tuple(found), measured, tuple(notes))


def record(advice: Advice) -> dict[str, Any]:
    """The advice as JSON values."""
    return {
        "kind": "bpopt plan",
        "version": 1,
        "app": advice.app,
        "rate": advice.rate,
        "measured": advice.measured.date,
        "clients": advice.measured.clients,
        "platforms": {name: [_row(row) for row in rows] for name, rows in advice.platforms},
        "notes": list(advice.notes),
    }


def _row(row: Row) -> dict[str, Any]:
    made = {**row._asdict(), "plan": row.plan._asdict()}
    made["candidate"] = row.candidate and row.candidate.title
    return made

"""The report for programs: one object whose shape `bpopt/data/schema/tune.schema.json` describes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bpopt.tune import deciding, model
from bpopt.tune.report import sentences
from bpopt.verify.formats.json import encodable_values

if TYPE_CHECKING:
    from bpopt.output import Look
    from bpopt.tune.report import Report
    from bpopt.tune.standings import Standing

VERSION = 1


def render(report: Report, look: Look) -> str:
    """The object, indented; ASCII only."""
    return json.dumps(encodable_values(record(report)), indent=2, ensure_ascii=True) + "\n"


def record(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    decision = report.decision
    return {
        "kind": "bpopt tune",
        "version": VERSION,
        "app": report.app,
        "date": report.date,
        "seconds": round(report.seconds, 3),
        "resources": {**report.resources._asdict(), "notes": list(report.resources.notes)},
        "objective": report.objective.text,
        "clients": report.clients,
        "current": report.current._asdict(),
        "answer": {
            "keep": decision.keep,
            "chosen": decision.chosen._asdict(),
            "options": decision.chosen.title,
            "why": decision.why,
            "even": [candidate._asdict() for candidate in decision.even],
            "change": decision.change and decision.change._asdict(),
            "clear": decision.clear,
            "ended": report.ended,
            "sentences": sentences(report),
        },
        "diff": report.diff,
        "configurations": [_standing(report, s) for s in report.standings],
        "front": [s.candidate.key for s in report.front()],
        "left": [{"candidate": left.candidate._asdict(), "why": left.why} for left in report.left],
        "memory": model.record(report.model),
        "machine": report.machine,
        "settings": report.settings,
        "notes": list(report.notes),
    }


def _standing(report: Report, standing: Standing) -> dict[str, Any]:
    return {
        "key": standing.candidate.key,
        "candidate": standing.candidate._asdict(),
        "options": standing.candidate.title,
        "rounds": len(standing.rounds),
        "barred": deciding.barred(standing, report.objective),
        "changes": {name: change._asdict() for name, change in standing.changes.items()},
        "peak": {"reckoned": report.peak(standing.candidate), "seen": standing.peak or None},
    }

"""The report for programs: one object whose shape `bpopt/data/schema/verify.schema.json` describes."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

from bpopt.output.shown import encodable
from bpopt.verify import table
from bpopt.verify.compare import VERSION
from bpopt.verify.stages import STAGES, module

if TYPE_CHECKING:
    from bpopt.output import Look
    from bpopt.verify.model import Measure, StageResult
    from bpopt.verify.report import Effect, Report
    from bpopt.verify.stats import Change


def render(report: Report, look: Look) -> str:
    """The object, indented; ASCII only, so that no log or terminal is harmed by what an app printed."""
    return json.dumps(encodable_values(record(report)), indent=2, ensure_ascii=True) + "\n"


def record(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    changes = {measure.key: change for measure, change in report.measures()}
    return {
        "kind": "bpopt verify",
        "version": VERSION,
        "app": report.app,
        "date": report.date,
        "seconds": round(report.seconds, 3),
        "failed": list(report.failed),
        "states": {"before": report.titles[0], "after": report.titles[1]},
        "fixes": [fix._asdict() for fix in report.applied],
        "changed": list(report.changed),
        "diff": report.diff,
        "notes": list(report.notes),
        "machine": report.machine,
        "settings": report.settings,
        "table": [_row(row) for row in table.rows(report)],
        "checklist": [check._asdict() for check in table.checklist(report)],
        "stages": [_stage(result, changes) for result in report.results],
        "gates": [gate._asdict() for gate in report.gates],
        "each": [_effect(effect) for effect in report.each],
    }


def _row(row: table.Row) -> dict[str, Any]:
    key = row.measure.key if row.measure else None
    return {
        "title": row.title,
        "key": key,
        "unit": row.measure.unit if row.measure else None,
        "how": row.measure.how if row.measure else "",
        "change": _change(row.change) if row.change else None,
        "missing": row.missing,
    }


def _stage(result: StageResult, changes: dict[str, Change]) -> dict[str, Any]:
    return {
        "name": result.stage,
        "title": module(result.stage).TITLE if result.stage in STAGES else result.stage,
        "status": result.status,
        "reason": result.reason,
        "seconds": round(result.seconds, 3),
        "notes": list(result.notes),
        "measures": [
            _measure(measure, changes[measure.key]) for measure in result.measures if measure.key in changes
        ],
        "details": dict(result.details),
    }


def _measure(measure: Measure, change: Change) -> dict[str, Any]:
    return {**measure._asdict(), "change": _change(change)}


def _change(change: Change) -> dict[str, Any]:
    return change._asdict()


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "code": effect.code,
        "name": effect.name,
        "fixes": list(effect.fixes),
        "changes": {key: _change(change) for key, change in effect.changes.items()},
        "failed": list(effect.failed),
    }


def encodable_values(value: Any) -> Any:
    """What JSON can hold: no infinities, no stray bytes."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): encodable_values(item) for key, item in value.items()}
    return [encodable_values(item) for item in value] if isinstance(value, (list, tuple)) else value

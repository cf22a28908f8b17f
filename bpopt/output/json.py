"""The report for programs: one JSON object whose shape `bpopt/data/schema/report.schema.json` describes.

Each finding is on a line of its own. What was suppressed, the apps and the summary follow the findings, so
that these can be written as they are found.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bpopt.finding import fingerprints
from bpopt.output.later import Later
from bpopt.output.links import rule_url
from bpopt.output.places import region, sources_of, under
from bpopt.output.shown import encodable, without_secrets
from bpopt.output.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.engine import AppResult
    from bpopt.finding import Edit, Finding, Fix
    from bpopt.output import Look
    from bpopt.text import Source, Span

VERSION = 1


def render(results: Iterable[AppResult], look: Look) -> Iterator[str]:
    """The object in pieces: findings app by app, then the rest."""
    totals, silenced, apps = Totals(), Later(), Later()
    yield f'{{"version": {VERSION},\n"findings": ['
    comma = ""
    for result in results:
        totals.add(result)
        apps.write((",\n" if apps.count else "\n") + dump(_app(result)))
        for finding, mark in zip(result.findings, fingerprints(list(result.findings)), strict=True):
            text = dump(record(finding, mark))
            if finding.suppressed is None:
                yield f"{comma}\n{text}"
                comma = ","
            else:
                silenced.write((",\n" if silenced.count else "\n") + text)
    yield '\n],\n"suppressed_findings": ['
    yield from silenced.read()
    yield '\n],\n"apps": ['
    yield from apps.read()
    yield f'\n],\n"summary": {dump(_summary(totals))}}}\n'


def record(finding: Finding, mark: str) -> dict[str, Any]:
    """One finding as JSON values; `mark` is its fingerprint."""
    impact = finding.impact
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "path": finding.path,
        **_region(finding.source, finding.span),
        "fix": _fix(finding.fix, finding) if finding.fix else None,
        "help": finding.help,
        "url": rule_url(finding.name),
        "fingerprint": mark,
        "platforms": list(finding.platforms),
        "impact": {"text": impact.text, "bytes": impact.bytes, "seconds": impact.seconds} if impact else None,
        "evidence": [item._asdict() for item in finding.evidence],
        "labels": [
            {
                "path": under(finding.root, label.source.path),
                **_region(label.source, label.span),
                "text": label.text,
            }
            for label in finding.labels
        ],
        "suppressed": {"by": finding.suppressed, "justification": finding.justification}
        if finding.suppressed
        else None,
    }


def _region(source: Source, span: Span) -> dict[str, int]:
    return dict(zip(("line", "column", "end_line", "end_column"), region(source, span), strict=True))


def _fix(whole: Fix, finding: Finding) -> dict[str, Any]:
    fix = without_secrets(whole)
    sources = sources_of(finding)
    return {
        "title": fix.title,
        "safety": fix.safety.value,
        "reason": fix.reason,
        "edits": [_edit(edit, sources.get(edit.path), finding.root) for edit in fix.edits],
        "creates": [{"path": under(finding.root, new.path), "text": new.text} for new in fix.creates],
        "removes": [under(finding.root, path) for path in fix.removes],
    }


def _edit(edit: Edit, source: Source | None, root: str) -> dict[str, Any]:
    """Offsets count characters of the decoded file without its byte order mark; lines if it is at hand."""
    region = _region(source, edit.span) if source is not None else {}
    return {
        "path": under(root, edit.path),
        "start": edit.span.start,
        "end": edit.span.end,
        **region,
        "text": edit.text,
    }


def _app(result: AppResult) -> dict[str, Any]:
    return {
        "root": result.root,
        "target_known": result.knows_target,
        "platforms": [
            {"name": target.platform.name, "stack": target.stack, "plan": target.plan, "why": target.why}
            for target in result.targets
        ],
        "files": [under(result.root, path) for path in result.files],
        "findings": len(result.counted),
    }


def _summary(totals: Totals) -> dict[str, Any]:
    return {
        "findings": totals.findings,
        **{severity.value: count for severity, count in totals.severity.items()},
        "suppressed": totals.suppressed,
        "fixable": {safety.value: count for safety, count in totals.safety.items()},
        "apps": totals.apps,
        "apps_with_findings": totals.apps_with_findings,
        "files": totals.files,
    }


def dump(value: Any) -> str:
    """ASCII only, so that no terminal, log or encoding is harmed; bytes that are no UTF-8 become `\\xNN`."""
    text = json.dumps(value, ensure_ascii=True)
    return json.dumps(_encodable(value), ensure_ascii=True) if "\\ud" in text else text


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, list) else value

"""SARIF 2.1.0, for GitHub code scanning and other viewers. What was suppressed is kept and marked.

The rules follow the results, because which ones are needed is known only then; a result points to its rule by
index. Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.finding import Safety, fingerprints
from bpopt.output.json import dump
from bpopt.output.links import HOME, rule_url
from bpopt.output.places import region, sources_of, under
from bpopt.output.shown import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.engine import AppResult
    from bpopt.finding import Finding, Fix
    from bpopt.output import Look
    from bpopt.text import Source, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
KINDS = {"inline": "inSource"}
ROOT = "SRCROOT"


def render(results: Iterable[AppResult], look: Look) -> Iterator[str]:
    """One run; each result is on a line of its own."""
    rules: dict[str, Finding] = {}
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{\n'
    yield '"columnKind": "unicodeCodePoints",\n"results": ['
    comma = ""
    for result in results:
        for finding, mark in zip(result.findings, fingerprints(list(result.findings)), strict=True):
            rules.setdefault(finding.code, finding)
            yield f"{comma}\n{dump(_result(finding, mark, list(rules).index(finding.code)))}"
            comma = ","
    yield f'\n],\n"tool": {{"driver": {dump(_driver(rules))}}},\n'
    yield f'"originalUriBaseIds": {dump({ROOT: {"description": _message("where bpopt was run")}})},\n'
    yield '"invocations": [{"executionSuccessful": true}]\n}]}\n'


def _driver(rules: dict[str, Finding]) -> dict[str, Any]:
    from bpopt import __version__
    from bpopt.output.descriptors import descriptor

    return {
        "name": "bpopt",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [descriptor(finding, LEVELS) for finding in rules.values()],
    }


def _result(finding: Finding, mark: str, index: int) -> dict[str, Any]:
    result = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity.value],
        "message": _message(_text(finding)),
        "locations": [{"physicalLocation": _place(finding.path, finding.source, finding.span)}],
        "partialFingerprints": {"bpopt/v1": mark},
        "suppressions": [],
        "properties": _properties(finding),
    }
    if finding.labels:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _place(under(finding.root, label.source.path), label.source, label.span),
                "message": _message(label.text),
            }
            for number, label in enumerate(finding.labels, 1)
        ]
    if finding.suppressed:
        kind = KINDS.get(finding.suppressed, "external")
        why = {"justification": finding.justification} if finding.justification else {}
        result["suppressions"] = [{"kind": kind, "status": "accepted", **why}]
    if finding.fix and (changes := _changes(finding.fix, finding)):
        result["fixes"] = [{"description": _message(_title(finding.fix)), "artifactChanges": changes}]
    return result


def _text(finding: Finding) -> str:
    return f"{finding.message}. Help: {finding.help}" if finding.help else finding.message


def _properties(finding: Finding) -> dict[str, Any]:
    properties: dict[str, Any] = {"url": rule_url(finding.name)}
    if finding.platforms:
        properties["platforms"] = list(finding.platforms)
    if finding.impact:
        properties["impact"] = {
            key: value for key, value in finding.impact._asdict().items() if value is not None
        }
    if finding.evidence:
        properties["evidence"] = [item._asdict() for item in finding.evidence]
    return properties


def _message(text: str) -> dict[str, str]:
    """A plain message; a text that looks like SARIF's embedded link is no link."""
    return {"text": text.replace("[", "\\[") if "](" in text else text}


def _place(path: str, source: Source, span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(path), "region": _region(source, span)}


def _artifact(path: str) -> dict[str, Any]:
    """A path as a URI reference, its bytes percent-encoded; relative to where bpopt was run unless absolute."""
    from urllib.parse import quote

    uri = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": ROOT}


def _region(source: Source, span: Span) -> dict[str, int]:
    return dict(zip(("startLine", "startColumn", "endLine", "endColumn"), region(source, span), strict=True))


def _title(fix: Fix) -> str:
    return f"{fix.title} ({fix.safety.value}: {fix.reason})" if fix.reason else fix.title


def _changes(whole: Fix, finding: Finding) -> list[dict[str, Any]]:
    """The edits by file. Advice is no fix, and neither is a change that SARIF cannot tell: removing a file."""
    fix = without_secrets(whole)
    if fix.safety is Safety.DISPLAY or fix.removes:
        return []
    sources, nothing = sources_of(finding), {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
    parts = [(edit.path, _deleted(sources.get(edit.path), edit.span), edit.text) for edit in fix.edits]
    parts += [(new.path, nothing, new.text) for new in fix.creates]
    changes: dict[str, list[dict[str, Any]]] = {}
    for path, deleted, text in parts:
        replacement = {"deletedRegion": deleted, "insertedContent": {"text": text}}
        changes.setdefault(path, []).append(replacement)
    return [
        {"artifactLocation": _artifact(under(finding.root, path)), "replacements": replacements}
        for path, replacements in changes.items()
    ]


def _deleted(source: Source | None, span: Span) -> dict[str, int]:
    """Lines and columns where the file is at hand, else characters."""
    return (
        _region(source, span) if source else {"charOffset": span.start, "charLength": span.end - span.start}
    )

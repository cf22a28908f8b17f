"""GitLab's Code Quality report, for `artifacts:reports:codequality`.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.finding import fingerprints
from bpopt.output.json import dump
from bpopt.output.places import region, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.engine import AppResult
    from bpopt.finding import Finding
    from bpopt.output import Look

SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(results: Iterable[AppResult], look: Look) -> Iterator[str]:
    """An array with the findings that count, one on a line."""
    yield "["
    comma = ""
    for result in results:
        for finding, mark in zip(result.findings, fingerprints(list(result.findings)), strict=True):
            if finding.suppressed is None:
                yield f"{comma}\n{dump(_issue(finding, mark))}"
                comma = ","
    yield "\n]\n"


def _issue(finding: Finding, mark: str) -> dict[str, Any]:
    """GitLab shows only the description, so that it names the rule too."""
    line, _, last, _ = region(finding.source, visible(finding.source, finding.span))
    return {
        "description": f"{finding.code} {finding.name}: {finding.message}",
        "check_name": finding.name,
        "fingerprint": mark,
        "severity": SEVERITIES[finding.severity.value],
        "location": {
            "path": finding.path,
            "lines": {"begin": line, "end": last},
        },
    }

"""What SARIF tells of a rule, out of the rule's own module and page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt.output.links import rule_url

if TYPE_CHECKING:
    from bpopt.finding import Finding

# What GitHub calls severities in `problem.severity`.
PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}


def descriptor(finding: Finding, levels: dict[str, str]) -> dict[str, Any]:
    """The reportingDescriptor of a finding's rule; one outside the registry is known by its finding only."""
    from inspect import cleandoc

    from bpopt import rules

    entry = rules.index().get(finding.code)
    module = entry.load() if entry is not None else None
    severity = (module.META.severity if module is not None else finding.severity).value
    page = cleandoc(module.__doc__ or "") if module is not None else ""
    title = page.partition("\n")[0] or finding.name.replace("-", " ").capitalize() + "."
    url = rule_url(finding.name)
    return {
        "id": finding.code,
        "name": finding.name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": section(page, "What it does") or title},
        "help": {
            "text": f"{page or title}\n\n{url}",
            "markdown": f"{page or title}\n\n[{finding.code}]({url})",
        },
        "helpUri": url,
        "defaultConfiguration": {"level": levels[severity]},
        "properties": {"tags": _tags(finding.code), "problem.severity": PROBLEMS[severity]},
    }


def section(page: str, title: str) -> str:
    """The text under a heading of a rule's page, on one line; empty if there is none."""
    _, _, rest = page.partition(f"## {title}\n")
    return " ".join(rest.partition("\n## ")[0].split())


def _tags(code: str) -> list[str]:
    from bpopt.rules import FAMILIES

    return ["buildpack", *filter(None, [FAMILIES.get(code[:3])])]

"""The report as JUnit XML: a test for each stage, each item of the checklist and each gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.output.junit import ENTITIES
from bpopt.output.shown import safe
from bpopt.verify import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.output import Look
    from bpopt.verify.report import Report

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


def render(report: Report, look: Look) -> str:
    """One suite, valid by the schemas that bpopt's other JUnit reports keep to (see bpopt.output.junit).

    Ant's schema has no word for what was skipped: that stands in `system-out`.
    """
    cases = list(_cases(report))
    ran = [case for case in cases if case[3] != SKIPPED]
    failures = sum(case[3] == FAILED for case in ran)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
        f'<testsuite name="{_text(report.app)}" package="bpopt.verify" id="0"'
        f' timestamp="{report.date.rstrip("Z")}" hostname="localhost" tests="{len(ran)}" failures="{failures}"'
        f' errors="0" time="{report.seconds:.3f}">\n<properties>\n'
    )
    facts = {"before": report.titles[0], "after": report.titles[1], **_figures(report)}
    properties = (
        f'<property name="{_text(name)}" value="{_text(value)}"/>\n' for name, value in facts.items()
    )
    skipped = "".join(
        _text(f"skipped: {name}: {why}") + "\n" for _, name, _, kind, why in cases if kind == SKIPPED
    )
    body = "".join(_case(*case) for case in ran)
    end = f"<system-out>{skipped}</system-out>\n<system-err/>\n</testsuite>\n</testsuites>\n"
    return f"{head}{''.join(properties)}</properties>\n{body}{end}"


def _figures(report: Report) -> dict[str, str]:
    """The table's lines by title, all other measures by key: before, after, change, verdict and how it was measured."""
    shown = [(row.title, row) for row in table.rows(report)]
    shown += [(row.measure.key, row) for row in table.rest(report) if row.measure is not None]
    return {
        name: " | ".join(filter(None, (*row.texts(True), row.measure.how if row.measure else "")))
        for name, row in shown
    }


def _cases(report: Report) -> Iterator[tuple[str, str, float, str, str]]:
    """Group, name, seconds, status and why."""
    for result in report.results:
        yield "stage", result.stage, result.seconds, result.status, result.reason
    for check in table.checklist(report):
        status = {True: PASSED, False: FAILED, None: SKIPPED}[check.holds]
        yield "checklist", check.title, 0.0, status, check.text
    for gate in report.gates:
        yield "gate", gate.name, 0.0, PASSED if gate.holds else FAILED, gate.text


def _case(group: str, name: str, seconds: float, status: str, why: str) -> str:
    head = f'<testcase name="{_text(name)}" classname="verify.{group}" time="{seconds:.3f}"'
    if status == PASSED:
        return f"{head}/>\n"
    failure = f'<failure type="{group}" message="{_text(why)}">{_text(why)}</failure>'
    return f"{head}>\n{failure}\n</testcase>\n"


def _text(text: str) -> str:
    escaped = "".join(ENTITIES.get(char, char) for char in safe(text))
    return escaped.encode("ascii", "xmlcharrefreplace").decode("ascii")

"""How a run of verify is shown; each module has `render(report, look) -> str`, made from the report alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.verify.stats import BETTER, NOISY, SAME, WORSE

if TYPE_CHECKING:
    from bpopt.output import Look
    from bpopt.verify.report import Report

FORMATS = ("table", "markdown", "json", "junit", "html")


def render(name: str, report: Report, look: Look) -> str:
    """The whole text of a report in the format of that name."""
    from importlib import import_module

    text: str = import_module(f"bpopt.verify.formats.{name}").render(report, look)
    return text


def conclusion(report: Report) -> str:
    """The result in one sentence."""
    failed = report.failed
    if failed:
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        return f"Failed: {failed[0]}{more}"
    ran = [result for result in report.results if result.status == "passed"]
    if not ran:
        return "Nothing was measured: every stage was skipped"
    verdicts = [change.verdict for _, change in report.measures()]
    better, worse, same, noisy = (verdicts.count(word) for word in (BETTER, WORSE, SAME, NOISY))
    unclear = f", {noisy} too noisy to tell" if noisy else ""
    return f"Passed: {better} measures better, {worse} worse, {same} without a change{unclear}"

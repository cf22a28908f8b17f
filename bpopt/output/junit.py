"""JUnit XML: a test suite for each app, a failed test for each finding, one passed test where there is none.

It is valid by the schema of Ant's JUnit task (https://github.com/windyroad/JUnit-Schema) and by that of
Jenkins' xUnit plugin. All of it is ASCII, so that no encoding of the output can contradict its own header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.output.links import rule_url
from bpopt.output.shown import safe
from bpopt.output.style import MARKERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.engine import AppResult
    from bpopt.finding import Finding
    from bpopt.output import Look

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;"}


def render(results: Iterable[AppResult], look: Look) -> Iterator[str]:
    """The suites in order. Their time stamp is `look.now`, else that of the clock (UTC)."""
    now = look.now or _clock()
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for number, result in enumerate(results):
        yield "".join(_suite(number, result, now))
    yield "</testsuites>\n"


def _clock() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _suite(number: int, result: AppResult, now: str) -> Iterator[str]:
    found = result.counted
    yield (
        f'<testsuite name="{_text(result.root.strip()) or "app"}" package="bpopt" id="{number}" timestamp="{now}"'
        f' hostname="localhost" tests="{len(found) or 1}" failures="{len(found)}" errors="0" time="0">\n'
        "<properties>\n"
    )
    for target in result.targets:
        yield f'<property name="platform" value="{_text(target.label)}"/>\n'
    yield "</properties>\n"
    yield from (_case(finding) for finding in found)
    if not found:
        yield f'<testcase name="no findings" classname="{_text(result.root)}" time="0"/>\n'
    yield "<system-out/>\n<system-err/>\n</testsuite>\n"


def _case(finding: Finding) -> str:
    at = finding.start
    name = _text(f"{finding.code} {finding.name} at {at.line}:{at.column}")
    head = f'<testcase name="{name}" classname="{_text(finding.path)}" time="0">\n'
    failure = f'<failure type="{finding.severity.value}" message="{_text(finding.message)}">'
    return f"{head}{failure}{''.join(_details(finding))}</failure>\n</testcase>\n"


def _details(finding: Finding) -> Iterator[str]:
    at = finding.start
    yield _text(f"{finding.path}:{at.line}:{at.column}: {finding.message}") + "\n"
    if finding.help:
        yield _text(f"help: {finding.help}") + "\n"
    if finding.fix:
        yield _text(f"fix: {finding.fix.title} {MARKERS[finding.fix.safety.value]}") + "\n"
    yield _text(rule_url(finding.name)) + "\n"


def _text(text: str) -> str:
    """What XML can hold: control characters and surrogates by name, the rest as entities and references."""
    escaped = "".join(ENTITIES.get(char, char) for char in safe(text))
    return escaped.encode("ascii", "xmlcharrefreplace").decode("ascii")

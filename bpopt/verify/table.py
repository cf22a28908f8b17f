"""The table and the checklist: what somebody who deploys wants to know first, from whatever was measured."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import stats, words
from bpopt.verify.model import FAILED, PASSED, SKIPPED, Measure

if TYPE_CHECKING:
    from bpopt.verify.report import Report
    from bpopt.verify.stats import Change

QUICK = 0.1  # seconds: a health check that takes longer at rest is not quick
PATIENT = 2.0  # seconds: what people wait for an answer (the mission's own limit)


class Row(NamedTuple):
    """One line of the table: a measure with its change, or why there is none in `missing`."""

    title: str
    measure: Measure | None
    change: Change | None
    missing: str = ""

    def texts(self, ascii_only: bool = False) -> tuple[str, str, str, str]:
        """Before, after, change and verdict in words."""
        if self.measure is None or self.change is None:
            return ("-", "-", self.missing, "")
        unit, key = self.measure.unit, self.measure.key
        before, after = (words.value(v, unit, key) for v in (self.change.before, self.change.after))
        return before, after, words.change(self.change, ascii_only), words.MARKS[self.change.verdict]


class Check(NamedTuple):
    """One line of the checklist: ticked, crossed, or (None) not looked at, and why in words."""

    title: str
    holds: bool | None
    text: str


# Title -> (stage that measures it, keys in order of preference).
_ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Build time": ("build", ("build.seconds",)),
    "Image size": ("slug", ("slug.bytes",)),
    "Memory": ("memory", ("memory.loaded.pss", "memory.peak.pss")),
    "Throughput": ("load", ("load.closed*.throughput",)),
    "Startup": ("boot", ("boot.seconds",)),
}


def rows(report: Report) -> tuple[Row, ...]:
    """Build time, image size, memory, throughput and start-up, each as far as it was measured."""
    made = []
    for title, (stage, keys) in _ROWS.items():
        found = _SPECIAL[title](report) if title in _SPECIAL else report.find(*keys)
        if found is None:
            made.append(Row(title, None, None, _missing(report, stage)))
        else:
            made.append(Row(title, *found))
    return tuple(made)


def rest(report: Report) -> tuple[Row, ...]:
    """All other measures."""
    shown = {row.measure.key for row in rows(report) if row.measure is not None}
    return tuple(Row(m.title, m, c) for m, c in report.measures() if m.key not in shown)


def _missing(report: Report, stage: str) -> str:
    result = report.result(stage)
    if result is None:
        return "not measured (--build)" if stage == "build" else "not measured"
    return f"{result.status}: {result.reason}" if result.reason else "not measured"


def _image(report: Report) -> tuple[Measure, Change] | None:
    """What ships and the apt layer together; the app's files alone where the layer was not looked at."""
    slug, layer = report.find("slug.bytes"), report.find("apt.unpacked")
    if slug is None or layer is None:
        return slug or layer
    sums = [tuple(map(sum, zip(*pair, strict=True))) for pair in _columns(slug[0], layer[0])]
    how = "the files that ship and the unpacked apt layer; installed requirements are not among them"
    measure = Measure("image.bytes", "Image size", "B", True, sums[0], sums[1], sums[2], how)
    return measure, stats.change(measure)


def _throughput(report: Report) -> tuple[Measure, Change] | None:
    """That of the most clients."""
    found = [pair for pair in report.measures() if pair[0].key.endswith(".throughput")]
    return max(found, key=lambda pair: _number(pair[0].key), default=None)


def _number(key: str) -> int:
    return int("".join(char for char in key if char.isdigit()) or 0)


_SPECIAL = {"Image size": _image, "Throughput": _throughput}


def _columns(one: Measure, other: Measure) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]:
    return (
        (one.before[:1], other.before[:1]),
        (one.before_again[:1], other.before_again[:1]),
        (one.after[:1], other.after[:1]),
    )


def checklist(report: Report) -> tuple[Check, ...]:
    """The checklist of the after state."""
    return (
        _stage(report, "Build completes", "build", "--build runs it"),
        _no_cmake_errors(report),
        _stage(report, "App starts", "boot"),
        _health(report),
        _memory(report),
        _stage(report, "Answers are right", "probe"),
        _answers(report),
    )


def _stage(report: Report, title: str, stage: str, hint: str = "") -> Check:
    result = report.result(stage)
    if result is None:
        return Check(title, None, hint or "this stage was not run")
    if result.status == SKIPPED:
        return Check(title, None, result.reason)
    if result.status == FAILED:
        return Check(title, False, result.reason)
    return Check(title, True, result.reason)


def _no_cmake_errors(report: Report) -> Check:
    title, result = "No CMake errors", report.result("build")
    if result is None or result.status == SKIPPED:
        return Check(title, None, "--build runs it" if result is None else result.reason)
    errors = result.details.get("after", {}).get("cmake_errors", [])
    return Check(title, not errors, errors[0] if errors else "")


def _health(report: Report) -> Check:
    title = "Health check is quick"
    found = report.find("load.rest.health.p50")
    if found is None:
        return Check(title, None, "not measured")
    usual = median(found[0].after)
    return Check(title, usual <= QUICK, f"{words.value(usual, 's')} ({found[0].title})")


def _memory(report: Report) -> Check:
    limit = report.settings.get("memory_limit")
    found = report.find("memory.peak.pss")
    if found is None:
        return Check("Memory stays under the plan", None, "not measured")
    most = max(found[0].after)
    text = words.value(most, "B", "memory.")
    if not limit:
        return Check("Memory stays under the plan", None, f"{text}; no plan is known (--memory)")
    plan = words.value(limit, "B", "memory.")
    killed = report.result("memory")
    holds = most <= limit and (killed is None or killed.status == PASSED)
    return Check("Memory stays under the plan", holds, f"{text} of {plan}")


def _answers(report: Report) -> Check:
    title = "Answers within 2 s"
    slow = [
        (median(m.after), m.title) for m, _ in report.measures() if m.key.endswith(".p95") and m.unit == "s"
    ]
    if not slow:
        return Check(title, None, "not measured")
    worst, where = max(slow)
    return Check(title, worst <= PATIENT, f"p95 {words.value(worst, 's')} ({where})")

"""A stored result of `bpopt verify` as the documents tell it: what was measured before and after, and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bpopt.report.charts import Bar
from bpopt.report.markdown import bullets, escape, table

if TYPE_CHECKING:
    from collections.abc import Iterator


class Measured(NamedTuple):
    """One measure: title, the medians before and after with their texts, the change in words, and how it was taken."""

    title: str
    before: float
    after: float
    texts: tuple[str, str]
    change: str
    how: str


class Verified(NamedTuple):
    """A run: its ISO day, machine and two states in words, the measures, the checklist (title, state, why)."""

    day: str
    machine: str
    states: tuple[str, str]
    measures: tuple[Measured, ...]
    checks: tuple[tuple[str, bool | None, str], ...]


def read(data: dict[str, Any]) -> Verified:
    """A result that `bpopt verify --output-format json` wrote; KeyError and the like if it is not whole."""
    machine = data["machine"]
    words = f"{machine['cores']} cores ({machine['processor']})"
    states = (str(data["states"]["before"]), str(data["states"]["after"]))
    measures = tuple(_measured(row) for row in data["table"] if row["change"] is not None)
    checks = tuple((str(c["title"]), c["holds"], str(c["text"])) for c in data["checklist"])
    return Verified(str(data["date"])[:10], words, states, measures, checks)


def _measured(row: dict[str, Any]) -> Measured:
    from bpopt.verify import stats, words

    change = stats.Change(**row["change"])
    texts = [words.value(number, row["unit"], row["key"]) for number in (change.before, change.after)]
    said = words.change(change)
    if change.verdict in (stats.BETTER, stats.WORSE):
        said += f": {change.verdict}"
    return Measured(row["title"], change.before, change.after, (texts[0], texts[1]), said, row["how"])


def section(found: Verified) -> Iterator[str]:
    """What was measured, as a section of the analysis."""
    yield "## Measured before and after\n"
    yield (
        f"By `bpopt verify` on {found.day}, {escape(found.machine)}. Before: {escape(found.states[0])}. After: "
        f"{escape(found.states[1])}. Ratios travel better to other machines than seconds do.\n"
    )
    rows = [
        (escape(m.title), escape(m.texts[0]), escape(m.texts[1]), escape(m.change)) for m in found.measures
    ]
    yield table(("", ">before", ">after", "change"), rows)
    notes = [f"{escape(m.title)}: {escape(m.how)}" for m in found.measures if m.how]
    if notes:
        yield bullets(notes)
    if found.checks:
        boxes = {True: "[x]", False: "[ ] **no:**", None: "[ ] not looked at:"}
        yield bullets(
            f"{boxes[holds]} {escape(title)}{': ' if text else ''}{escape(text)}"
            for title, holds, text in found.checks
        )


def bars(found: Verified) -> list[Bar]:
    """The measures as bars, each over its own scale."""
    return [Bar(f"{m.title} ({m.change})", m.before, m.texts[0], m.after, m.texts[1]) for m in found.measures]

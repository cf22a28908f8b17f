"""The lines of a log that tell most about a failure, by simple marks; for logs that no pattern fits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.report.logs import Log

MOST = 8  # lines to show
_WINDOW = 20_000  # lines at the end of a log that are looked at

# Mark -> points. A line's points add up; the sum says how much it tells.
_MARKS = (
    (re.compile(r"^(?:\[?(?:FATAL|fatal|ERROR|Error|error|E|panic)\b[\]:]?|E:)"), 6),
    (re.compile(r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Exit|Interrupt)(?::|$)"), 8),
    (re.compile(r"\b(?:error|failed|failure|fatal|exception|critical)\b", re.IGNORECASE), 3),
    (
        re.compile(
            r"\b(?:cannot|can't|could not|couldn't|unable to|not found|no such|denied|refused)\b",
            re.IGNORECASE,
        ),
        2,
    ),
    (
        re.compile(
            r"\b(?:killed|out of memory|segmentation fault|core dumped|timed out|aborted)\b", re.IGNORECASE
        ),
        4,
    ),
    (re.compile(r"\b(?:exit(?:ed)?|status|code)\b[^\d\n]{0,20}\b(?!0\b)\d{1,3}\b", re.IGNORECASE), 2),
    (re.compile(r"^Traceback \(most recent call last\)"), 2),
)
# What looks like trouble and is none.
_HARMLESS = re.compile(
    r"\b(?:0|no) (?:errors?|failures?|failed)\b|errors?=0|\b(?:errors?|exceptions?)[-_./]\w|\w[-_/.]errors?\b"
    r"|\bWarning\b|^\s*(?:Collecting|Downloading|Requirement already|Successfully|Using cached|Installing collected)"
    r"|\bat=info\b|\" (?:2|3)\d\d \d+",
    re.IGNORECASE,
)


def telling(log: Log) -> tuple[int, ...]:
    """The indices of the lines that tell most, in the order of the log; none where nothing looks like trouble."""
    first = max(0, len(log.lines) - _WINDOW)
    scores = {
        index: points for index in range(first, len(log.lines)) if (points := score(log.bare(index))) > 2
    }
    seen: set[str] = set()
    ranked = []
    for index, _ in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        shape = re.sub(r"[\d\W]+", " ", log.bare(index))
        if shape not in seen:  # the same complaint with another number tells nothing new
            seen.add(shape)
            ranked.append(index)
    return tuple(sorted(ranked[:MOST]))


def score(line: str) -> int:
    """How much a line looks like the reason of a failure: 0 for not at all."""
    if not line or _HARMLESS.search(line):
        return 0
    return sum(points for pattern, points in _MARKS if pattern.search(line))

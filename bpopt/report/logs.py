"""A log as text: decoded whatever wrote it, without colours, and without what platforms put before each line."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

LARGEST = 16 * 1024 * 1024  # bytes; of a longer log only the end is read, where the failure is
LONGEST = 4000  # characters of a line that patterns see: some take the square of its length

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_DAY = r"\d{4}-\d\d-\d\d"
# What stands before the text of a line: taken off again and again, as platforms wrap one another.
_PREFIX = re.compile(
    r"remote:\s?"  # git push
    rf"|{_DAY}T[\d:.]+(?:Z|[+-]\d\d:?\d\d)\s(?:(?:app|heroku)\[[\w.-]+\]:\s?)?"  # heroku logs, GitHub Actions
    r"|(?:app|heroku)\[[\w.-]+\]:\s?"
    rf"|[\w-]+\s(?={_DAY}T[\d:.]+Z\s)"  # doctl apps logs
    rf"|\[[\w-]+\]\s(?=\[?{_DAY})"  # App Platform's component
    rf"|\[{_DAY}\s[\d:.]+\]\s?"  # App Platform's time; gunicorn's own has a zone
    r"|#\d+\s\d+\.\d+\s"  # docker build
    r"|[│┃]\s?"
)
_MARKS = re.compile(r"^(?:\s|!\s+|-----> |=====> |<-- )+")


class Log(NamedTuple):
    """A log: `text` is what patterns search, line for line that of `lines`, which are as they were written.

    `first` is the number of the first line, more than 1 where the beginning was left out.
    """

    name: str
    lines: tuple[str, ...]
    text: str
    starts: tuple[int, ...]
    first: int = 1

    def line_of(self, offset: int) -> int:
        """The index of the line that an offset of `text` is in."""
        return bisect_right(self.starts, offset) - 1

    def bare(self, index: int) -> str:
        """A line as patterns see it."""
        end = self.starts[index + 1] - 1 if index + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[index] : end]


def read(name: str, raw: bytes) -> Log:
    """Make a log of bytes: UTF-8, or UTF-16 as PowerShell's > writes it; what is neither becomes a mark."""
    skipped = 0
    if len(raw) > LARGEST:
        cut = raw.find(b"\n", len(raw) - LARGEST) + 1
        skipped, raw = raw.count(b"\n", 0, cut), raw[cut:]
    text = raw.decode(_encoding(raw), "replace").removeprefix("\ufeff")
    shown = [_last_state(_ESCAPES.sub("", line)) for line in text.split("\n")]
    while shown and not shown[-1].strip():
        shown.pop()
    bare = [_stripped(line[:LONGEST]) for line in shown]
    starts, at = [], 0
    for line in bare:
        starts.append(at)
        at += len(line) + 1
    return Log(name, tuple(shown), "\n".join(bare), tuple(starts), skipped + 1)


def _encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(raw) > 3 and raw[1::2][:200].count(0) > len(raw[1::2][:200]) // 2:
        return "utf-16-le"
    return "utf-8"


def _last_state(line: str) -> str:
    """What a terminal would show of a line that was overwritten by carriage returns."""
    parts = [part for part in line.split("\r") if part.strip()]
    return parts[-1].rstrip() if parts else ""


def _stripped(line: str) -> str:
    while True:
        bare = _MARKS.sub("", line)
        match = _PREFIX.match(bare)
        if match is None or not match[0]:
            return bare.strip()
        line = bare[match.end() :]

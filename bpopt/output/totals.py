"""Counts that are taken as the apps go by, and the sentence they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Safety, Severity

if TYPE_CHECKING:
    from bpopt.engine import AppResult


class Totals:
    """What a report counts. Severities and safeties count findings that are not suppressed."""

    def __init__(self) -> None:
        self.severity = dict.fromkeys(Severity, 0)
        self.safety = dict.fromkeys(Safety, 0)
        self.suppressed = 0
        self.apps = 0
        self.apps_with_findings = 0
        self.files = 0

    @property
    def findings(self) -> int:
        """All findings that count."""
        return sum(self.severity.values())

    def add(self, result: AppResult) -> None:
        """Count one app."""
        before = self.findings
        for finding in result.findings:
            if finding.suppressed is not None:
                self.suppressed += 1
                continue
            self.severity[finding.severity] += 1
            if finding.fix is not None:
                self.safety[finding.fix.safety] += 1
        self.apps += 1
        self.files += len(result.files)
        self.apps_with_findings += self.findings > before

    def sentence(self) -> str:
        """`Found 3 errors, 5 warnings, 1 note in 2 apps (7 files). 4 fixable with bpopt fix.`"""
        if not self.apps:
            return "No app found: there is no file here that a buildpack reads."
        if not self.findings:
            return f"All clear: {self._where()}{self._suppressed(', ')}."
        tail = self._suppressed(" ")
        return f"Found {self.counts()} in {self._where()}.{self._fixable()}{tail}{'.' if tail else ''}"

    def counts(self) -> str:
        """`3 errors, 5 warnings, 1 note`, leaving out what is none."""
        words = zip(("error", "warning", "note"), self.severity.values(), strict=True)
        return ", ".join(many(count, word) for word, count in words if count)

    def _where(self) -> str:
        some = self.findings and self.apps_with_findings < self.apps
        apps = f"{self.apps_with_findings:,} of {many(self.apps, 'app')}" if some else many(self.apps, "app")
        return f"{apps} ({many(self.files, 'file')})"

    def _fixable(self) -> str:
        safe, unsafe = self.safety[Safety.SAFE], self.safety[Safety.UNSAFE]
        if safe:
            more = f", {unsafe:,} more with --unsafe" if unsafe else ""
            return f" {safe:,} fixable with bpopt fix{more}."
        return f" {unsafe:,} fixable with bpopt fix --unsafe." if unsafe else ""

    def _suppressed(self, before: str) -> str:
        return f"{before}{self.suppressed:,} suppressed" if self.suppressed else ""


def many(count: int, word: str) -> str:
    """`1 app`, `2 apps`, `10,000 apps`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def size(count: int) -> str:
    """Bytes for people, in decimal units as the platforms count: `512 B`, `1.4 kB`, `38 MB`."""
    value, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(value) < 999.5 or unit == "TB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" or abs(value) >= 99.95 else f"{value:.1f} {unit}"


def duration(seconds: float) -> str:
    """Seconds for people: `0.4 s`, `12 s`, `2 min 5 s`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 119.5:
        return f"{seconds:.0f} s"
    return f"{round(seconds) // 60} min {round(seconds) % 60} s"

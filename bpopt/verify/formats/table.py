"""The report in the terminal: the states, the table, the checklist, and what was skipped or went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bpopt.verify import table as tables
from bpopt.verify import words
from bpopt.verify.formats import conclusion
from bpopt.verify.formats.screen import Screen, shown
from bpopt.verify.model import FAILED, SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpopt.output import Look
    from bpopt.verify.report import Report
    from bpopt.verify.table import Row

STYLES = {"better": "green", "worse": "red", "unclear": "yellow", "same": "", "": "dim"}
NOTE_LINES = 6
CHANGE_WIDTH = 34  # a change with its interval stays on a line; titles give way


def render(report: Report, look: Look) -> str:
    """The report for a terminal `look.width` columns wide."""
    return shown(look, lambda console: _Screen(console, look).show(report))


class _Screen(Screen):
    def show(self, report: Report) -> None:
        if not self.look.quiet:
            self.states(report)
        self.rows("", tables.rows(report))
        self.how(tables.rows(report))
        moved = [
            row for row in tables.rest(report) if row.change and row.change.verdict in ("better", "worse")
        ]
        if moved:
            self.rows("What else changed", moved)
        self.unchanged(report, len(moved))
        self.checklist(report)
        self.stages(report)
        self.gates(report)
        self.each(report)
        self.earlier(report)
        if not self.look.quiet:
            self.machine(report)
        self.line(conclusion(report), "bold red" if report.failed else "bold")

    def states(self, report: Report) -> None:
        self.line(f"{report.app}: before ({report.titles[0]}) against after ({report.titles[1]})", "bold")
        for fix in report.applied:
            self.line(f"{fix.code} {fix.name}: {fix.text} ({fix.path})", indent=2)
        for note in report.notes:
            self.line(f"note: {note}", "yellow", indent=2)

    def rows(self, title: str, rows: Iterable[Row]) -> None:
        if title:
            self.line(title, "bold")
        grid = Table(
            box=box.ASCII2 if self.look.ascii else box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0)
        )
        grid.add_column("", no_wrap=False, ratio=None)
        grid.add_column("Before", justify="right", no_wrap=True)
        grid.add_column("After", justify="right", no_wrap=True)
        shown_rows = [(row, *row.texts(self.look.ascii)) for row in rows]
        widest = max(len(self.change(*texts[2:])) for row, *texts in shown_rows)
        grid.add_column("Change (95 % interval)", min_width=min(widest, CHANGE_WIDTH))
        for row, before, after, change, verdict in shown_rows:
            shown = self.change(change, verdict)
            grid.add_row(self.text(row.title), before, after, self.text(shown, STYLES[verdict]))
        self.console.print(grid)

    def change(self, change: str, verdict: str) -> str:
        return f"{verdict}: {change}" if verdict in ("better", "worse") else change

    def how(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.measure is not None and not self.look.quiet:
                self.line(f"{row.title}: {row.measure.how}", "dim", indent=2)
        if not self.look.quiet:
            self.line()

    def unchanged(self, report: Report, moved: int) -> None:
        left = len(tables.rest(report)) - moved
        if left and not self.look.quiet:
            self.line(
                f"{left} more measures without a change that could be told (--output-format json has them)",
                "dim",
            )
            self.line()

    def checklist(self, report: Report) -> None:
        marks = {True: ("v", "green"), False: ("x", "red"), None: ("-", "dim")}
        if not self.look.ascii:
            marks = {True: ("✓", "green"), False: ("✗", "red"), None: ("-", "dim")}
        self.line("Checklist of after", "bold")
        for check in tables.checklist(report):
            mark, style = marks[check.holds]
            said = Text.assemble((f"{mark} ", style), self.text(check.title))
            if check.text:
                said.append_text(self.text(f"  {check.text}", "dim"))
            self.console.print(Padding(said, (0, 0, 0, 2), expand=False))
        self.line()

    def stages(self, report: Report) -> None:
        for result in report.results:
            if result.status == FAILED:
                self.line(f"{result.stage} failed: {result.reason}", "red")
            elif result.status == SKIPPED:
                self.line(f"{result.stage} skipped: {result.reason}", "yellow")
            for note in result.notes[:NOTE_LINES]:
                self.line(f"{result.stage}: {note}", indent=2)
            if len(result.notes) > NOTE_LINES:
                self.line(f"{result.stage}: {len(result.notes) - NOTE_LINES} more notes", "dim", indent=2)
        if any(result.status != "passed" or result.notes for result in report.results):
            self.line()

    def gates(self, report: Report) -> None:
        for gate in report.gates:
            style, word = ("green", "holds") if gate.holds else ("red", "broken")
            self.line(f"gate {gate.name} {word}: {gate.text}", style)
        if report.gates:
            self.line()

    def each(self, report: Report) -> None:
        for effect in report.each:
            self.line(f"{effect.code} {effect.name} alone: {'; '.join(effect.fixes)}", "bold")
            moved = report.moved(effect)
            for title, change in moved:
                verdict = words.MARKS[change.verdict]
                said = f"{title}: {verdict}: {words.change(change, self.look.ascii)}"
                self.line(said, STYLES[verdict], indent=2)
            for failure in effect.failed:
                self.line(failure, "red", indent=2)
            if not effect.failed and not moved:
                self.line("no measurable change", "dim", indent=2)
        if report.each:
            self.line()

    def earlier(self, report: Report) -> None:
        from bpopt.verify import compare

        if report.earlier is not None:
            self.line(f"Against the result of {report.earlier.get('date', '?')}", "bold")
            for text in compare.sentences(report):
                self.line(text, indent=2)
            self.line()

    def machine(self, report: Report) -> None:
        machine, settings = report.machine, report.settings
        parts = [
            f"{machine['cores']} cores ({machine['processor'] or machine['machine']})",
            machine["system"],
            f"load {machine['load_before']} to {machine.get('load_after')}",
            f"Python {machine['python']}",
            *(f"{name} {version}" for name, version in machine["packages"].items()),
            f"seed {settings['seed']}",
            f"traffic {settings['traffic']['hash']}",
            f"took {words.value(report.seconds, 's')}",
        ]
        self.line(", ".join(parts), "dim")

"""The report in the terminal: the answer, a row for each configuration, the front as a chart, what was not tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from bpopt.output.shown import safe
from bpopt.tune import deciding, front
from bpopt.tune.report import sentences
from bpopt.tune.standings import GOAL
from bpopt.verify import words
from bpopt.verify.formats.screen import Screen, shown

if TYPE_CHECKING:
    from bpopt.output import Look
    from bpopt.tune.report import Report
    from bpopt.tune.standings import Standing

SHOWN = 12  # rows of the table; --output-format json has all
STYLES = {"better": "green", "worse": "red"}


def render(report: Report, look: Look) -> str:
    """The report for a terminal `look.width` columns wide."""
    return shown(look, lambda console: _Screen(console, look).show(report))


class _Screen(Screen):
    def show(self, report: Report) -> None:
        if not self.look.quiet:
            self.line(
                f"{report.app}: {report.resources.title}, {report.clients} clients, for {report.objective.title}"
            )
            for note in report.notes:
                self.line(f"note: {note}", "yellow", indent=2)
            self.rows(report)
            self.chart(report)
            self.left(report)
        for number, text in enumerate(sentences(report, self.look.ascii)):
            self.line(text, "bold" if not number else "")
        if not self.look.quiet:
            if report.diff:
                self.line("--apply writes it: " + ", ".join(_files(report.diff)), "dim")
            self.machine(report)

    def rows(self, report: Report) -> None:
        grid = Table(
            box=box.ASCII2 if self.look.ascii else box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
        )
        grid.add_column("workers x threads", no_wrap=True)
        for title in ("requests/s", "p95", "memory", "peak"):
            grid.add_column(title, justify="right", no_wrap=True)
        grid.add_column(report.objective.name)
        order = sorted(report.standings, key=lambda s: (bool(deciding.barred(s, report.objective)), -s.score))
        if order:
            grid.add_row(*self.control(report, order[0]))
        for standing in order[:SHOWN]:
            grid.add_row(*self.row(report, standing))
        self.console.print(grid)
        if len(order) > SHOWN:
            self.line(f"{len(order) - SHOWN} more, all behind these (--output-format json has them)", "dim")

    def control(self, report: Report, any_standing: Standing) -> list[Text]:
        """The row of what the app has: the control of the rounds."""
        longest = max(report.standings, key=lambda s: len(s.rounds), default=any_standing)
        found = {name: change.before for name, change in longest.changes.items()}
        cells = [words.value(found[name], unit, name) if name in found else "-" for name, unit in _COLUMNS]
        peak = words.value(report.peak(report.current), "B", "memory")
        return [Text(f"  {report.current.short} (now)", style="bold"), *map(Text, (*cells, peak, ""))]

    def row(self, report: Report, standing: Standing) -> list[Text]:
        """The row of one configuration; instead of the objective the reason why it is out of the question."""
        cells = [
            words.value(standing.figure(name), unit, name) if standing.changes else "-"
            for name, unit in _COLUMNS
        ]
        peak = words.value(report.peak(standing.candidate), "B", "memory")
        barred = deciding.barred(standing, report.objective)
        if barred:
            said = Text(safe(barred, self.look.ascii), style="red")
        else:
            change = standing.changes[GOAL]
            said = Text(
                words.change(change, self.look.ascii), style=STYLES.get(words.MARKS[change.verdict], "")
            )
        chosen = standing.candidate == report.decision.chosen
        mark = "* " if chosen else "  "
        title = Text(f"{mark}{standing.candidate.short}", style="bold" if chosen else "")
        return [title, *map(Text, (*cells, peak)), said]

    def chart(self, report: Report) -> None:
        for line in front.drawn(report, self.look.width - 2, self.look.ascii):
            self.line(line)

    def left(self, report: Report) -> None:
        if report.left:
            self.line("Not tried", "bold")
        for left in report.left:
            self.line(f"{left.candidate.title}: {left.why}", "dim", indent=2)
        self.line()

    def machine(self, report: Report) -> None:
        machine, settings = report.machine, report.settings
        parts = [
            f"{machine['cores']} cores ({machine['processor'] or machine['machine']})",
            machine["system"],
            f"load {machine['load_before']} to {machine.get('load_after')}",
            f"Python {machine['python']}",
            *(f"{name} {version}" for name, version in machine["packages"].items()),
            f"{settings['rounds']} measurements of {settings['requests']} requests",
            f"took {words.value(report.seconds, 's')}",
        ]
        self.line(", ".join(parts), "dim")


_COLUMNS = (("throughput", "1/s"), ("p95", "s"), ("memory", "B"))


def _files(text: str) -> list[str]:
    return [line.split("b/", 1)[1] for line in text.splitlines() if line.startswith("+++ b/")]

"""The source frame of a finding: numbered lines, marks under what is meant, a text at each second place.

Only marked lines are shown. The lines around them are often settings, and a report ends up in public logs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.output.places import region, visible
from bpopt.output.shown import safe, width, wrap
from bpopt.output.style import paint
from bpopt.output.view import View
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.output import Look
    from bpopt.text import Source, Span

# Of a span over more lines than these and two more, so many first ones are shown, and the last.
HEAD = 3
LEAST_ROOM = 20


class Mark(NamedTuple):
    """A span in lines (from 1) and columns (from 0, `stop` not included), with its text."""

    first: int
    last: int
    start: int
    stop: int
    text: str
    primary: bool

    @property
    def lines(self) -> Iterable[int]:
        """The lines to show."""
        if self.last - self.first <= HEAD + 1:
            return range(self.first, self.last + 1)
        return (*range(self.first, self.first + HEAD), self.last)

    def on(self, number: int, line: str) -> tuple[int, int]:
        """The characters it covers of one line."""
        start = self.start if number == self.first else len(line) - len(line.lstrip())
        return start, max(self.stop if number == self.last else len(line), start)


def mark(source: Source, span: Span, text: str, primary: bool) -> Mark:
    """The mark of a span; a line end at the end of a span is not a line of its own."""
    line, column, last, stop = region(source, visible(source, span))
    return Mark(line, last, column - 1, stop - 1, text, primary)


class Frame:
    """Draws the marks of one source; `digits` is the width of line numbers, `style` the primary mark's."""

    def __init__(self, source: Source, marks: list[Mark], digits: int, style: str, look: Look) -> None:
        self.source, self.marks, self.digits, self.style, self.look = source, marks, digits, style, look
        # One span over several lines is a bracket at the left; further ones are underlined line by line.
        self.tall = next((m for m in marks if m.first != m.last), None)
        self.room = max(look.width - digits - 3 - (2 if self.tall else 0), LEAST_ROOM)

    def rows(self) -> Iterator[str]:
        """The lines of the drawing."""
        if len(self.marks) == 1 and not self.tall and not self.marks[0].text:
            line = self.source.line_at(self.marks[0].first)
            if len(line) < self.room and line.isascii() and line.isprintable():
                return iter(self._simple(line, self.marks[0]))
        return self._rows()

    def _simple(self, line: str, m: Mark) -> tuple[str, str]:
        """One plain line with one mark, as most are."""
        under = paint(self.look, self._style(m), ("^" if m.primary else "-") * max(m.stop - m.start, 1))
        return (self._edge(str(m.first)) + line).rstrip(), self._edge("") + " " * m.start + under

    def _rows(self) -> Iterator[str]:
        previous = 0
        for number in sorted({number for m in self.marks for number in m.lines}):
            if previous and number != previous + 1:
                dots = paint(self.look, "frame", "...") + " " * self.digits
                yield (dots + self._bar(self._inside(number))).rstrip()
            yield from self._line(number)
            previous = number

    def _line(self, number: int) -> Iterator[str]:
        line = self.source.line_at(number)
        here = [
            (*m.on(number, line), m) for m in self.marks if m is not self.tall and m.first <= number <= m.last
        ]
        ends = [at for start, stop, _ in here for at in (start, stop)] or self._tall_focus(number)
        view = View(line, self._focus(here, ends), self.room, self.look.ascii)
        opens = self._opens_at_margin(number, line)
        gutter = "/" if opens else self._inside(number)
        yield (self._edge(str(number)) + self._bar(gutter) + view.text).rstrip()
        cells = [(view.column(start), view.column(stop), m) for start, stop, m in here]
        if cells:
            yield from self._underlines(cells, number)
        if self.tall and number == self.tall.first and not opens:
            yield self._corner(view.column(self.tall.start), " ", "")
        if self.tall and number == self.tall.last:
            yield self._corner(max(view.column(self.tall.stop) - 1, 0), "|", self.tall.text)

    def _focus(self, here: list[tuple[int, int, Mark]], ends: list[int]) -> tuple[int, int]:
        """All marks of a line if they fit, else the primary one."""
        if max(ends) - min(ends) <= self.room - 6:
            return min(ends), max(ends)
        return next(((start, stop) for start, stop, m in here if m.primary), (min(ends), max(ends)))

    def _tall_focus(self, number: int) -> list[int]:
        assert self.tall is not None
        return [
            self.tall.start
            if number == self.tall.first
            else self.tall.stop
            if number == self.tall.last
            else 0
        ]

    def _underlines(self, cells: list[tuple[int, int, Mark]], number: int) -> Iterator[str]:
        row: dict[int, tuple[str, str]] = {}
        for start, stop, m in sorted(cells, key=lambda cell: cell[2].primary):
            for column in range(start, max(stop, start + 1)):
                row[column] = ("^", self.style) if m.primary else ("-", "label")
        texts = [(start, m) for start, _, m in cells if m.text and number == m.last]
        texts.sort(key=lambda item: -item[0])
        painted, tail = self._paint(row), ""
        if texts and self._fits(texts[0], row):
            tail = " " + paint(self.look, self._style(texts[0][1]), safe(texts[0][1].text, self.look.ascii))
            texts = texts[1:]
        yield self._edge("") + self._bar(self._inside(number)) + painted + tail
        yield from self._hanging(texts, number)

    def _fits(self, text: tuple[int, Mark], row: dict[int, tuple[str, str]]) -> bool:
        """Whether a label can stand beside its own mark, being the last one of the line."""
        start, m = text
        last = max(row)
        own = all(row.get(column, ("", ""))[1] == self._style(m) for column in range(start, last + 1))
        return own and last + 2 + width(safe(m.text, self.look.ascii)) <= self.room

    def _hanging(self, texts: list[tuple[int, Mark]], number: int) -> Iterator[str]:
        """Labels under their marks, the rightmost first, a bar down to each."""
        edge = self._edge("") + self._bar(self._inside(number))
        if texts:
            yield edge + self._paint({start: ("|", self._style(m)) for start, m in texts})
        for index, (start, m) in enumerate(texts):
            bars = {at: ("|", self._style(other)) for at, other in texts[index + 1 :]}
            words = safe(m.text, self.look.ascii)
            column = min(start, max(0, self.room - max(width(words), 1), 0))
            column = start if self.room - start >= min(width(words), LEAST_ROOM) else column
            for line in wrap(words, self.room - column):
                left = self._paint({at: cell for at, cell in bars.items() if at < column - 1}, column)
                yield edge + left + paint(self.look, self._style(m), line)

    def _paint(self, row: dict[int, tuple[str, str]], size: int = 0) -> str:
        """Cells at their columns, neighbours of one style in one sequence."""
        out, run, style = "", "", ""
        for column in range(max([*row, size - 1]) + 1):
            char, its = row.get(column, (" ", ""))
            if its != style:
                out, run, style = out + paint(self.look, style, run), "", its
            run += char
        return out + paint(self.look, style, run)

    def _corner(self, column: int, edge: str, text: str) -> str:
        """The line that leads from the bracket to where its span begins or ends."""
        style = self.style if self.tall is not None and self.tall.primary else "label"
        tip = "^" if style == self.style else "-"
        words = f" {safe(text, self.look.ascii)}" if text else ""
        return self._edge("") + paint(self.look, style, f"{edge}{'_' * (column + 1)}{tip}{words}")

    def _opens_at_margin(self, number: int, line: str) -> bool:
        return self.tall is not None and number == self.tall.first and not line[: self.tall.start].strip()

    def _inside(self, number: int) -> str:
        return "|" if self.tall is not None and self.tall.first < number <= self.tall.last else " "

    def _bar(self, gutter: str) -> str:
        if self.tall is None:
            return ""
        return paint(self.look, self.style if self.tall.primary else "label", gutter) + " "

    def _style(self, m: Mark) -> str:
        return self.style if m.primary else "label"

    def _edge(self, number: str) -> str:
        return paint(self.look, "frame", f"{number:>{self.digits}} |") + " "

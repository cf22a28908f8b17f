"""One source line as it fits the terminal: safe characters, tabs widened, cut around what matters."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from bpopt.output.shown import show, width

if TYPE_CHECKING:
    from collections.abc import Sequence


class View:
    """A line's visible part: `text` is safe to print, `column` tells where a character stands in it.

    `focus` is the range of characters to be seen if they fit into `room` columns, its start in any case.
    """

    def __init__(self, line: str, focus: tuple[int, int], room: int, ascii_only: bool = False) -> None:
        self._at: Sequence[int] = range(len(line) + 1)
        if len(line) < room and line.isascii() and line.isprintable():  # as most lines are
            self.text = line
            self._first, self._low, self._size, self._lead = 0, 0, len(line), ""
            return
        dots = "..." if ascii_only else "…"
        start, stop = min(focus[0], len(line)), min(max(focus), len(line))
        stop = min(stop, start + 2 * room)
        # A line may have megabytes: only what can possibly be seen is measured.
        self._first = max(0, start - room)
        cells, self._at = _cells(line[self._first : stop + room], ascii_only)
        low, high = 0, len(cells)
        whole = self._first == 0 and stop + room >= len(line) and self._at[-1] < room
        if not whole:
            low, high = self._window(start - self._first, stop - self._first, room - 2 * len(dots))
        self._low = self._at[low]
        self._size = self._at[high] - self._low
        self._lead = dots if self._first + low > 0 else ""
        tail = dots if self._first + high < len(line) else ""
        self.text = self._lead + "".join(cells[low:high]) + tail

    def column(self, index: int) -> int:
        """The column (from 0) of a character of the line; what is cut off counts as the nearest edge."""
        inside = min(max(index - self._first, 0), len(self._at) - 1)
        return len(self._lead) + min(max(self._at[inside] - self._low, 0), self._size)

    def _window(self, start: int, stop: int, room: int) -> tuple[int, int]:
        """The first and last cell to show, so that the focus has about as much around it on both sides."""
        at = self._at
        stop = max(stop, min(start + 1, len(at) - 1))  # an empty focus still shows the character it is at
        lead = max((room - (at[stop] - at[start])) // 2, room // 8)
        left = min(at[start] - lead, at[-1] - room)
        low = min(bisect_right(at, max(left, 0) - 1), start)
        high = max(bisect_right(at, at[low] + room) - 1, low)
        return low, high


def _cells(part: str, ascii_only: bool) -> tuple[Sequence[str], Sequence[int]]:
    """What stands for each character, and the column at which each begins, that after the last included."""
    if part.isascii() and part.isprintable():
        return part, range(len(part) + 1)
    cells = [show(char, ascii_only) for char in part]
    return cells, [0, *accumulate(width(cell) for cell in cells)]

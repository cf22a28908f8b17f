"""Plain lines for terminals: wrapped to the width, coloured where that is wanted."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from bpopt.output.style import STYLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.output import Look


class Paint:
    """Colours for one look; without colour every method gives the text back."""

    def __init__(self, look: Look) -> None:
        self.look = look

    def __call__(self, style: str, text: str) -> str:
        """Text in the style of a role (see `output.style`)."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.look.color and text else text

    def frame(self, text: str) -> str:
        """Line numbers, bars and arrows."""
        return self("frame", text)

    @property
    def width(self) -> int:
        """The columns that text may fill."""
        return self.look.width


def wrapped(
    text: str, paint: Paint, *, lead: str = "", style: str = "strong", indent: str = "    "
) -> Iterator[str]:
    """A paragraph; `lead` is how it begins, and has the style."""
    lines = wrap(text, paint.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(lines or [""]):
        if number == 0 and lead and line.startswith(lead):
            line = paint(style, lead) + line[len(lead) :]
        yield line


def field(name: str, value: str, paint: Paint, pad: str = "") -> Iterator[str]:
    """One `= name: value` as findings have them; further lines stand under the value."""
    lead = f"{pad} = {name}: "
    for number, part in enumerate(value.split("\n")):
        lines = wrap(part, max(20, paint.width - len(lead)), break_long_words=False, break_on_hyphens=False)
        for row, line in enumerate(lines or [""]):
            first = number == 0 and row == 0
            yield (
                f"{pad} {paint.frame('=')} {paint('strong', name + ':')} {line}"
                if first
                else " " * len(lead) + line
            )

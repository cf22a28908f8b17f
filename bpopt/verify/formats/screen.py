"""What the reports in a terminal share: a console of the width and colours that are wanted, and lines on it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bpopt.output.shown import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from bpopt.output import Look


def shown(look: Look, show: Callable[[Console], None]) -> str:
    """What `show` prints on a console `look.width` columns wide, without blanks at the ends of lines."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=look.width,
        force_terminal=look.color,
        color_system="standard" if look.color else None,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    show(console)
    return "".join(f"{line.rstrip(' ')}\n" for line in out.getvalue().splitlines())


class Screen:
    """Prints lines of text that may come from an app."""

    def __init__(self, console: Console, look: Look) -> None:
        self.console, self.look = console, look

    def text(self, text: str, style: str = "") -> Text:
        """Text that is safe to print, no markup."""
        return Text(safe(text, self.look.ascii), style=style)

    def line(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """A line, or a paragraph that is indented whole."""
        one = self.text(text, style)
        self.console.print(Padding(one, (0, 0, 0, indent), expand=False) if indent else one)

"""A line on standard error that shows how far long work is."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bpopt.cli import tell
from bpopt.cli.request import Request, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def shown(request: Request) -> Iterator[Callable[[float, str], None]]:
    """A line that shows how far things are: moving on a terminal, now and then elsewhere, none with --quiet."""
    if request.quiet or not sys.stderr.isatty():
        yield _now_and_then(request.quiet)
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        width = look(request).width - 4

        def update(_: float, text: str) -> None:
            from rich.text import Text

            status.update(Text("".join(c if c.isprintable() else " " for c in text)[:width]))

        yield update


def _now_and_then(quiet: bool) -> Callable[[float, str], None]:
    """Progress for logs: a line every half minute."""
    told = [0.0]

    def update(seconds: float, text: str) -> None:
        if not quiet and seconds - told[0] >= 30 and "asking" not in text:
            told[0] = seconds
            tell(text[:160])

    return update

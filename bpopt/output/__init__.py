"""The formats a report can take; each module has `render(results, look) -> Iterator[str]`.

Rendering is a stream: one app's text is written before the next app is checked, so that memory stays flat.
No format decides the exit code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.engine import AppResult

FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown")


class Look(NamedTuple):
    """How a report is to look.

    `width` is in columns. `color` allows escape sequences, `links` hyperlinks among them (so links need
    colour). `quiet` leaves out all but the findings. `show_suppressed` shows silenced findings too. `ascii`
    keeps to ASCII, for terminals and encodings that have no more. `now` (ISO, no zone) stands for the clock
    in formats that must tell the time.
    """

    width: int = 80
    color: bool = False
    links: bool = False
    quiet: bool = False
    show_suppressed: bool = False
    ascii: bool = False
    now: str = ""


def render(name: str, results: Iterable[AppResult], look: Look) -> Iterator[str]:
    """The chunks of a report in the format of that name."""
    from importlib import import_module

    chunks: Iterator[str] = import_module(f"bpopt.output.{name}").render(results, look)
    return chunks

"""How a run of tune is shown; each module has `render(report, look) -> str`, made from the report alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.output import Look
    from bpopt.tune.report import Report

FORMATS = ("table", "json", "html")


def render(name: str, report: Report, look: Look) -> str:
    """The whole text of a report in the format of that name."""
    from importlib import import_module

    text: str = import_module(f"bpopt.tune.formats.{name}").render(report, look)
    return text

"""Regular expressions that are compiled when they are first asked.

Compiling one costs 40 to 500 microseconds, more than most rules take, and a run asks a third of the eighty in the
modules that it imports. A module writes `Pattern` where others write `re.compile`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

__all__ = ["Pattern"]

if TYPE_CHECKING:
    from re import compile as Pattern
else:

    class Pattern:
        """Stands for what `re.compile` gives; functions of `re` do not take it in a pattern's place."""

        def __init__(self, text: str | bytes, flags: int = 0) -> None:
            self._given = text, flags

        def __getattr__(self, name: str) -> Any:
            """Ask the compiled pattern, and keep its answer as an attribute, which is found faster."""
            value = getattr(re.compile(*self._given), name)
            setattr(self, name, value)
            return value

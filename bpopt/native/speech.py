"""Source text that opens libraries by name, or starts programs."""

from __future__ import annotations

from bpopt.patterns import Pattern

# Wide on purpose: what has none of these certainly does neither by itself.
_OPENS = Pattern(
    rb"\b(?:CDLL|PyDLL|find_library|dlopen|LoadLibrary|load_library|cdll|libloader|gi\.repository)\b"
)
_RUNS = Pattern(
    rb"\b(?:subprocess|Popen|os\.system|os\.popen|os\.exec\w+|os\.spawn\w+|create_subprocess\w*)\b"
)


def opens(text: bytes) -> bool:
    """Tell whether a source speaks of opening libraries by name."""
    return _OPENS.search(text) is not None


def runs(text: bytes) -> bool:
    """Tell whether a source speaks of running programs."""
    return _RUNS.search(text) is not None

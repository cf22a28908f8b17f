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


# What any match holds: most sources have none of it, which a search for plain words shows sooner than a pattern.
_OPENING = (
    b"CDLL",
    b"PyDLL",
    b"find_library",
    b"dlopen",
    b"LoadLibrary",
    b"load_library",
    b"cdll",
    b"libloader",
    b"gi.repository",
)
_RUNNING = (b"subprocess", b"Popen", b"os.system", b"os.popen", b"os.exec", b"os.spawn")


def opens(text: bytes) -> bool:
    """Tell whether a source speaks of opening libraries by name."""
    return any(word in text for word in _OPENING) and _OPENS.search(text) is not None


def runs(text: bytes) -> bool:
    """Tell whether a source speaks of running programs."""
    return any(word in text for word in _RUNNING) and _RUNS.search(text) is not None

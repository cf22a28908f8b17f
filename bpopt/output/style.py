"""Colour and links as plain ANSI sequences; without colour not one of them is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.output import Look

# Select Graphic Rendition parameters by role; the bright ones read well on dark and light backgrounds.
STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "frame": "1;94",
    "label": "1;94",
    "strong": "1",
    "faint": "2",
    "safe": "32",
    "unsafe": "33",
    "display": "2",
    "added": "32",
    "removed": "31",
    "": "",
}

# What a severity is called where people read. Machines get the name that the settings use, `info`.
WORDS = {"error": "error", "warning": "warning", "info": "note"}

# How a fix says whether `bpopt fix` applies it, by its safety.
MARKERS = {"safe": "[fixable]", "unsafe": "[unsafe]", "display": "[manual]"}


def paint(look: Look, style: str, text: str) -> str:
    """The text in a style, as it is where there is no colour."""
    if not look.color or not STYLES[style] or not text.strip():
        return text
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def link(look: Look, url: str, text: str) -> str:
    """The text as a hyperlink (OSC 8), as it is where the terminal has none."""
    if not (look.color and look.links and url.startswith("http")):
        return text
    return f"\x1b]8;;{_address(url)}\x1b\\{text}\x1b]8;;\x1b\\"


def _address(url: str) -> str:
    """OSC 8 takes printable ASCII only."""
    from urllib.parse import quote

    return (
        url
        if url.isascii() and url.isprintable()
        else quote(url, safe=":/?#[]@!$&'()*+,;=%", errors="replace")
    )

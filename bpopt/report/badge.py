"""A badge with the status: a small SVG without fonts, scripts or network."""

from __future__ import annotations

from html import escape

_HEIGHT = 20
_PAD = 6
# Widths of letters of Verdana 11 px, by rough class; a badge is padded so that a pixel more or less shows nowhere.
_NARROW, _WIDE = "ijlI.,:;'|! ", "mwMW%@"
LABEL = "deployment"


def badge(percent: int) -> str:
    """The badge for a percentage: green from 90, amber above 50, red below."""
    color = "#2e7d32" if percent >= 90 else "#9a6700" if percent > 50 else "#b3261e"
    value = f"{percent}%"
    left, right = _width(LABEL), _width(value)
    total = left + right
    title = escape(f"{LABEL}: {value} in order by bpopt")
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{_HEIGHT}" role="img" aria-label="{title}">
<title>{title}</title>
<clipPath id="r{total}"><rect width="{total}" height="{_HEIGHT}" rx="3"/></clipPath>
<g clip-path="url(#r{total})"><rect width="{left}" height="{_HEIGHT}" fill="#444"/>\
<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{color}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">
<text x="{left / 2:g}" y="14">{LABEL}</text><text x="{left + right / 2:g}" y="14">{value}</text>
</g>
</svg>
"""


def _width(text: str) -> int:
    """The width of a text with its padding, in pixels."""
    return 2 * _PAD + round(sum(4 if c in _NARROW else 10.5 if c in _WIDE else 7 for c in text))

"""Texts as reports may show them: whatever may be a secret is blotted out, and nothing moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app import secrets
from bpopt.app.suspect import suspicious
from bpopt.patterns import Pattern
from bpopt.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bpopt.app import App

# user:password@, or a token alone, in an address; variables are left as they are.
_IN_ADDRESS = Pattern(
    r"://[^/@:\s\"'$<{]*:(?P<password>[^/@\s\"'$<{]{3,})@|://(?P<token>[0-9A-Za-z_-]{16,})@"
)
_ASSIGNED = Pattern(
    r"(?<![A-Za-z0-9_])(?P<name>[A-Za-z0-9_-]{3,})[\"']?[ \t]*(?:=>|[:=])[ \t]*[\"']?(?P<value>[^\s\"',;]+)"
)
_BEARER = Pattern(r"\b(?:Bearer|Basic)[ \t]+(?P<value>[0-9A-Za-z+/=._~-]{12,})")


def hide(text: str) -> str:
    """The text with what looks like a secret in stars, as long as before."""
    if not suspicious(text):
        return text
    spans = [match.span() for pattern, _ in secrets.SHAPES for match in pattern.finditer(text)]
    spans += [match.span(match.lastgroup or 0) for match in _IN_ADDRESS.finditer(text)]
    spans += [match.span("value") for match in _BEARER.finditer(text)]
    for match in _ASSIGNED.finditer(text):
        if secrets.named(match["name"].replace("-", "_"), match["value"]):
            spans.append(match.span("value"))
    return _blotted(text, spans)


def veiled(app: App, source: Source) -> Source:
    """A file as reports may show it: values of settings that may be secrets, and all that looks like one, in stars."""
    spans = [
        placed.setting.value_span
        for placed in app.settings_of(source)
        if placed.setting.secret or secrets.looks_secret(placed.name, placed.value or "")
    ]
    text = hide(_blotted(source.text, spans))
    return source if text == source.text else Source(source.path, source.encode(text))


def _blotted(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            begin = max(start, at)
            parts += [text[at:begin], blot(text[begin:end])]
            at = end
    return "".join(parts) + text[at:] if parts else text


def blot(text: str) -> str:
    """As many stars as characters; quotes and line ends stay."""
    return "".join(char if char in "\r\n\"'" else "*" for char in text)

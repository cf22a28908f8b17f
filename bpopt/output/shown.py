"""Text from files, made safe to show, and measured in terminal columns.

Whatever a file holds, a terminal must not obey it: control characters, invisible and direction-changing ones
and bytes that are no UTF-8 are shown by name. What is printable stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.finding import Fix

TAB = "    "


def show(char: str, ascii_only: bool = False) -> str:
    """What stands for one character of a source line."""
    if char.isprintable():
        return char if char.isascii() or not ascii_only else _named(char)
    if char == "\t":
        return TAB
    if not ascii_only and (char < " " or char == "\x7f"):
        return chr(0x2421 if char == "\x7f" else 0x2400 + ord(char))
    return _named(char)


def safe(text: str, ascii_only: bool = False) -> str:
    """A message, title or path on one line: printable characters only."""
    if text.isprintable() and (not ascii_only or text.isascii()):
        return text
    text = text.replace("\r\n", "\n")
    return "".join(" " if char in "\t\n\r" else show(char, ascii_only) for char in text)


def encodable(text: str) -> str:
    """Text that UTF-8 can hold: bytes that are no UTF-8 become `\\xNN`, other surrogates `\\uNNNN`."""
    if text.isascii():
        return text
    return "".join(_named(char) if "\ud800" <= char <= "\udfff" else char for char in text)


def width(text: str) -> int:
    """The columns that a safe text takes: two for wide characters, none for those that combine."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1 for char in text
    )


def wrap(text: str, limit: int, first: int = 0, indent: int = 0) -> list[str]:
    """Break a safe text into lines of at most `limit` columns where words allow; no word is broken.

    `first` columns of the first line and `indent` of the others are taken by what the caller puts there.
    """
    words = text.split()
    whole = " ".join(words)
    if first + width(whole) <= limit:
        return [whole]
    lines: list[str] = []
    line, used = "", first
    measure = len if whole.isascii() else width
    for word in words:
        need = measure(word)
        if line and used + 1 + need > limit:
            lines.append(line)
            line, used = "", indent
        used += need + (1 if line else 0)
        line = f"{line} {word}" if line else word
    lines.append(line)
    return lines


def _named(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}" if code < 0xA0 else f"\\u{code:04x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def without_secrets(fix: Fix) -> Fix:
    """The fix as a report may show it: one whose text holds a secret is advice, with stars in its place."""
    from bpopt.app.suspect import suspicious

    if not any(suspicious(text) for text in [*(e.text for e in fix.edits), *(n.text for n in fix.creates)]):
        return fix
    from bpopt.app.veil import hide
    from bpopt.finding import Safety

    edits = tuple(edit._replace(text=hide(edit.text)) for edit in fix.edits)
    creates = tuple(new._replace(text=hide(new.text)) for new in fix.creates)
    if edits == fix.edits and creates == fix.creates:
        return fix
    reason = "its text holds a secret, which is not shown; bpopt fix writes it whole"
    return fix._replace(edits=edits, creates=creates, safety=Safety.DISPLAY, reason=reason)

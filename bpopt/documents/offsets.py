"""From offsets in UTF-8 bytes, which grammars and Python's ast count in, to offsets in characters."""

from __future__ import annotations

from bisect import bisect_right


class ByteOffsets:
    """The character offset of each byte offset of one text, in logarithmic time.

    Bytes that are not UTF-8 (surrogate escapes in the text) count as the one byte they are.
    """

    __slots__ = ("after", "extra")

    def __init__(self, text: str) -> None:
        self.after: list[int] = []  # byte offset behind each character that is longer than one byte
        self.extra: list[int] = [0]  # bytes minus characters up to there
        if not text.isascii():
            self._index(text)

    def _index(self, text: str) -> None:
        from re import finditer

        surplus = 0
        for match in finditer("[^\0-\x7f\udc80-\udcff]", text):
            code = ord(match[0])
            surplus += 1 if code < 0x800 else 2 if code < 0x10000 else 3
            self.after.append(match.end() + surplus)
            self.extra.append(surplus)

    def at(self, byte: int) -> int:
        """The character offset of the character that begins at this byte."""
        return byte - self.extra[bisect_right(self.after, byte)] if self.after else byte

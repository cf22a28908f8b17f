"""What git has in its index: the files that a push carries for certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.once import once

if TYPE_CHECKING:
    from bpopt.app import App

_OTHER_INDEX = (b"sha256", b"sparse")
_ENTRY = 62  # bytes of an index entry before its path, https://git-scm.com/docs/index-format


@once
def tracked(app: App) -> frozenset[str] | None:
    """The paths in git's index, None unless the app is the top of a repository whose index can be read.

    An index of version 4, with longer hashes, or of which a part lies elsewhere, is not read.
    """
    raw = app.files.read(".git/index")
    if raw is None or raw[:4] != b"DIRC" or int.from_bytes(raw[4:8], "big") not in (2, 3):
        return None
    config = (app.files.read(".git/config") or b"").lower()
    if any(word in config for word in _OTHER_INDEX):
        return None
    at, paths = 12, []
    for _ in range(int.from_bytes(raw[8:12], "big")):
        extended = raw[at + 60 : at + 61] >= b"\x40" and raw[at + 60] & 0x40
        start = at + _ENTRY + (2 if extended else 0)
        end = raw.find(b"\0", start)
        if end < 0:
            return None
        paths.append(raw[start:end].decode("utf-8", "surrogateescape"))
        at += (end - at + 8) // 8 * 8  # padded by 1 to 8 NUL bytes
    return frozenset(paths) if raw[at : at + 4] != b"link" else None

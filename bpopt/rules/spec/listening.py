"""On which port a web command listens, where that is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app import servers
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.app import App
    from bpopt.app.web import Web
    from bpopt.documents.command import Word
    from bpopt.text import Span

# Development servers that `bpopt.app.servers` leaves to the rule about them, and their options for a port.
_OPTIONS = {"flask": ("-p", "--port"), "granian": ("--port",)}


class Listening(NamedTuple):
    """A port, and where it is written; `span` is empty where it is the server's default."""

    port: int
    span: Span


def of(web: Web, app: App) -> Listening | None:
    """The port of a web command, None where it follows the environment, is local only or is not certain."""
    if servers.behind_proxy(web):
        return None
    found = servers.listening(web, app)
    if found:
        first = found[0]
        sure = all(a.port is not None and a.port.isdigit() and not a.local for a in found)
        return Listening(int(first.port or 0), first.port_span) if sure else None
    words = web.final.words
    if web.final.program in ("python", "python3"):
        return _runserver(words)
    for option in _OPTIONS.get(web.final.program or "", ()):
        for at, word in enumerate(words[1:], 1):
            value = _value(word, option, words[at + 1] if at + 1 < len(words) else None)
            port = _port(value[0]) if value else None
            if value and port is not None:
                return Listening(port, value[1])
    return None


def _value(word: Word, option: str, after: Word | None) -> tuple[str, Span] | None:
    if word.value == option and after is not None and after.value is not None:
        return after.value, after.span
    if word.value is not None and word.value.startswith(f"{option}="):
        return word.value.partition("=")[2], word.span
    return None


def _port(text: str) -> int | None:
    """The port of `8000`, `:8000` or `0.0.0.0:8000`."""
    digits = text.rpartition(":")[2]
    return int(digits) if digits.isdigit() and len(digits) <= 5 and "/" not in text else None


def _runserver(words: tuple[Word, ...]) -> Listening | None:
    values = [w.value for w in words]
    if "runserver" not in values:
        return None
    rest = words[values.index("runserver") + 1 :]
    address = next((w for w in rest if w.value and not w.value.startswith("-")), None)
    port = _port(address.value) if address is not None and address.value else None
    return Listening(port, address.span) if address is not None and port is not None else None

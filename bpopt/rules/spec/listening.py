"""On which port a web command listens, where the command says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bpopt.app.web import Web
    from bpopt.documents.command import Word
    from bpopt.text import Span

# Servers and their options that take a port, or an address with one.
_OPTIONS = {
    "uvicorn": ("--port",),
    "hypercorn": ("-b", "--bind"),
    "daphne": ("-p", "--port"),
    "waitress-serve": ("--port", "--listen"),
    "flask": ("-p", "--port"),
    "streamlit": ("--server.port",),
    "granian": ("--port",),
}


class Listening(NamedTuple):
    """A port that is written in a command, and where."""

    port: int
    span: Span


def of(web: Web) -> Listening | None:
    """The port of a web command, None where it follows the environment or is not certain."""
    if web.gunicorn is not None:
        bind = web.gunicorn.get("bind")
        if bind is None or bind.value is None or bind.value_span is None:
            return None
        port = _port(bind.value)
        return Listening(port, bind.value_span) if port is not None else None
    program, words = web.final.program or "", web.final.words
    if program in ("python", "python3"):
        return _runserver(words)
    for option in _OPTIONS.get(program, ()):
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
    address = next(
        (w for w in words[values.index("runserver") + 1 :] if w.value and not w.value.startswith("-")), None
    )
    port = _port(address.value) if address is not None and address.value else None
    return Listening(port, address.span) if address is not None and port is not None else None

"""Waiting for a server's first good answer, and the verdict if none comes: always one, always in time."""

from __future__ import annotations

import http.client
import select
import socket
from contextlib import suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import client, log

if TYPE_CHECKING:
    from bpopt.verify.server import Server
    from bpopt.verify.traffic import Traffic

LOOK = 0.05  # seconds between looks at the processes while an answer is awaited
LOOP = 5  # so many boots of every worker without one answer are a loop that never ends
PATIENT = 20.0  # seconds of nothing but answers of 500 and more, then the app is called broken
FEW = 10  # and at least so many of them


class Boot(NamedTuple):
    """How a start went: seconds to the first good answer, or in `reason` why there is none.

    `kind` is "up", "exited", "loop", "errors", "silent" or "forked"; `log` the end of what the server printed.
    """

    kind: str
    seconds: float
    reason: str = ""
    log: str = ""

    @property
    def up(self) -> bool:
        """Whether the server answers and its command runs."""
        return self.kind == "up"


def wait(server: Server, traffic: Traffic, deadline: float) -> Boot:
    """Ask the health path until it answers well; `deadline` in seconds from the server's start."""
    until, errors, status = server.began + deadline, 0, 0
    while monotonic() < until:
        answer = _ask_while_alive(server, traffic, until)
        if answer is not None and traffic.good(answer.status):
            return _up(server, answer.ended)
        if answer is not None and answer.status:
            errors, status = errors + 1, answer.status
            if errors >= FEW and monotonic() - server.began > min(PATIENT, deadline / 2):
                break
            sleep(0.1)
        failed = _ended(server) or _looping(server)
        if failed is not None:
            return failed
        sleep(0.005)
    if errors:
        return _down(server, "errors", f"answers {status} on {traffic.health} ({errors} times)")
    return _down(server, "silent", f"did not answer on {traffic.health} within {deadline:.0f} s")


def _up(server: Server, at: float) -> Boot:
    """An answer came; but the command must still be there, or the platform sees its container stop."""
    if server.exited is None:
        return Boot("up", at - server.began)
    running = len(server.pids())
    text = (
        f"its command returned (exit status {server.exited}) while {running} processes went on in the background: "
        "a platform sees the process end, and stops it"
    )
    return Boot("forked", at - server.began, text, log.tail(server.log()))


def _ask_while_alive(server: Server, traffic: Traffic, until: float) -> client.Answer | None:
    """One request; given up when the server ends, loops or the time is over. None without an answer."""
    try:
        opened = client.open_socket(server.port, 1.0)
    except OSError:
        return None
    with opened:
        began = monotonic()
        with suppress(OSError):
            opened.sendall(client.wire(traffic.asks_health))
        while monotonic() < until:
            ready, _, _ = select.select([opened], [], [], LOOK)
            if ready:
                return _read(opened, began)
            if _ended(server) is not None or _looping(server) is not None:
                return None
    return None


def _read(opened: socket.socket, began: float) -> client.Answer | None:
    opened.settimeout(5.0)
    try:
        response = http.client.HTTPResponse(opened)
        response.begin()
        return client.Answer(response.status, {}, response.read(), began, monotonic())
    except (OSError, http.client.HTTPException):
        return None


def _ended(server: Server) -> Boot | None:
    """The verdict if the command is over and nothing of it is left."""
    if server.exited is None or server.pids():
        return None
    how = f"exit status {server.exited}" if server.exited >= 0 else f"signal {-server.exited}"
    text = f"exited after {server.ended - server.began:.1f} s with {how}"
    if not server.exited:
        text += ", which says that all is well"
    return _down(server, "exited", text)


def _looping(server: Server) -> Boot | None:
    """The verdict if workers are started over and over while nothing answers."""
    booted = server.events().booted
    if booted < LOOP * max(2, server.command.workers):
        return None
    text = f"starts for ever: {booted} workers booted in {monotonic() - server.began:.0f} s and none answered"
    return _down(server, "loop", text)


def _down(server: Server, kind: str, text: str) -> Boot:
    printed = server.log()
    named, advice = log.error(printed), log.hint(printed)
    parts = [text, named if named and named not in advice else "", advice]
    return Boot(
        kind, monotonic() - server.began, ". ".join(part for part in parts if part), log.tail(printed)
    )

"""One HTTP request and its answer. A new connection each: so all workers get their share, as behind a router.

The standard library's client is the fastest that checks answers of the six compared (requests, httpx, aiohttp,
locust, wrk, http.client on threads; 2026-11-23), and takes the least CPU from the server beside it.
"""

from __future__ import annotations

import http.client
import socket
from time import monotonic
from typing import NamedTuple


class Sent(NamedTuple):
    """One request as it is sent. `entry` names its part of the traffic, `variant` which of that part's requests."""

    entry: str
    variant: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"{self.method} {self.path}" + (f" ({self.variant})" if self.variant else "")


class Answer(NamedTuple):
    """What came back, or in `error` why nothing did (then `status` is 0). Times are monotonic seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    began: float
    ended: float
    error: str = ""

    @property
    def seconds(self) -> float:
        """From sending to the last byte."""
        return self.ended - self.began


def ask(port: int, sent: Sent, timeout: float) -> Answer:
    """Send a request to 127.0.0.1:`port` and read the whole answer; never raises for what the server does.

    `timeout` in seconds holds for each wait on the network. The method of `sent` is sent as it is.
    """
    began = monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=max(timeout, 0.001))
    try:
        headers = dict(sent.headers)
        if sent.body or sent.method in ("POST", "PUT", "PATCH"):
            headers.setdefault("Content-Length", str(len(sent.body)))
        connection.request(sent.method, sent.path, sent.body or None, {**headers, "Connection": "close"})
        response = connection.getresponse()
        body = response.read()
        got = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, got, body, began, monotonic())
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(0, {}, b"", began, monotonic(), reason(error))
    finally:
        connection.close()


def reason(error: Exception) -> str:
    """Why there was no answer, in a person's words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, ConnectionResetError | BrokenPipeError | http.client.RemoteDisconnected):
        return "connection closed without an answer"
    if isinstance(error, http.client.IncompleteRead):
        return "answer cut short"
    return f"{type(error).__name__}: {error}"


def open_socket(port: int, timeout: float) -> socket.socket:
    """A bare connection, for clients that are slow or silent."""
    return socket.create_connection(("127.0.0.1", port), timeout)


def wire(sent: Sent) -> bytes:
    """A request as bytes on the wire."""
    lines = [f"{sent.method} {sent.path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in sent.headers]
    lines += [f"Content-Length: {len(sent.body)}"] if sent.body else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + sent.body

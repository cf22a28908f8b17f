"""Driving a server: closed loops (so many clients that ask and wait) and open loops (at times set beforehand).

Every answer is kept to be checked afterwards, so that checking takes no CPU from the server meanwhile.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import client
from bpopt.verify.client import Answer, Sent, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bpopt.verify.traffic import Traffic

PATIENCE = 30.0  # seconds for one answer: what Heroku's router allows
SLOW_PAUSE = 0.03  # seconds between the bytes of a slow client
OPEN_CLIENTS = 64  # at most so many requests of an open loop in flight; more wait, and their wait counts


class Exchange(NamedTuple):
    """A request, its answer, and when it was due (in a closed loop: when it was sent)."""

    sent: Sent
    answer: Answer
    due: float

    @property
    def seconds(self) -> float:
        """From when it was due to the last byte: a server that lets requests queue does not look better for it."""
        return self.answer.ended - self.due


class Unprepared(Exception):
    """A request that prepares a server was refused; the message says which and how."""


def prepare(port: int, traffic: Traffic) -> None:
    """Send what the traffic has to be sent first, in order."""
    for sent in traffic.prepare:
        answer = ask(port, sent, PATIENCE)
        if not 200 <= answer.status < 400:
            raise Unprepared(f"{sent.name} to prepare: {answer.error or f'status {answer.status}'}")


def one_by_one(port: int, requests: Iterable[Sent], timeout: float = PATIENCE) -> list[Exchange]:
    """Ask in order, each after the answer to the one before."""
    return [Exchange(sent, answer := ask(port, sent, timeout), answer.began) for sent in requests]


def closed(
    port: int,
    orders: list[Iterator[Sent]],
    timeout: float = PATIENCE,
    until: float = float("inf"),
    stop: Callable[[Exchange], bool] | None = None,
) -> list[Exchange]:
    """One client for each order, all beginning together; each ends with its order, at `until` or when `stop` says so.

    `until` is monotonic; a request in flight then still gets its answer, or its timeout.
    """
    found: list[Exchange] = []
    together = threading.Barrier(len(orders))
    over = threading.Event()

    def client_of(order: Iterator[Sent]) -> None:
        together.wait()
        for sent in order:
            if over.is_set() or monotonic() >= until:
                return
            answer = ask(port, sent, timeout)
            exchange = Exchange(sent, answer, answer.began)
            found.append(exchange)
            if stop is not None and stop(exchange):
                over.set()

    _in_threads([lambda order=order: client_of(order) for order in orders])  # type: ignore[misc]
    return found


def shared(requests: list[Sent], clients: int) -> list[Iterator[Sent]]:
    """Orders for so many clients that together send each request once, each taking the next."""
    lock, rest = threading.Lock(), iter(requests)

    def take() -> Iterator[Sent]:
        while True:
            with lock:
                sent = next(rest, None)
            if sent is None:
                return
            yield sent

    return [take() for _ in range(clients)]


def opened(
    port: int, requests: list[Sent], offsets: list[float], timeout: float = PATIENCE
) -> list[Exchange]:
    """Send each request at its offset in seconds, whether or not earlier ones were answered."""
    found: list[Exchange] = []
    lock, rest = threading.Lock(), iter(zip(offsets, requests, strict=True))
    began = monotonic()

    def client_of() -> None:
        while True:
            with lock:
                following = next(rest, None)
            if following is None:
                return
            due = began + following[0]
            sleep(max(0.0, due - monotonic()))
            found.append(Exchange(following[1], ask(port, following[1], timeout), due))

    _in_threads([client_of] * min(OPEN_CLIENTS, len(requests)))
    return found


def _in_threads(work: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one, daemon=True) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def beside_slow(port: int, slow: int, seconds: float, asked: Sent, timeout: float) -> list[Exchange]:
    """Ask `asked` again and again while `slow` clients take `seconds` to send the same, a few bytes at a time."""
    wire = client.wire(asked)
    steps = max(1, min(len(wire), int(seconds / SLOW_PAUSE)))

    def dribble() -> None:
        with suppress(OSError), client.open_socket(port, timeout) as one:
            for step in range(steps):
                one.sendall(wire[step * len(wire) // steps : (step + 1) * len(wire) // steps])
                sleep(seconds / steps)
            while one.recv(65536):
                pass

    return _beside([dribble] * slow, port, asked, seconds, timeout)


def beside_idle(port: int, idle: int, seconds: float, asked: Sent, timeout: float) -> list[Exchange]:
    """Ask `asked` again and again while `idle` connections are open for `seconds` and send nothing."""

    def hold() -> None:
        with suppress(OSError), client.open_socket(port, timeout):
            sleep(seconds)

    return _beside([hold] * idle, port, asked, seconds, timeout)


def _beside(
    others: list[Callable[[], None]], port: int, asked: Sent, seconds: float, timeout: float
) -> list[Exchange]:
    threads = [threading.Thread(target=other, daemon=True) for other in others]
    for thread in threads:
        thread.start()
    sleep(min(0.1, seconds / 4))
    until, found = monotonic() + seconds * 0.8, []
    while monotonic() < until:
        found += one_by_one(port, [asked], timeout)
        sleep(0.02)
    for thread in threads:
        thread.join()
    return found

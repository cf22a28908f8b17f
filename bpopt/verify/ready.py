"""A server that is up, has loaded all workers and holds what the traffic needs: what most stages begin with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import driving
from bpopt.verify.server import Server
from bpopt.verify.waiting import wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import ExitStack

    from bpopt.verify.driving import Exchange
    from bpopt.verify.model import Plan, Side
    from bpopt.verify.traffic import Traffic


class Down(Exception):
    """A side did not come up, or could not be prepared; the message says which and why."""


class Ready:
    """A context manager: the server of a side once it is up, settled and, if `prepared`, prepared."""

    def __init__(
        self, side: Side, plan: Plan, label: str = "", limit: int | None = None, prepared: bool = True
    ) -> None:
        self.server = Server(side, plan, label, limit)
        self.side, self.plan, self.prepared = side, plan, prepared

    def __enter__(self) -> Server:
        self.server.__enter__()
        try:
            boot = wait(self.server, self.plan.traffic, self.plan.deadline)
            if not boot.up:
                raise Down(f"{self.side.name} does not come up: {boot.reason}{self._killed()}")
            self.server.settle()
            if self.prepared:
                driving.prepare(self.server.port, self.plan.traffic)
        except driving.Unprepared as error:
            self.server.kill()
            raise Down(f"{self.side.name} could not be prepared: {error}") from None
        except BaseException:
            self.server.kill()
            raise
        return self.server

    def _killed(self) -> str:
        toll = self.server.toll()
        return (
            f"; {toll.kills} processes were killed by the memory limit"
            if toll is not None and toll.kills
            else ""
        )

    def __exit__(self, *_: object) -> None:
        self.server.kill()


class Started(NamedTuple):
    """Servers by name, what each answered to so many passes over the traffic, and why others did not come up."""

    servers: dict[str, Server]
    passes: dict[str, list[list[Exchange]]]
    downs: dict[str, Down]


def together(
    ready: Mapping[str, Ready], passes: Callable[[str], int], stack: ExitStack, most: int = 3
) -> Started:
    """Start servers, `most` at the same time, and ask each one request at a time; `stack` ends them."""
    started = Started({}, {}, {})

    def start(name: str) -> tuple[Server, list[list[Exchange]]]:
        server = ready[name].__enter__()
        return server, [one_pass(server, ready[name].plan.traffic) for _ in range(passes(name))]

    with ThreadPoolExecutor(most) as pool:
        starts = {name: pool.submit(start, name) for name in ready}
        for one in ready.values():
            stack.callback(one.__exit__)  # kills what runs, whether or not it came up
        for name, begun in starts.items():
            try:
                started.servers[name], started.passes[name] = begun.result()
            except Down as down:
                started.downs[name] = down
    return started


def one_pass(server: Server, traffic: Traffic) -> list[Exchange]:
    """Every request of the traffic once, in order."""
    return driving.one_by_one(server.port, (sent for entry in traffic.entries for sent in entry.sent))

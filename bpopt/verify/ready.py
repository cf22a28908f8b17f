"""A server that is up, has loaded all workers and holds what the traffic needs: what most stages begin with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bpopt.verify import driving
from bpopt.verify.server import Server
from bpopt.verify.waiting import wait

if TYPE_CHECKING:
    from collections.abc import Mapping
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


def together(sides: Mapping[str, Side], plan: Plan, stack: ExitStack) -> dict[str, Server]:
    """The servers of sides, by label, started at the same time; `stack` ends them. Down if one does not come up."""
    ready = {label: Ready(side, plan, label) for label, side in sides.items()}
    with ThreadPoolExecutor(len(ready)) as pool:
        starts = {label: pool.submit(one.__enter__) for label, one in ready.items()}
        for one in ready.values():
            stack.callback(one.__exit__)  # kills what runs, whether or not it came up
    return {label: start.result() for label, start in starts.items()}


def one_pass(server: Server, traffic: Traffic) -> list[Exchange]:
    """Every request of the traffic once, in order."""
    return driving.one_by_one(server.port, (sent for entry in traffic.entries for sent in entry.sent))

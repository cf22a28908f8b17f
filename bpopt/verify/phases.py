"""The phases of a round of load: what is sent, and what came back.

Each phase sends a fixed number of requests, the same ones in the same order to every side in a round, so that
what differs is the server and not the draw.
"""

from __future__ import annotations

from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from bpopt.verify import driving, traffic, words

if TYPE_CHECKING:
    from bpopt.verify.driving import Exchange
    from bpopt.verify.judging import Tally
    from bpopt.verify.log import Events
    from bpopt.verify.server import Server
    from bpopt.verify.traffic import Traffic

CLOSED, OPEN, REST, SLOW, IDLE = "closed", "open", "rest", "slow", "idle"
LOOPS = (CLOSED, REST)  # clients that ask and wait: all sides can be asked in turns
MOST = 4000  # requests of one phase
AT_REST = 5  # requests for the health check while nothing else is asked
OTHERS = 4  # slow clients, and idle connections
OTHERS_SECONDS = 0.3  # that they take
OTHERS_PART = 0.3  # seconds of a round for them: they are not in all rounds


class Phase(NamedTuple):
    """One phase. `level` is the number of clients, or the rate in requests per second (open)."""

    key: str
    title: str
    kind: str
    level: float
    requests: int


class Sample(NamedTuple):
    """What one phase gave on one side in one round.

    `elapsed` are the seconds in which that side was asked, `replaced` the processes that are new since its start.
    """

    exchanges: list[Exchange]
    tally: Tally
    elapsed: float
    cpu: float
    events: Events
    replaced: int


def choose(asked: Traffic, capacity: dict[int, float], seconds: float) -> tuple[Phase, ...]:
    """The phases that fill about so many seconds, for a server that does `capacity[clients]` requests a second.

    Where not even one turn of the mix each fits, the lower rates of the open loop are left out.
    """
    most = max(asked.concurrency)
    rates = sorted(rate * capacity[most] if rate <= 1 else rate for rate in asked.rates)
    speeds = {clients: capacity[clients] for clients in asked.concurrency}
    while len(rates) > 1 and sum(asked.cycle / s for s in (*speeds.values(), *rates)) > seconds - OTHERS_PART:
        rates.pop(0)
    part = max(0.1, seconds - OTHERS_PART) / (len(speeds) + len(rates) + 1)
    phases = [  # two parts for the most clients: that is the throughput that the table shows, and the noisiest figure
        Phase(f"closed{n}", _clients(n), CLOSED, n, _count(asked, speed * part * (2 if n == most else 1)))
        for n, speed in speeds.items()
    ]
    for number, rate in enumerate(rates, 1):
        phases.append(
            Phase(
                f"open{number}", f"{words.figures(rate)} requests/s", OPEN, rate, _count(asked, rate * part)
            )
        )
    phases.append(Phase("rest", "an idle server", REST, 1, AT_REST))
    phases.append(Phase("slow", f"{OTHERS} slow clients", SLOW, OTHERS, 0))
    phases.append(Phase("idle", f"{OTHERS} idle connections", IDLE, OTHERS, 0))
    return tuple(phases)


def _clients(clients: int) -> str:
    return f"{clients} client" + ("s" if clients > 1 else "")


def _count(asked: Traffic, wanted: float) -> int:
    """Whole turns of the mix, at least one."""
    return asked.cycle * max(1, round(min(wanted, MOST) / asked.cycle))


def capacity(server: Server, asked: Traffic, seed: int) -> dict[int, float]:
    """Requests per second that a server does for each number of clients, roughly: what phases are sized by."""
    found = {}
    for clients in asked.concurrency:
        count, rate, slow = asked.cycle, 0.0, 0
        while slow < 2 and count <= MOST:  # twice, since on a busy machine something may have been held up
            requests = list(islice(traffic.mix(asked, seed), count))
            began = monotonic()
            driving.closed(server.port, driving.shared(requests, clients))
            elapsed = monotonic() - began
            rate = max(rate, count / elapsed)
            slow += 2 if elapsed > 1.0 else elapsed > 0.25
            count *= 1 if slow else 4
        found[clients] = rate
    return found

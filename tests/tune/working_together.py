"""One of two processes on one study: takes trials until there are none, and prints what it took.

Run as `python -m tests.tune.working_together URL`; it "measures" for a moment and reports the number of workers.
"""

from __future__ import annotations

import json
import sys
from time import sleep

from bpopt.tune.candidates import Candidate
from bpopt.tune.rounds import Outcome
from bpopt.tune.store import Store

SPACE = tuple(Candidate(n) for n in range(1, 13))


def main() -> None:
    taken = []
    with Store(sys.argv[1], "together") as store:
        store.offer(0, "0.0", SPACE)
        while store.waiting() or store.running(0):
            for claim in store.claim(2, 0):
                sleep(0.05)
                taken.append(claim.candidate.workers)
                store.report(claim, Outcome(claim.candidate, "0.0", ()), float(claim.candidate.workers))
    print(json.dumps(taken))


if __name__ == "__main__":
    main()

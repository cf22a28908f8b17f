"""The search space as data: which configurations of gunicorn are tried, and why others are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SYNC, GTHREAD, GEVENT = "sync", "gthread", "gevent"
THREADS = (1, 2, 4, 8)
# Those that take --threads; all others do many requests at once in ways of their own.
THREADED = (SYNC, GTHREAD)


class Candidate(NamedTuple):
    """One configuration of gunicorn. `worker_class` as written; sync with threads is what gunicorn calls gthread.

    `max_requests` 0 means that workers are never replaced.
    """

    workers: int = 1
    threads: int = 1
    worker_class: str = SYNC
    preload: bool = False
    max_requests: int = 0

    @property
    def key(self) -> str:
        """A short name that is fit for folders: `w2-t4-preload`."""
        parts = [f"w{self.workers}", f"t{self.threads}"]
        parts += [self.worker_class.rpartition(".")[2]] if self.worker_class != SYNC else []
        parts += ["preload"] if self.preload else []
        parts += [f"r{self.max_requests}"] if self.max_requests else []
        return "-".join(parts)

    @property
    def title(self) -> str:
        """The options, as they stand on a command line."""
        parts = [f"--workers {self.workers}"]
        parts += [f"--worker-class {self.worker_class}"] if self.worker_class != SYNC else []
        parts += [f"--threads {self.threads}"] if self.threads > 1 else []
        parts += ["--preload"] if self.preload else []
        parts += [f"--max-requests {self.max_requests}"] if self.max_requests else []
        return " ".join(parts)

    @property
    def short(self) -> str:
        """For a narrow table: workers x threads, then the rest."""
        inside = str(self.threads) if self.worker_class in THREADED else self.worker_class.rpartition(".")[2]
        rest = [" preload"] if self.preload else []
        rest += [f" r{self.max_requests}"] if self.max_requests else []
        return f"{self.workers} x {inside}{''.join(rest)}"

    @property
    def simplicity(self) -> tuple[int, int, int, int]:
        """What is simpler sorts first: fewer workers, fewer threads, no other worker class, fewer options."""
        return (
            self.workers,
            self.threads,
            self.worker_class != SYNC,
            self.preload + bool(self.max_requests),
        )

    def slots(self, clients: int) -> int:
        """How many requests it works on at once when so many clients ask."""
        if self.worker_class not in THREADED:
            return clients
        return min(clients, self.workers * self.threads)


# The flags that the summary which bpopt began with recommends, with 2 workers.
MISSION = Candidate(2, 4, SYNC, True, 1000)
# gunicorn without any option (WEB_CONCURRENCY unset).
DEFAULTS = Candidate()


class Allowed(NamedTuple):
    """What the app allows. `clients` ask at once, `cores` are those of the plan.

    `threads`, `preload`, `gevent` say whether each may be offered, `recycle` how many requests a worker may
    answer before what it leaks is too much, 0 if it leaks nothing. `why` names what is not allowed with its reason.
    """

    cores: int
    clients: int
    threads: bool = True
    preload: bool = True
    gevent: bool = False
    recycle: int = 0
    why: tuple[str, ...] = ()


class Left(NamedTuple):
    """A configuration that is not tried, and why."""

    candidate: Candidate
    why: str


def workers(cores: int) -> tuple[int, ...]:
    """Numbers of workers worth trying: one, up to twice the cores, and those next to the number of cores."""
    return tuple(sorted({1, 2, cores, cores + 1, 2 * cores, max(1, cores // 2)}))


def space(current: Candidate, allowed: Allowed) -> tuple[Candidate, ...]:
    """All that is worth trying, the current one first, the mission's among them where threads are allowed."""
    found = [current, *_forced(allowed)]
    if current.worker_class in (*THREADED, GEVENT):
        found += _grid(allowed)
    else:  # an ASGI worker or one of the app's own: only the rest can be chosen
        found += [
            Candidate(n, 1, current.worker_class, allowed.preload and n > 1, allowed.recycle)
            for n in workers(allowed.cores)
        ]
    return tuple(dict.fromkeys(found))


def _forced(allowed: Allowed) -> Iterator[Candidate]:
    """What is always among them, as far as it may be run."""
    if allowed.threads and allowed.preload:
        yield MISSION
    yield Candidate(allowed.cores, max_requests=allowed.recycle)


def _grid(allowed: Allowed) -> Iterator[Candidate]:
    """Workers by threads, with --preload where workers can share; more slots than twice the clients change nothing."""
    threads = THREADS if allowed.threads else (1,)
    for count in workers(allowed.cores):
        preload = allowed.preload and count > 1
        for each in threads:
            if count * each <= 2 * allowed.clients:
                yield Candidate(count, each, SYNC, preload, allowed.recycle)
        if allowed.gevent and count <= 2 * allowed.cores:
            yield Candidate(count, 1, GEVENT, False, allowed.recycle)


def not_offered(current: Candidate, allowed: Allowed) -> tuple[Left, ...]:
    """The mission's configuration where it may not be run, with the reason."""
    if allowed.threads and allowed.preload:
        return ()
    why = "; ".join(allowed.why) or "it is not allowed"
    return () if current == MISSION else (Left(MISSION, why),)


def unique(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Each once, in order."""
    return tuple(dict.fromkeys(candidates))

"""One server of one side: started in a home, a port and temporary folders of its own, and ended without a trace."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from bpopt.verify import cage as cages
from bpopt.verify import command as commands
from bpopt.verify import copies, processes
from bpopt.verify import log as logs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from bpopt.verify.command import Command
    from bpopt.verify.model import Plan, Side

KEEPER = os.path.join(os.path.dirname(__file__), "keeper.py")

TELLING = 2.0  # seconds for gunicorn's master to see that a worker is gone, and to log it


class NoServer(Exception):
    """The side has nothing to run, or it cannot be run here; the message says why."""


class Server:
    """The running web process of a side, as a context manager: leaving it ends every process that came of it.

    `port` is where it listens on 127.0.0.1, `began` the monotonic time of its start, `exited` the status of
    its command once that ended. `label` tells the copies apart that must not meet, "before again" for example.
    """

    def __init__(self, side: Side, plan: Plan, label: str = "", limit: int | None = None) -> None:
        self.side, self.plan = side, plan
        self.folder = os.path.join(plan.scratch, f"s{secrets.token_hex(4)}")
        self.work = os.path.join(plan.scratch, "w-" + (label or side.name).replace(" ", "-"))
        self.log_path = os.path.join(self.folder, "log")
        self.limit = limit
        self.cage: cages.Cage | None = None
        self.began = 0.0
        self.ended = 0.0
        self.exited: int | None = None
        self.pid = 0
        self.stopped_on_term: bool | None = None
        self._keeper: subprocess.Popen[bytes] | None = None
        self._hold: socket.socket | None = None
        self._log = ""

    def __enter__(self) -> Server:
        try:
            self._start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def _start(self) -> None:
        self._hold, self.port = hold_port()
        self.command = self._command()
        for name in ("home", "tmp"):
            os.makedirs(os.path.join(self.folder, name), mode=0o700)
        commands.programs(os.path.join(self.folder, "bin"), self.plan.python)
        copies.refresh(self.side.root, self.work)
        if self.limit is not None:
            self.cage = cages.make(self.limit, f"bpopt-{os.getpid()}-{secrets.token_hex(3)}")
        started = self._keep(commands.surroundings(self.folder, self.plan.python, self.port))
        self.pid, self.began = started["pid"], started["at"]

    def _command(self) -> Command:
        command = commands.of(self.side.app, self.plan.process, self.port)
        if command is None:
            raise NoServer(f"{self.side.name} has no {self.plan.process} process to run")
        return command

    def _keep(self, surroundings: Mapping[str, str]) -> dict[str, Any]:
        """Start the keeper and give it its order; what it says of the start."""
        own = {**self.command.environment, **self.plan.environment}
        environment = {**surroundings, **own, "PORT": str(self.port)}
        order = {
            "argv": [commands.SHELL, "-c", self.command.text],
            "folder": self.work,
            "environment": environment,
            "log": self.log_path,
            "groups": [self.cage.path] if self.cage else [],
            "remove": [self.folder],
            "processors": list(self.plan.processors),
        }
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", KEEPER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for bpopt, which then closes the pipe
            env={},
        )
        assert self._keeper.stdin is not None
        assert self._keeper.stdout is not None
        self._keeper.stdin.write(json.dumps(order).encode() + b"\n")
        self._keeper.stdin.flush()
        line = self._keeper.stdout.readline()
        if not line:
            raise NoServer("the process that keeps the server did not start")
        threading.Thread(target=self._listen, args=(self._keeper.stdout,), daemon=True).start()
        started: dict[str, Any] = json.loads(line)
        return started

    def _listen(self, stream: Any) -> None:
        """Take the keeper's reports until it is gone."""
        with suppress(ValueError, OSError):
            for line in stream:
                event = json.loads(line)
                if event["event"] == "exited":
                    self.ended, self.exited = event["at"], event["status"]

    @property
    def alive(self) -> bool:
        """Whether the command itself still runs."""
        return self.exited is None

    def pids(self) -> list[int]:
        """Every process that came of the command and still runs."""
        if self._keeper is None or self._keeper.poll() is not None:
            return []
        return [p for p in processes.descendants(self._keeper.pid) if not _is_zombie(p)]

    def memory(self) -> processes.Memory:
        """PSS and USS of the process tree now."""
        return processes.memory(self.pids())

    def cpu(self) -> float:
        """CPU seconds of the process tree so far, ended processes included."""
        return processes.cpu_seconds(self._keeper.pid, self.pids()) if self._keeper is not None else 0.0

    def log(self) -> str:
        """What the server has printed so far."""
        with suppress(OSError), open(self.log_path, encoding="utf-8", errors="replace") as file:
            self._log = file.read()
        return self._log

    def events(self) -> logs.Events:
        """What its log tells of workers so far."""
        return logs.events(self.log())

    def events_since(self, earlier: logs.Events, failed: bool) -> logs.Events:
        """What happened to workers since `earlier`; where answers `failed`, the server gets a moment to tell why."""
        until = monotonic() + (TELLING if failed else 0.0)
        while True:
            found = self.events().since(earlier)
            if found.crashed or found.timeouts or monotonic() >= until:
                return found
            sleep(0.05)

    def toll(self) -> cages.Toll | None:
        """The counters of its control group, None if it has none."""
        return cages.toll(self.cage) if self.cage is not None else None

    def settle(self, patience: float = 10.0) -> None:
        """Wait until the tree idles: every worker has loaded the app, not just the one that answered first."""
        until, used = monotonic() + patience, self.cpu()
        while monotonic() < until:
            sleep(0.15)
            now = self.cpu()
            if now - used < 0.02 and not any(map(_waits_for_a_processor, self.pids())):
                return
            used = now

    def stop(self) -> bool:
        """Ask the server to stop as a platform does; whether all of it was gone in the plan's grace."""
        if self.stopped_on_term is not None or self._keeper is None or self._keeper.stdin is None:
            return bool(self.stopped_on_term)
        with suppress(OSError):
            self._keeper.stdin.write(b"term\n")
            self._keeper.stdin.flush()
        until = monotonic() + self.plan.grace
        while self.pids() and monotonic() < until:
            sleep(0.01)
        self.stopped_on_term = not self.pids()
        self.log()
        return self.stopped_on_term

    def kill(self) -> None:
        """End everything at once and remove what it wrote. May be called twice."""
        if self._keeper is not None:
            self.log()
            if self._keeper.stdin is not None:
                with suppress(OSError):
                    self._keeper.stdin.close()
            try:
                self._keeper.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._keeper.kill()
                self._keeper.wait()
            if self._keeper.stdout is not None:
                self._keeper.stdout.close()
            self._keeper = None
        elif self.cage is not None:
            with suppress(OSError):
                os.rmdir(self.cage.path)
        if self._hold is not None:
            self._hold.close()
            self._hold = None
        shutil.rmtree(self.folder, ignore_errors=True)


def hold_port() -> tuple[socket.socket, int]:
    """A free port of 127.0.0.1, and the socket that keeps others from getting it.

    It is bound with SO_REUSEADDR and does not listen, so a server that sets the same option (gunicorn and
    Python's own do) can bind the port as well, while the kernel gives it to nobody who asks for any port.
    """
    hold = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    hold.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    hold.bind(("127.0.0.1", 0))
    return hold, hold.getsockname()[1]


def _is_zombie(pid: int) -> bool:
    own = processes.stat(pid)
    return own is None or own.state in "ZX"


def _waits_for_a_processor(pid: int) -> bool:
    """Whether a process has work to do: on a busy machine it may use no CPU for a while, and be far from idle."""
    own = processes.stat(pid)
    return own is not None and own.state == "R"


class Guard:
    """A folder that is gone when bpopt is, however bpopt ends: a keeper without a command stands over it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __enter__(self) -> str:
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", KEEPER], stdin=subprocess.PIPE, start_new_session=True, env={}
        )
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(json.dumps({"remove": [self.folder]}).encode() + b"\n")
        self._keeper.stdin.flush()
        return self.folder

    def __exit__(self, *_: object) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait()

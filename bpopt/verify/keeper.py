"""The process that stands over one server: it alone is started by bpopt, and nothing outlives it.

It is a script of its own (only the standard library, run as `python -I -S keeper.py`). What it is to run comes
as one line of JSON on standard input; what happens goes out as lines of JSON. When standard input ends, because
bpopt closed it, was interrupted or was killed, every process that came of the command is killed, those too
that daemonised: the keeper is their "child subreaper" (prctl(2)), so they become its children. Then it removes
the folders and control groups that it was given, and exits.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import shutil
import signal
import sys
import time
from typing import Any

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
PATIENCE = 15.0  # seconds to go on killing, should something spawn faster than it dies


def main() -> None:
    """Read the order, run it, and stay until standard input ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    order = json.loads(read_line())
    pid = run(order) if order.get("argv") else 0
    if pid:
        tell(event="started", pid=pid)
    try:
        stand(pid, woken)
    finally:
        kill_all()
        remove(order)


def read_line() -> bytes:
    """The first line of standard input, unbuffered: what follows is read as it comes."""
    parts = []
    while (part := os.read(0, 1)) not in (b"", b"\n"):
        parts.append(part)
    return b"".join(parts) or b"{}"


def tell(**event: Any) -> None:
    """Report an event with the time, which all processes count from the same start."""
    try:
        os.write(1, json.dumps({**event, "at": time.monotonic()}).encode() + b"\n")
    except OSError:  # bpopt is gone
        return


def run(order: dict[str, Any]) -> int:
    """Start the command in a session, control groups and on processors of its own; its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        if order.get("processors"):
            os.sched_setaffinity(0, order["processors"])
        for group in order.get("groups", ()):
            with open(os.path.join(group, "cgroup.procs"), "w") as file:
                file.write("0")
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and that is inherited
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.closerange(3, 1024)
        os.chdir(order["folder"])
        os.execve(order["argv"][0], order["argv"], order["environment"])
    except BaseException as error:  # noqa: BLE001 (the child must never return into the keeper)
        os.write(2, f"could not be started: {error}\n".encode())
    os._exit(127)


def stand(pid: int, woken: int) -> None:
    """Report what ends, until bpopt says `term` (ask the command's processes to stop) or goes away."""
    while True:
        ready, _, _ = select.select([0, woken], [], [], 1.0)
        reap(pid)
        if woken in ready and signals(woken) & {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}:
            return
        if 0 in ready:
            said = os.read(0, 64)
            if not said:
                return
            if b"term" in said:
                signal_group(pid, signal.SIGTERM)


def signals(woken: int) -> set[int]:
    """The signals that came in."""
    return set(os.read(woken, 4096))


def signal_group(pid: int, number: int) -> None:
    """Signal the command's process group, as a platform signals all processes of a container."""
    try:
        os.killpg(pid, number)
    except OSError:
        return


def reap(pid: int) -> bool:
    """Collect the children that ended; false if there are none left at all."""
    while True:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if not ended:
            return True
        if ended == pid:
            tell(event="exited", status=os.waitstatus_to_exitcode(status))


def children(pid: int) -> list[int]:
    """The process ids of the children of a process, dead ones that nobody collected included."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    parent = int(file.read().rpartition(b")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found.append(int(name))
    return found


def kill_all() -> None:
    """Kill every descendant. Children of the killed become the keeper's own, and have their turn then."""
    until = time.monotonic() + PATIENCE
    while reap(0) and time.monotonic() < until:
        for pid in children(os.getpid()):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        time.sleep(0.002)


def remove(order: dict[str, Any]) -> None:
    """Remove the control groups and folders that were made for this command."""
    for group in order.get("groups", ()):
        for _ in range(50):  # the kernel empties a group a moment after its last process is gone
            try:
                os.rmdir(group)
                break
            except FileNotFoundError:
                break
            except OSError:
                time.sleep(0.02)
    for folder in order.get("remove", ()):
        until = time.monotonic() + PATIENCE
        while os.path.lexists(folder) and time.monotonic() < until:  # another keeper's server may still write
            shutil.rmtree(folder, ignore_errors=True)
            time.sleep(0.01)


if __name__ == "__main__":
    main()
    sys.stdout.flush()

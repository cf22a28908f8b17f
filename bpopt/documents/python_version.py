""".python-version and runtime.txt: which Python an app asks for.

`.python-version` holds one version line (`3.12` or `3.12.7`) among comments; runtime.txt one line
`python-3.12.7` and nothing else.
"""

from __future__ import annotations

from bpopt.patterns import Pattern
from bpopt.text import Line, Source, Span
from bpopt.values import NamedTuple

_VERSION = Pattern(r"(?P<prefix>python-)?(?P<major>[0-9]+)\.(?P<minor>[0-9]+)(?:\.(?P<patch>[0-9]+))?$")


class Requested(NamedTuple):
    """A line that asks for a version; the numbers are None when it is not a plain `X.Y` or `X.Y.Z`.

    `prefix` tells whether it is written `python-X.Y`.
    """

    text: str
    span: Span
    line: Line
    prefix: bool
    minor: tuple[int, int] | None
    patch: int | None

    @property
    def version(self) -> str | None:
        """`3.12` or `3.12.7`, None when the line is no such version."""
        if self.minor is None:
            return None
        base = f"{self.minor[0]}.{self.minor[1]}"
        return base if self.patch is None else f"{base}.{self.patch}"


class PythonVersion(NamedTuple):
    """The version lines (there should be one) and the comment lines of either file."""

    source: Source
    requests: tuple[Requested, ...]
    comments: tuple[Line, ...]

    @property
    def request(self) -> Requested | None:
        """The one line that counts, None when there is none or more than one."""
        return self.requests[0] if len(self.requests) == 1 else None


def parse(source: Source) -> PythonVersion:
    """Read either file; each line is a request, a comment or blank."""
    requests, comments = [], []
    for line in source.lines:
        text, span = line.strip()
        if text.startswith("#"):
            comments.append(line)
        elif text:
            requests.append(_request(text, span, line))
    return PythonVersion(source, tuple(requests), tuple(comments))


def _request(text: str, span: Span, line: Line) -> Requested:
    match = _VERSION.match(text) if len(text) < 64 else None
    if match is None:
        return Requested(text, span, line, text.startswith("python-"), None, None)
    minor = (int(match["major"]), int(match["minor"]))
    patch = int(match["patch"]) if match["patch"] else None
    return Requested(text, span, line, bool(match["prefix"]), minor, patch)

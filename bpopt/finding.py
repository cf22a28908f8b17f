"""What bpopt tells: a finding, the fix it offers, what it costs and on what evidence.

All of these are values. A finding holds the source it speaks of, so that nothing is read again to show it.
"""

from __future__ import annotations

from enum import Enum

from bpopt.text import Position, Source, Span
from bpopt.values import NamedTuple


class Severity(Enum):
    """How sure and how bad: an error stops or breaks a deploy, a warning costs, info is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for error, 1 for warning, 2 for info: smaller is worse."""
        return _RANKS[self.value]

    def lowered(self) -> Severity:
        """One step milder: for what holds only on some of the platforms in question."""
        return Severity.WARNING if self is Severity.ERROR else Severity.INFO


_RANKS = {"error": 0, "warning": 1, "info": 2}


class Safety(Enum):
    """Whether a fix may be applied unasked.

    `safe` does what the user meant, better; `unsafe` changes how the app behaves and is applied with
    `--unsafe`; `display` is advice that bpopt shows and never applies.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


class Edit(NamedTuple):
    """Replace the text at `span` of the file `path` by `text`; an empty span inserts."""

    path: str
    span: Span
    text: str


class NewFile(NamedTuple):
    """Create the file `path` with `text`; a fix that finds the path taken, and does not remove it, is not applied."""

    path: str
    text: str


class Fix(NamedTuple):
    """A change that mends one finding: edits, files to create and files to remove, all or nothing.

    `reason` says in one sentence why it is no safer than it is (empty for a safe fix).
    """

    title: str
    safety: Safety
    edits: tuple[Edit, ...] = ()
    creates: tuple[NewFile, ...] = ()
    removes: tuple[str, ...] = ()
    reason: str = ""


class Label(NamedTuple):
    """A second place that explains a finding: the other line, the line of the app's source."""

    source: Source
    span: Span
    text: str


class Impact(NamedTuple):
    """What the finding costs; bytes and seconds only where measured or looked up."""

    text: str
    bytes: int | None = None
    seconds: float | None = None


class Evidence(NamedTuple):
    """What a finding rests on: a `fact` with its source, a `catalog` look-up or a `measurement`."""

    kind: str
    text: str
    url: str = ""
    date: str = ""


class Finding(NamedTuple):
    """One thing wrong (or worth knowing) at one place of one file.

    `root` is the app's folder as seen from the working directory, `base` that as seen from the repository.
    `platforms` names the platforms it holds on, empty where that does not matter. `help` is how to mend it
    by hand. `suppressed` says by what it was silenced (`inline`, `config`, `baseline`), None if it counts.
    """

    code: str
    name: str
    severity: Severity
    message: str
    source: Source
    span: Span
    help: str = ""
    fix: Fix | None = None
    labels: tuple[Label, ...] = ()
    impact: Impact | None = None
    evidence: tuple[Evidence, ...] = ()
    platforms: tuple[str, ...] = ()
    root: str = ""
    suppressed: str | None = None
    justification: str = ""
    base: str = ""

    @property
    def path(self) -> str:
        """The file, relative to the working directory where the engine has set `root`."""
        return under(self.root, self.source.path)

    @property
    def start(self) -> Position:
        """Where it begins, as a person counts."""
        return self.source.position(self.span.start)

    @property
    def end(self) -> Position:
        """Where it ends (the first column after it), as a person counts."""
        return self.source.position(self.span.end)

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """Findings are shown by file, place and code."""
        return (self.path, self.span.start, self.code)


def under(root: str, path: str) -> str:
    """A path below a folder, as seen from where the folder is named; `../` leads out of it."""
    joined = f"{root}/{path}" if root not in ("", ".") else path
    if "../" not in path:
        return joined
    from posixpath import normpath

    return normpath(joined)


def fingerprint(finding: Finding, occurrence: int = 0) -> str:
    """A name for this finding that survives edits elsewhere in the file: 32 hexadecimal digits.

    Made of the rule, the path in the repository (without one: from the working directory) and the marked text
    with its blanks folded, never of line numbers; `occurrence` counts equal ones in one file from 0. The same
    value serves SARIF, GitLab and the baseline.
    """
    from hashlib import blake2b

    marked = " ".join(finding.source.text[finding.span.start : finding.span.end].split())
    line = marked or finding.source.line_at(finding.start.line)
    parts = (finding.code, under(finding.base, finding.path), " ".join(line.split()), str(occurrence))
    return blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def fingerprints(findings: list[Finding]) -> list[str]:
    """The fingerprint of each finding of one report, equal ones numbered in order."""
    seen: dict[str, int] = {}
    result = []
    for finding in findings:
        base = fingerprint(finding)
        count = seen.get(base, 0)
        seen[base] = count + 1
        result.append(fingerprint(finding, count) if count else base)
    return result

"""Building blocks of the markdown documents: escaping, tables, links, figures in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.output.markdown import code, escape
from bpopt.report.gather import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bpopt.report.gather import Gathered

__all__ = [
    "bullets",
    "cited",
    "code",
    "commands",
    "errors",
    "escape",
    "head",
    "megabytes",
    "minutes",
    "table",
]


def head(title: str, gathered: Gathered, lead: str) -> str:
    """Title, by what and from what the document was made, and a first paragraph."""
    from bpopt import __version__

    files = ", ".join(code(path) for path in gathered.stages.result.files)
    return (
        f"<!-- {MARK} (bpopt {__version__}). Written anew by: bpopt report --force -->\n\n# {title}\n\n{lead}\n\n"
        f"Platforms: {targets(gathered)}. Read: {files or 'no deployment file'}.\n"
    )


def errors(gathered: Gathered) -> str:
    """The findings that stop or break a deploy, as a list under a sentence; empty without any."""
    found = [step.finding for step in gathered.stages.steps if step.finding.severity.rank == 0]
    if not found:
        return ""
    lines = (f"{code(f'{f.path}:{f.start.line}')} {escape(f.message)} ({f.code})" for f in found)
    return "What would stop or break a deploy, even after `bpopt fix`:\n\n" + bullets(lines)


def targets(gathered: Gathered) -> str:
    """The platforms, and from where they are known."""
    app = gathered.app
    if not app.knows_target:
        names = ", ".join(target.platform.title for target in app.targets)
        return f"none is named by a file, so {escape(names)} are assumed (`bpopt report --platform NAME` names one)"
    return ", ".join(
        f"{escape(t.platform.title)} ({code(t.stack)}, from {escape(t.why)})"
        if t.stack
        else f"{escape(t.platform.title)} (from {escape(t.why)})"
        for t in app.targets
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are markdown. `>` before a head sets its column to the right."""
    lines = [
        [name.lstrip(">") for name in heads],
        ["---:" if name.startswith(">") else "---" for name in heads],
    ]
    lines += [list(row) for row in rows]
    return "".join(f"| {' | '.join(cell.replace(chr(10), ' ') for cell in line)} |\n" for line in lines)


def bullets(lines: Iterable[str]) -> str:
    """A list."""
    return "".join(f"- {line}\n" for line in lines)


def commands(lines: Iterable[str], language: str = "sh") -> str:
    """A block of code."""
    body = "\n".join(lines)
    fence = "```"
    while fence in body:
        fence += "`"
    return f"{fence}{language}\n{body}\n{fence}\n"


def cited(source: str, date: str) -> str:
    """A link to a source with the day it was read, empty without one."""
    if not source:
        return ""
    host = source.removeprefix("https://").removeprefix("http://").partition("/")[0]
    return f"[{host}]({source}), {date}" if date else f"[{host}]({source})"


def megabytes(size: int) -> str:
    """Bytes for people, in powers of 1000."""
    from bpopt.apt.show import human

    return human(size)


def minutes(seconds: float) -> str:
    """Seconds for people: `6 min 14 s`, `12 s`, `0.5 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"

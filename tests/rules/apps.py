"""Apps in memory for tests of rules across files: text in, findings and fixed texts out."""

from __future__ import annotations

import datetime

from bpopt import engine, fixer, settings
from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.targets import told
from bpopt.finding import Finding

TODAY = datetime.date(2026, 11, 24)


def app_of(files: dict[str, str], *on: str) -> App:
    """An app of these files, deployed to these platforms or stacks."""
    contents = {path: text.encode() for path, text in files.items()}
    return App(MemoryFiles(contents), "", told(on, None, None, "test"), TODAY)


def found(files: dict[str, str], *on: str, select: str = "ALL") -> list[Finding]:
    """What bpopt finds in an app, worst first where rules tie."""
    return list(engine.check(app_of(files, *on), settings.defaults(select=[select])).counted)


def caught(files: dict[str, str], code: str, *on: str) -> Finding:
    """The one finding of a rule in an app; a failure says what was found instead."""
    findings = found(files, *on)
    own = [f for f in findings if f.code == code]
    assert len(own) == 1, [(f.code, f.path, f.message) for f in findings]
    return own[0]


def mended(
    files: dict[str, str], *on: str, select: str = "ALL", unsafe: bool = True
) -> dict[str, str | None]:
    """The files that fixing changes, as text."""
    fixed = fixer.converge(app_of(files, *on), settings.defaults(select=[select]), unsafe, engine.check)
    assert fixed.stable
    return {path: None if raw is None else raw.decode() for path, raw in fixed.changes.items()}

"""Fixes: chosen from findings, spliced into the texts, repeated until nothing changes, written all or none.

Nothing is re-serialised: a fix replaces the text at its spans. What two fixes both want to change is left to
the next round. A fix whose finding survives it, or after which a file no longer parses, is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Safety, fingerprint
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bpopt.app import App
    from bpopt.engine import AppResult
    from bpopt.settings import Settings
    from bpopt.text import Source

ROUNDS = 10
SYNTAX = frozenset({"BP002", "BP003"})  # a fix must not add findings of these codes

Changes = dict[str, "bytes | None"]


class Fixed(NamedTuple):
    """What fixing an app comes to: new bytes by path (None removes), what was applied, and what is left.

    `refused` are findings whose fix was taken back, `stable` is false if the rounds ran out.
    """

    changes: Changes
    applied: tuple[Finding, ...]
    refused: tuple[Finding, ...]
    remaining: AppResult
    stable: bool


def converge(
    app: App, settings: Settings, unsafe: bool, check: Callable[[App, Settings], AppResult]
) -> Fixed:
    """Fix an app in memory until no chosen fix is left, at most ten rounds."""
    changes: Changes = {}
    applied: list[Finding] = []
    refused: dict[str, Finding] = {}
    result = check(app, settings)
    for _ in range(ROUNDS):
        chosen = [f for f in choose(result, settings, unsafe) if fingerprint(f) not in refused]
        if not chosen:
            return Fixed(changes, tuple(applied), tuple(refused.values()), result, True)
        step, used = apply(app, chosen)
        if not step:
            return Fixed(changes, tuple(applied), tuple(refused.values()), result, True)
        after = app.with_changes({**changes, **step})
        outcome = check(after, settings)
        failed = _failed(used, result, outcome)
        refused.update((fingerprint(f), f) for f in failed)
        if failed:
            continue
        changes, app, result = {**changes, **step}, after, outcome
        applied += used
    return Fixed(changes, tuple(applied), tuple(refused.values()), result, False)


def _failed(used: list[Finding], before: AppResult, after: AppResult) -> list[Finding]:
    """The applied fixes that did not mend their finding, or all that touched a file that broke."""
    from collections import Counter

    # Equal findings share a fingerprint: one of two may be left for the next round.
    counts = Counter(map(fingerprint, before.findings))
    counts.subtract(map(fingerprint, used))
    left = Counter(map(fingerprint, after.findings))
    failed = [f for f in used if left[fingerprint(f)] > counts[fingerprint(f)]]
    known = {(f.path, f.code, f.message) for f in before.findings if f.code in SYNTAX}
    broken = {
        f.source.path for f in after.findings if f.code in SYNTAX and (f.path, f.code, f.message) not in known
    }
    return failed + [f for f in used if f not in failed and broken & set(touched(f))]


def choose(result: AppResult, settings: Settings, unsafe: bool) -> list[Finding]:
    """The live findings whose fix may be applied, in order of code, so that insertions at one place keep it."""
    wanted = {Safety.SAFE, Safety.UNSAFE} if unsafe or settings["unsafe-fixes"] else {Safety.SAFE}
    fixable = [f for f in result.counted if f.fix and settings.safety_of(f.code, f.fix.safety) in wanted]
    return sorted(fixable, key=lambda f: (f.code, f.span))


def touched(finding: Finding) -> tuple[str, ...]:
    """The paths that a finding's fix changes."""
    fix = finding.fix
    if fix is None:
        return ()
    paths = [e.path for e in fix.edits] + [c.path for c in fix.creates] + list(fix.removes)
    return tuple(dict.fromkeys(paths))


def apply(app: App, findings: Iterable[Finding]) -> tuple[Changes, list[Finding]]:
    """One round: the new bytes of the files that the findings' fixes change, and the findings that fitted in."""
    edits: dict[str, list[Edit]] = {}
    created: Changes = {}
    removed: set[str] = set()
    used = []
    for finding in findings:
        fix = finding.fix
        if fix is None or not _fits(app, finding, edits, created, removed):
            continue
        for edit in fix.edits:
            edits.setdefault(edit.path, []).append(edit)
        created.update((new.path, new.text.encode("utf-8", "surrogateescape")) for new in fix.creates)
        removed.update(fix.removes)
        used.append(finding)
    changes: Changes = dict.fromkeys(removed)
    for path, own in edits.items():
        source = app.source(path)
        if source is not None:
            changes[path] = source.encode(splice(source, own))
    return {**changes, **created}, used


def _fits(
    app: App, finding: Finding, edits: Mapping[str, list[Edit]], created: Changes, removed: set[str]
) -> bool:
    fix = finding.fix
    assert fix is not None
    there = (n.path for n in fix.creates if n.path not in fix.removes and app.files.exists(n.path))
    if any(there) or any(new.path in created or new.path in edits for new in fix.creates):
        return False
    if any(path in edits or path in removed or app.source(path) is None for path in fix.removes):
        return False
    taken = ((edit, other) for edit in fix.edits for other in edits.get(edit.path, ()))
    return not any(_overlap(edit, other) for edit, other in taken) and not any(
        edit.path in removed or app.source(edit.path) is None for edit in fix.edits
    )


def _overlap(one: Edit, other: Edit) -> bool:
    """Whether two edits cannot both be made; two insertions at one place can, unless they are the same."""
    if one.span == other.span and one.span.start == one.span.end:
        return one.text == other.text
    return (one.span.start < other.span.end and other.span.start < one.span.end) or (
        one.span.start == other.span.start
    )


def splice(source: Source, edits: Iterable[Edit]) -> str:
    """The text with the edits made; inserted newlines become those of the file."""
    text, parts, at = source.text, [], 0
    for edit in sorted(edits, key=lambda e: e.span):
        new = edit.text.replace("\r\n", "\n").replace("\n", source.newline)
        parts += [text[at : edit.span.start], new]
        at = edit.span.end
    return "".join([*parts, text[at:]])

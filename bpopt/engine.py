"""The loop: an app and the settings in, its findings out. Nothing is written and nothing printed here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpopt import rules
from bpopt.suppress import suppress
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.finding import Finding
    from bpopt.rules import Entry
    from bpopt.settings import Settings


class AppResult(NamedTuple):
    """What was found in one app.

    `root` is its path relative to the working directory (`.` for that itself); `knows_target` tells whether
    `targets` were told or detected rather than assumed; `files` are those read; `findings` are sorted and
    include suppressed ones.
    """

    root: str
    targets: tuple[Target, ...]
    knows_target: bool
    files: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def counted(self) -> tuple[Finding, ...]:
        """The findings that are not suppressed: those that decide the exit code."""
        return tuple(finding for finding in self.findings if finding.suppressed is None)


def check(app: App, settings: Settings) -> AppResult:
    """Run every selected rule on an app."""
    found = [
        _settle(finding, app, settings) for entry in selected(app, settings) for finding in _run(entry, app)
    ]
    found = [f for f in found if not settings.ignores_path(f.source.path, f.code, f.name)]
    found = suppress(found, app, settings)
    found.sort(key=lambda finding: finding.sort_key)
    files = tuple(sorted(path for paths in app.paths.values() for path in paths))
    return AppResult(app.root or ".", app.targets, app.knows_target, files, tuple(found))


def selected(app: App, settings: Settings) -> Iterator[Entry]:
    """The rules that the settings select and that may have something to say about this app."""
    names = {target.platform.name for target in app.targets}
    for kind, entries in settings.rules_by_kind.items():
        if kind in ("app", "web") or kind in app.paths:
            text = app.text_of(kind)
            yield from (entry for entry in entries if _may_speak(entry, text, names))


def _may_speak(entry: Entry, text: str, names: set[str]) -> bool:
    if entry.on and names.isdisjoint(entry.on):
        return False
    for word in entry.words:  # not any(): this is asked a hundred times for each app
        if word in text:
            return True
    return not entry.words


def _run(entry: Entry, app: App) -> Iterator[Finding]:
    check = rules.checker(entry)
    for subject in _subjects(entry.kind, app):
        yield from check(subject, app)


def _subjects(kind: str, app: App) -> Iterable[Any]:
    if kind == "app":
        return (app,)
    return app.webs if kind == "web" else app.documents(kind)


def _settle(finding: Finding, app: App, settings: Settings) -> Finding:
    """Put the app's place and the user's severity on a finding, and hide secrets on the lines it will show.

    Where nobody said which platform it is, what holds only on some of the assumed ones counts a step less.
    """
    severity = finding.severity
    everywhere = len(finding.platforms) in (0, len({t.platform.name for t in app.targets}))
    if not app.knows_target and not everywhere:
        severity = severity.lowered()
    severity = settings.severity_of(finding.code, finding.name) or severity
    root = "" if app.root in ("", ".") else app.root
    labels = tuple(label._replace(source=app.veiled(label.source)) for label in finding.labels)
    return finding._replace(severity=severity, root=root, source=app.veiled(finding.source), labels=labels)

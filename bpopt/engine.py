"""The loop: an app and the settings in, its findings out. Nothing is written and nothing printed here."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from bpopt.app.lone import Lone, WantsMore
from bpopt.app.suspect import suspicious
from bpopt.documents import kept
from bpopt.suppress import mark, suppress
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.finding import Finding
    from bpopt.rules import Check
    from bpopt.settings import Settings
    from bpopt.text import Source

    Checks = tuple[Check, ...]
    Job = tuple[App, Settings]
    Question = tuple[list[Finding], Any, App]  # where the answer goes, the subject, its app


class AppResult(NamedTuple):
    """What was found in one app.

    `root` is its path relative to the working directory (`.` for that itself), `base` the path of that in its
    repository; `knows_target` tells whether
    `targets` were told or detected rather than assumed; `files` are those read; `findings` are sorted and
    include suppressed ones.
    """

    root: str
    targets: tuple[Target, ...]
    knows_target: bool
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    base: str = ""

    @property
    def counted(self) -> tuple[Finding, ...]:
        """The findings that are not suppressed: those that decide the exit code."""
        return tuple(finding for finding in self.findings if finding.suppressed is None)


def check(app: App, settings: Settings) -> AppResult:
    """Run every selected rule on an app."""
    return check_all([(app, settings)])[0]


def check_all(jobs: Sequence[Job]) -> list[AppResult]:
    """Run every selected rule on each app of a batch: rule by rule, then app by app.

    A processor that has just run a rule runs it again in less time: a batch takes two thirds of what its apps take
    one after another (docs/performance.md).
    """
    found: list[list[Finding]] = [[] for _ in jobs]
    for checks, questions in _questions(jobs, found).items():
        for ask in checks:
            for into, subject, app in questions:
                into += ask(subject, app)
    return [_result(own, app, settings) for own, (app, settings) in zip(found, jobs, strict=True)]


def _result(found: list[Finding], app: App, settings: Settings) -> AppResult:
    found = _settled(found, app, settings)
    marked, unused = suppress(found, app, settings)
    found = marked + mark(_settled(unused, app, settings), app)
    found.sort(key=lambda finding: finding.sort_key)
    files = tuple(sorted(chain.from_iterable(app.paths.values())))
    return AppResult(app.root or ".", app.targets, app.knows_target, files, tuple(found), app.base)


def _questions(jobs: Sequence[Job], found: list[list[Finding]]) -> dict[Checks, list[Question]]:
    """Which rules to ask of what: those that are selected and may have something to say. A run asks 100 an app."""
    questions: dict[Checks, list[Question]] = {}  # most apps of a batch are asked the same
    by_kind = [settings.asked(frozenset([t.platform.name for t in app.targets])) for app, settings in jobs]
    for kind in dict.fromkeys(chain.from_iterable(by_kind)):
        for (app, _), asked, into in zip(jobs, by_kind, found, strict=True):
            if kind not in asked:
                continue
            subjects, sources = _subjects(kind, app)
            if not subjects:
                continue
            checks = asked[kind].called(sources)
            if kind in app.paths and len(sources) == 1 and sources[0].shared:  # the one document of a kind
                said, checks = _said(kind, checks, sources[0], app.targets, app.knows_target)
                into += said
            questions.setdefault(checks, []).extend([(into, subject, app) for subject in subjects])
    return questions


def _subjects(kind: str, app: App) -> tuple[Sequence[Any], Sequence[Source]]:
    """What rules of a kind look at, and the files that it is in."""
    if kind in app.paths:
        return app.documents(kind), app.sources_by_kind[kind]
    return (app,) if kind == "app" else app.webs if kind == "web" else (), app.sources


@lru_cache(kept.KEPT)
def _said(
    kind: str, checks: Checks, source: Source, targets: tuple[Target, ...], knows_target: bool
) -> tuple[tuple[Finding, ...], Checks]:
    """Kept, for the apps of one repository share many documents, and what is said of one alone holds in each."""
    document = kept.document(kind, source)
    lone = Lone(kind, document, targets, knows_target)
    found: list[Finding] = []
    for check_one in checks:
        if check_one not in _wanting:
            try:
                found += list(check_one(document, lone))
            except WantsMore:
                _wanting.add(check_one)
    return tuple(found), tuple([check_one for check_one in checks if check_one in _wanting])


_wanting: set[Check] = set()  # the rules that looked at more than a document: none is tried twice


def _settled(found: Iterable[Finding], app: App, settings: Settings) -> list[Finding]:
    settled = [_settle(finding, app, settings) for finding in found]
    if not settings["per-file-ignores"]:
        return settled
    return [f for f in settled if not settings.ignores_path((f.source.path, f.path), f.code, f.name)]


def _settle(finding: Finding, app: App, settings: Settings) -> Finding:
    """Put the app's place and the user's severity on a finding, and hide secrets on the lines it will show.

    Where nobody said which platform it is, what holds only on some of the assumed ones counts a step less.
    """
    severity = finding.severity
    partly = finding.platforms and not app.knows_target
    if partly and len(finding.platforms) != len({t.platform.name for t in app.targets}):
        severity = severity.lowered()
    severity = settings.severity_of(finding.code, finding.name) or severity
    root = "" if app.root in ("", ".") else app.root
    labels = tuple(label._replace(source=app.veiled(label.source)) for label in finding.labels)
    if suspicious("\n".join([finding.message, finding.help, finding.fix.title if finding.fix else ""])):
        finding = _hidden(finding)
    return finding._replace(
        severity=severity,
        message=_short(finding.message),
        help=_short(finding.help),
        root=root,
        base=app.base,
        source=app.veiled(finding.source),
        labels=labels,
    )


_LONGEST = 500  # characters of a message; only one that quotes a line of no sane length is longer


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _hidden(finding: Finding) -> Finding:
    """A finding without the secret that the text it quotes may hold."""
    from bpopt.app.veil import hide

    fix = finding.fix and finding.fix._replace(title=hide(finding.fix.title))
    return finding._replace(message=hide(finding.message), help=hide(finding.help), fix=fix)

"""The settings of an app on each of its platforms: what is there, what should be, what does nothing, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpopt.report import env_answers, env_cases, env_reads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bpopt.app import App
    from bpopt.app.env import Placed
    from bpopt.app.targets import Target
    from bpopt.engine import AppResult
    from bpopt.finding import Finding
    from bpopt.report.env_answers import Answer
    from bpopt.report.env_reads import Read

# State -> what it means, in the order of tables.
STATES = {
    "missing": "should be set and is not set in these files",
    "wrong": "is set, and does harm or not what it says",
    "without effect": "does nothing, set or not",
    "yours": "is needed, and its value is not in these files",
    "optional": "may be set",
    "set": "is set in these files",
    "platform": "the platform does it",
    "not needed": "need not be set",
}
_ENV_RULES = "BP6"
_HARMFUL = frozenset(
    {"inverted-value", "debug-on", "secret-in-file", "conflicting-settings", "reserved-setting"}
)
_MISPLACED = frozenset({"wrong-scope", "preload-at-build"})


# Variables that are there on any system, whatever the app's files say.
_EVERYWHERE = frozenset(
    {"HOME", "PATH", "USER", "PWD", "SHELL", "TMPDIR", "TMP", "TEMP", "HOSTNAME", "TERM", "TZ"}
)


class Row(NamedTuple):
    """One setting on one platform.

    `value` is what it should be (empty where nothing is advised), `here` what the files set it to (`***` for a
    secret, empty where they do not), `where` the file and line, else empty. `scope` is build, run or both.
    """

    platform: str
    name: str
    scope: str
    state: str
    value: str
    here: str
    where: str
    why: str
    instead: str
    source: str
    date: str


def plan(app: App, result: AppResult) -> tuple[Row, ...]:
    """The rows of each target, by state and name; `result` is what the rules found in the app."""
    reads = env_reads.reads(app)
    found = _by_place(result)
    rows: list[Row] = []
    for target in app.targets:
        rows += sorted(_of_target(app, target, reads, found), key=_order)
    return tuple(rows)


def _order(row: Row) -> tuple[int, str]:
    return (list(STATES).index(row.state), row.name)


def _by_place(result: AppResult) -> dict[tuple[str, int], Finding]:
    """The findings about settings by file and place, the worst first."""
    found: dict[tuple[str, int], Finding] = {}
    for finding in sorted(result.counted, key=lambda f: f.severity.rank):
        if finding.code.startswith(_ENV_RULES):
            found.setdefault((finding.source.path, finding.span.start), finding)
    return found


def _of_target(
    app: App, target: Target, reads: Mapping[str, Read], found: Mapping[tuple[str, int], Finding]
) -> Iterator[Row]:
    placed: dict[str, Placed] = {p.name: p for p in app.env if target in p.targets}
    answered = {answer.name: answer for answer in env_answers.answers(app, target, reads)}
    for name, answer in answered.items():
        yield _answered(answer, placed.get(name), target)
    for name, own in placed.items():
        if name not in answered:
            yield _own(own, target, found)
    known = {*answered, *placed, *_EVERYWHERE}
    for name, read in reads.items():
        if read.required and name not in known and target.platform.sets(name) is None:
            yield _unset(app, target, read)
    yield from _of_packages(app, target, known)


def _of_packages(app: App, target: Target, known: set[str]) -> Iterator[Row]:
    """The variables without which unpacked system packages do not find their own files."""
    from bpopt.rules.apt.needs_environment import FACT, VARIABLES

    listed = app.aptfile.packages if app.aptfile is not None and target.platform.reads("aptfile") else ()
    for word in listed:
        name, below = VARIABLES.get(word.text, ("", ""))
        if name and name not in known:
            why = f"{word.text} looks for its files below /usr and /etc; where it is unpacked they are in {below}."
            yield Row(target.platform.name, name, "run", "yours", "", "", "", why, "", FACT.url, FACT.date)


def _unset(app: App, target: Target, read: Read) -> Row:
    """A variable that the app needs and no file sets: an add-on does, or the user has to."""
    data = env_cases.data()
    addons = app.app_json.addons if app.app_json is not None and target.platform.name == "heroku" else ()
    addon = next(
        (a.value for a in addons if data["addons"].get(a.value.partition(":")[0]) == read.name), None
    )
    state, why, source = "yours", f"{read.path}:{read.line} reads it and has no other value.", "environ"
    if addon is not None:
        state, why, source = "platform", f"The add-on {addon} in app.json sets it.", "heroku-postgres"
    return Row(
        target.platform.name,
        read.name,
        "run",
        state,
        "",
        "",
        "",
        why,
        "",
        data["sources"][source],
        str(data["date"]),
    )


def _answered(answer: Answer, own: Placed | None, target: Target) -> Row:
    here, where = _here(own)
    state, value, why = answer.state, answer.value, answer.why
    if own is not None and state == "missing":
        state, value, why = "set", "", f"Set in {own.source.path}. {why}"
    if own is not None and state == "not needed" and _off(answer.name):
        state = "wrong"
    return Row(
        target.platform.name, answer.name, answer.scope, state, value, here, where, why, answer.instead,
        answer.source, answer.date,
    )  # fmt: skip


def _off(name: str) -> bool:
    """Settings that take something away where they are not needed."""
    return name == "PIP_NO_CACHE_DIR"


def _own(own: Placed, target: Target, found: Mapping[tuple[str, int], Finding]) -> Row:
    here, where = _here(own)
    scope = "both" if own.build and own.run else "build" if own.build else "run"
    finding = _finding(own, found)
    if finding is None:
        text = f"Set in {own.source.path}."
        return Row(target.platform.name, own.name, scope, "set", "", here, where, text, "", "", "")
    state = "wrong" if finding.name in _HARMFUL | _MISPLACED else "without effect"
    if finding.name == "setting-set-by-platform":
        state = "platform"
    evidence = next((e for e in finding.evidence if e.url), None)
    source, day = (evidence.url, evidence.date) if evidence is not None else ("", "")
    why = f"{finding.message} ({finding.code})."
    return Row(target.platform.name, own.name, scope, state, "", here, where, why, finding.help, source, day)


def _finding(own: Placed, found: Mapping[tuple[str, int], Finding]) -> Finding | None:
    spans = (own.setting.name_span, own.setting.value_span, own.setting.entry_span)
    return next((f for s in spans if (f := found.get((own.source.path, s.start)))), None)


def _here(own: Placed | None) -> tuple[str, str]:
    """The value as it may be shown, and file and line."""
    if own is None:
        return "", ""
    from bpopt.app.secrets import looks_secret

    line = own.source.position(own.setting.name_span.start).line
    value = own.value
    if own.setting.secret or (value is not None and looks_secret(own.name, value)):
        value = "***"
    return value if value is not None else "?", f"{own.source.path}:{line}"

"""The options of a gunicorn command line, read as gunicorn's own argparse reads them.

Long options may be shortened as far as they stay unambiguous, the last of a repeated option wins, and one
positional argument names the app. The table of settings is data (`data/gunicorn.tsv`), by release.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bpopt.text import Span
from bpopt.values import NamedTuple

if TYPE_CHECKING:
    from bpopt.documents.command import Command, Word

VERSIONS = ("20.1.0", "21.2.0", "22.0.0", "23.0.0", "24.1.1", "25.3.0", "26.2.0", "27.0.1")  # tabulated
NEWEST = VERSIONS[-1]
# Releases on PyPI since 20.1 (checked 2026-11-23): the tabulated ones and those between them.
RELEASES = (
    *("20.1.0", "21.0.0", "21.0.1", "21.1.0", "21.2.0", "22.0.0", "23.0.0", "24.0.0", "24.1.0", "24.1.1"),
    *("25.0.0", "25.1.0", "25.2.0", "25.3.0", "26.0.0", "26.1.0", "26.2.0", "27.0.0", "27.0.1"),
)

OPTIONAL = frozenset({"proxy_protocol"})  # kinds whose option may stand without its value


class Setting(NamedTuple):
    """One setting of gunicorn in a run of releases; `kind` is flag, count, string, list, class, ..."""

    name: str
    flags: tuple[str, ...]
    kind: str
    default: str
    section: str
    first: str
    last: str

    @property
    def long(self) -> str:
        """The long flag, or the first one."""
        return next((f for f in self.flags if f.startswith("--")), self.flags[0] if self.flags else "")


class Option(NamedTuple):
    """An option as given: `setting` is None if gunicorn has none of that name.

    `value` is the literal value, None for a flag without one or a value that only the shell knows (then
    `raw` still has its text). `span` covers flag and value.
    """

    setting: Setting | None
    flag: str
    flag_span: Span
    value: str | None
    raw: str
    value_span: Span | None
    span: Span


class Problem(NamedTuple):
    """Why gunicorn would refuse the line: `unknown`, `ambiguous`, `missing-value`, `unexpected-value`, `stray`.

    `extra` is not refused: a word behind the app that gunicorn makes no use of.
    """

    kind: str
    text: str
    span: Span
    candidates: tuple[str, ...] = ()


class Arguments(NamedTuple):
    """All arguments of a gunicorn command.

    `opaque` is true if a word that only the shell knows may hold further options, so that nothing can be
    said about an option not being there. `counting` is by setting the option that counts, the last one given.
    """

    options: tuple[Option, ...]
    app: Word | None
    problems: tuple[Problem, ...]
    opaque: bool
    counting: dict[str, Option]

    def get(self, setting: str) -> Option | None:
        """The option that counts for a setting: the last one given."""
        return self.counting.get(setting)


def settings(version: str | None = None) -> dict[str, Setting]:
    """Setting by name, as of a release (the newest tabulated one not after it); None means the newest."""
    return _settings(nearest(version))


@cache
def _settings(tabulated: str) -> dict[str, Setting]:
    wanted = _number(tabulated)
    return {s.name: s for s in all_settings() if _number(s.first) <= wanted <= _number(s.last)}


@cache
def flags(version: str | None = None) -> dict[str, Setting]:
    """Setting by flag (`-w`, `--workers`), as of a release."""
    return {flag: setting for setting in settings(version).values() for flag in setting.flags}


@cache
def all_settings() -> tuple[Setting, ...]:
    """Every row of the table, all releases."""
    from os.path import dirname

    with open(f"{dirname(dirname(__file__))}/data/gunicorn.tsv", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    return tuple(Setting(r[0], tuple(r[1].split()), r[2], r[3], r[4], r[5], r[6]) for r in rows)


def nearest(version: str | None) -> str:
    """The newest tabulated release that is not after `version`, the oldest if all are."""
    if version is None:
        return NEWEST
    wanted = _number(version)
    return next((v for v in reversed(VERSIONS) if _number(v) <= wanted), VERSIONS[0])


def around(version: str) -> tuple[str, ...]:
    """The tabulated releases next to a release, before and after it; only itself if it is tabulated."""
    wanted = _number(version)
    after = next((v for v in VERSIONS if _number(v) >= wanted), NEWEST)
    return tuple(dict.fromkeys((nearest(version), after)))


def before(version: str, other: str) -> bool:
    """Whether a release is older than another."""
    return _number(version) < _number(other)


@cache
def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split(".")[:3])


def parse(command: Command, version: str | None = None) -> Arguments:
    """Read the arguments of a command whose program is gunicorn, with the options of that release."""
    reader = _Reader(flags(version))
    words = list(command.arguments)
    while words:
        words = reader.take(words)
    counting = {option.setting.name: option for option in reader.options if option.setting is not None}
    return Arguments(tuple(reader.options), reader.app, tuple(reader.problems), reader.opaque, counting)


class _Reader:
    def __init__(self, table: dict[str, Setting]) -> None:
        self.table = table
        self.options: list[Option] = []
        self.problems: list[Problem] = []
        self.app: Word | None = None
        self.opaque = False
        self.closed = False

    def take(self, words: list[Word]) -> list[Word]:
        """Read the first word, with its value if it takes one; give the rest."""
        word, rest = words[0], words[1:]
        if word.value == "--":
            for other in rest:
                self.positional(other)
            return []
        if not _is_option(word):
            self.positional(word)
            return rest
        self.closed = self.app is not None
        return self.long(word, rest) if word.text.startswith("--") else self.short(word, rest)

    def positional(self, word: Word) -> None:
        if word.value is None and word.text.startswith("$"):
            self.opaque = True
        elif self.app is None:
            self.app = word
        else:
            # Words right behind the app are left unused; those behind further options are refused.
            self.problems.append(Problem("stray" if self.closed else "extra", word.text, word.span))

    def long(self, word: Word, rest: list[Word]) -> list[Word]:
        flag, equals, attached = word.text.partition("=")
        flag_span = Span(word.span.start, word.span.start + len(flag))
        matches = [flag] if flag in self.table else sorted(f for f in self.table if f.startswith(flag))
        if len(matches) != 1 and len({self.table[f].name for f in matches}) != 1:
            kind = "ambiguous" if matches else "unknown"
            self.problems.append(Problem(kind, flag, flag_span, tuple(matches)))
            return self.skip_value(word, flag, flag_span, bool(equals), rest)
        setting = self.table[matches[0]]
        if equals:
            value = word.value.partition("=")[2] if word.value is not None else None
            value_span = Span(flag_span.end + 1, word.span.end)
            if setting.kind == "flag":
                self.problems.append(Problem("unexpected-value", flag, word.span))
            self.options.append(Option(setting, flag, flag_span, value, attached, value_span, word.span))
            return rest
        return self.with_value(setting, flag, flag_span, rest)

    def short(self, word: Word, rest: list[Word]) -> list[Word]:
        flag = word.text[:2]
        flag_span = Span(word.span.start, word.span.start + 2)
        setting = self.table.get(flag)
        if setting is None:
            self.problems.append(Problem("unknown", flag, flag_span))
            return self.skip_value(word, flag, flag_span, len(word.text) > 2, rest)
        if len(word.text) == 2:
            return self.with_value(setting, flag, flag_span, rest)
        if setting.kind == "flag":
            self.with_value(setting, flag, flag_span, rest)
            # More letters are more flags: -DR is -D -R.
            more = word._replace(text=f"-{word.text[2:]}", span=Span(word.span.start + 1, word.span.end))
            return self.short(more._replace(value=None if word.value is None else more.text), rest)
        start = 3 if word.text[2] == "=" else 2
        value = word.value[start:] if word.value is not None else None
        value_span = Span(word.span.start + start, word.span.end)
        self.options.append(Option(setting, flag, flag_span, value, word.text[start:], value_span, word.span))
        return rest

    def with_value(self, setting: Setting, flag: str, flag_span: Span, rest: list[Word]) -> list[Word]:
        if setting.kind == "flag":
            self.options.append(Option(setting, flag, flag_span, None, "", None, flag_span))
            return rest
        if (not rest or _is_option(rest[0])) and setting.kind in OPTIONAL:
            self.options.append(Option(setting, flag, flag_span, None, "", None, flag_span))
            return rest
        if not rest or _is_option(rest[0]):
            self.problems.append(Problem("missing-value", flag, flag_span))
            return rest
        value = rest[0]
        whole = Span(flag_span.start, value.span.end)
        self.options.append(Option(setting, flag, flag_span, value.value, value.text, value.span, whole))
        return rest[1:]

    def skip_value(
        self, word: Word, flag: str, flag_span: Span, attached: bool, rest: list[Word]
    ) -> list[Word]:
        """After an unknown option: the next word is its value unless it is an option or the app."""
        value = None if attached or not rest or _is_option(rest[0]) else rest[0]
        if value is None or (":" in value.text and self.app is None and not value.text[0].isdigit()):
            self.options.append(Option(None, flag, flag_span, None, "", None, word.span))
            return rest
        span = Span(word.span.start, value.span.end)
        self.options.append(Option(None, flag, flag_span, value.value, value.text, value.span, span))
        return rest[1:]


def _is_option(word: Word) -> bool:
    """Whether argparse takes the word for an option: a dash first, no blank in it, and no negative number."""
    text = word.text
    if not text.startswith("-"):
        return False
    number = text[1:].replace(".", "", 1).isdigit() and not text.endswith(".")
    return len(text) > 1 and not number and " " not in text

"""A line of .env that Dokku reads otherwise than it looks.

## What it does

Finds, in the `.env` of apps on Dokku: comments behind values, blanks before `=`, `$` and backticks in values without
single quotes, double quotes inside a value without any around it, values over several lines, and Windows line ends.

## Why is this bad

herokuish reads the file with four lines of Bash and evaluates all of it as one command. It was tried what
becomes of it:

- `A=1 # note` sets A to `1 # note`;
- `A="x" # note` comments out every setting that follows, the app's own config vars among them;
- `A = 1` sets nothing;
- `A=pa$word` sets A to `pa`;
- `A={"k": "v"}` sets A to `{k: v}`, and a single double quote inside a value ends the build;
- with Windows line ends each value ends in a carriage return;
- a value over two lines ends the build with "unexpected EOF".

## Fix safety

Safe: a comment behind a value moves to the line above, and carriage returns go. Unsafe: single quotes around a value
with double quotes in it, which the app then gets to see. No fix for the others, as the value that is meant is not
certain.

## References

- [herokuish, include/buildpack.bash](https://github.com/gliderlabs/herokuish/blob/master/include/buildpack.bash)
- [Dokku: builder-herokuish, pre-build](https://github.com/dokku/dokku/blob/master/plugins/builder-herokuish/pre-build)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.env import committed
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.dotenv import Dotenv, DotenvEntry

META = Rule("BP610", "dotenv-syntax", "dotenv", Severity.WARNING)

EXAMPLES = (
    bad("A=1 «# note»\nB=2\n", on="dokku", fixed="# note\nA=1\nB=2\n", severity="warning"),
    bad(
        'A="x" «# note»\nB=2\n',
        on="dokku",
        fixed='# note\nA="x"\nB=2\n',
        severity="error",
        message="every setting after",
    ),
    bad("«A =» 1\n", on="dokku"),
    bad("A=«pa$word»\n", on="dokku", message="shell"),
    bad('A=«"one\ntwo"»\n', on="dokku", severity="error"),
    bad(
        'A=«{"k": "v"}»\nB=2\n',
        on="dokku",
        fixed='A=\'{"k": "v"}\'\nB=2\n',
        safety="unsafe",
        severity="warning",
        message="lost",
    ),
    bad('A=«two" long»\nB=2\n', on="dokku", fixed="A='two\" long'\nB=2\n", safety="unsafe", severity="error"),
    bad("«A=1»\r\nB=2\r\n", on="dokku", fixed="A=1\nB=2\n", severity="warning", message="carriage return"),
    ok('A=it\'s\nB="a"\n', on="dokku", title="a single quote stays"),
    ok("# a comment\nA=1\nexport B='pa$word'\nC=\"two words\"\nD=a#b\n", on="dokku"),
    ok("A=1 # note\n", on="heroku", title="not read there"),
    ok({".env.example": "A=1 # note\n"}, on="dokku", title="a template"),
)

_URL = "https://github.com/gliderlabs/herokuish/blob/fbc485e2de50e67f8c986c313e04983e255dd6b6/include/buildpack.bash"


def check(document: Dotenv, app: App) -> Iterator[Finding]:
    """Report what herokuish reads otherwise."""
    on_dokku = app.where(lambda t: t.platform.name == "dokku")
    if document.source.path != ".env" or not on_dokku or not committed(app, ".env"):
        return
    windows = list(_windows(document, app))
    yield from windows
    for finding in _entries(document, app):
        # One fix after the other: new lines would get the line ends that go.
        yield finding._replace(fix=None) if windows else finding


def _entries(document: Dotenv, app: App) -> Iterator[Finding]:
    for entry in document.entries:
        text = document.source.text[slice(*entry.value_span)]
        if entry.comment:
            yield _comment(document, entry, app)
        if entry.spaced:
            span = Span(entry.name_span.start, document.source.text.index("=", entry.name_span.end) + 1)
            yield _finding(document, span, f"nothing is set: {entry.name} stands apart from its =", app)
        if "\n" in text:
            message = f"{entry.name} runs over several lines: the build ends with an error"
            yield _finding(document, entry.value_span, message, app, Severity.ERROR)
        elif not entry.quote and '"' in text:
            yield _quotes(document, entry, text, app)
        elif entry.quote != "'" and _expands(text):
            message = f"a shell replaces $ and backticks in the value of {entry.name}"
            yield _finding(
                document,
                entry.value_span,
                message,
                app,
                help_text="put it into single quotes",
            )


def _windows(document: Dotenv, app: App) -> Iterator[Finding]:
    lines = [line for line in document.source.lines if line.end == "\r\n"]
    if lines and document.entries:
        edits = tuple(
            Edit(document.source.path, Span(line.span.end, line.span.end + 1), "") for line in lines
        )
        message = "each value ends in a carriage return: the file has Windows line ends"
        fix = Fix("Write Unix line ends", Safety.SAFE, edits)
        yield _finding(document, document.entries[0].span, message, app, fix=fix, help_text="save it with LF")


def _quotes(document: Dotenv, entry: DotenvEntry, text: str, app: App) -> Finding:
    """Double quotes in a value without quotes around it: the reader puts it into double quotes as it is."""
    odd = text.count('"') % 2 == 1
    message = f"the double quotes in the value of {entry.name} are lost"
    if odd:
        message = f"a double quote in the value of {entry.name} is not closed: the build ends with an error"
    fix = None
    if "'" not in text:
        edit = Edit(document.source.path, entry.value_span, f"'{text}'")
        fix = Fix("Put it into single quotes", Safety.UNSAFE, (edit,), reason="the app then sees the quotes")
    return _finding(
        document,
        entry.value_span,
        message,
        app,
        Severity.ERROR if odd else Severity.WARNING,
        fix,
        help_text="put it into single quotes",
    )


def _expands(text: str) -> bool:
    """Whether a shell would replace something in the text."""
    followed = (text[at + 1 : at + 2] for at, char in enumerate(text) if char == "$")
    return "`" in text or any(after.isalnum() or after in ("_", "{", "(") for after in followed)


def _comment(document: Dotenv, entry: DotenvEntry, app: App) -> Finding:
    source = document.source
    start = source.text.index(entry.comment, entry.value_span.end)
    span = Span(start, start + len(entry.comment))
    fix = Fix(
        "Move the comment above",
        Safety.SAFE,
        (
            Edit(source.path, Span(entry.line.span.start, entry.line.span.start), f"{entry.comment}\n"),
            Edit(source.path, Span(entry.value_span.end, span.end), ""),
        ),
    )
    if entry.quote:
        message = f"this comment takes every setting after {entry.name} with it"
        return _finding(document, span, message, app, Severity.ERROR, fix)
    return _finding(document, span, f"this comment becomes part of the value of {entry.name}", app, fix=fix)


def _finding(
    document: Dotenv,
    span: Span,
    message: str,
    app: App,
    severity: Severity = Severity.WARNING,
    fix: Fix | None = None,
    help_text: str = "write NAME=value, comments on lines of their own",
) -> Finding:
    return META.found(
        document.source,
        span,
        message,
        help=help_text,
        fix=fix,
        severity=severity,
        evidence=[Evidence("measurement", "tried with herokuish's own lines", _URL, "2026-11-24")],
        on=app.where(lambda t: t.platform.name == "dokku"),
    )

"""A configuration file is not UTF-8 text.

## What it does

Finds files that bpopt and the platforms read as text but that are UTF-16, hold NUL bytes or bytes that are
not UTF-8, or cannot be read at all.

## Why is this bad

Windows PowerShell writes UTF-16 when the output of a command is redirected into a file (`pip freeze >
requirements.txt`, `echo web: ... > Procfile`). To a buildpack such a Procfile has no process types and
such an Aptfile no package that exists; App Platform refuses a spec that is no UTF-8. pip alone recognises
UTF-16 by its byte order mark, so there it is a warning.

## Fix safety

UTF-16 is written again as UTF-8: safe for requirements, which pip reads already, unsafe elsewhere, since what the file
says then takes effect. No fix for NUL bytes and other encodings: what was meant is not certain.

## References

- [PowerShell: about_Character_Encoding](https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_character_encoding)
- [pip: encoding of requirements files](https://pip.pypa.io/en/stable/reference/requirements-file-format/#encoding)
- [YAML 1.2: character encodings](https://yaml.org/spec/1.2.2/#52-character-encodings)
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from bpopt.documents.tree import undecodable
from bpopt.finding import Finding, Fix, NewFile, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import UTF16_BOMS, Source, Span, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App

META = Rule("BP003", "unreadable-file", "app", Severity.ERROR)

EXAMPLES = (
    bad({"Procfile": "web: gunicorn app:app«\0»\n"}, message="NUL"),
    bad({"requirements.txt": "flask«\0»\n"}, severity="error", title="NUL bytes stop pip, too"),
    ok({"Procfile": "# Größe\nweb: gunicorn app:app\n"}, title="UTF-8 beyond ASCII"),
)

# Files without which, or with nonsense in which, an app is still built and run.
_MILD = frozenset({"slugignore", "dotenv", "pyproject"})
# Formats whose readers refuse bytes that are not UTF-8; others pass them on.
_STRICT = frozenset({"app_spec", "project_toml"})


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each file that is no text, and each that has a byte that is not UTF-8."""
    if len(app.sources) == sum(map(len, app.paths.values())) and all(map(attrgetter("plain"), app.sources)):
        return  # as in most apps
    for kind, paths in app.paths.items():
        for path in paths:
            source = app.source(path)
            if source is None:
                yield _missing(path, app.files.trouble(path))
            elif (reason := unreadable(source.raw)) is not None:
                yield _binary(kind, source, reason)
            elif (problem := undecodable(source)) is not None and kind != "gunicorn_conf":
                severity = Severity.ERROR if kind in _STRICT else Severity.WARNING
                help_text = f"save {path} as UTF-8"
                yield META.found(source, problem.span, problem.message, help=help_text, severity=severity)


def _missing(path: str, why: str) -> Finding:
    message = f"{path} cannot be read: {why}"
    return META.found(Source(path, b""), Span(0, 0), message, severity=Severity.WARNING)


def _binary(kind: str, source: Source, reason: str) -> Finding:
    utf16 = source.raw.startswith(UTF16_BOMS)
    at = 0 if utf16 else source.text.index("\0")
    severity = Severity.WARNING if kind in _MILD or (utf16 and kind == "requirements") else Severity.ERROR
    if utf16 and kind == "requirements":
        reason = "is UTF-16: pip knows it by its byte order mark, other tools (bpopt, too) do not"
    return META.found(
        source,
        Span(at, at if utf16 else at + 1),
        f"{source.path} {reason}",
        help="save it as UTF-8" if utf16 else "write the file again as plain UTF-8 text",
        fix=_rewritten(kind, source) if utf16 else None,
        severity=severity,
    )


def _rewritten(kind: str, source: Source) -> Fix | None:
    """The fix that writes the same text as UTF-8, None where the bytes are no whole text."""
    try:
        text = source.raw.decode("utf-16")
    except UnicodeDecodeError:
        return None
    new, gone = (NewFile(source.path, text),), (source.path,)
    if kind == "requirements":
        return Fix("Write it as UTF-8", Safety.SAFE, creates=new, removes=gone)
    reason = "what it says then takes effect"
    return Fix("Write it as UTF-8", Safety.UNSAFE, creates=new, removes=gone, reason=reason)

"""A list of packages or processes begins with a byte order mark.

## What it does

Finds the three bytes EF BB BF at the start of an Aptfile or a Procfile. Editors on Windows write them ("UTF-8 with
BOM") and show nothing of them.

## Why is this bad

Who reads these files takes the mark for part of the first word. apt-get looks for a package whose name begins with it
and ends the build; a comment in the first line is none any more. Dokku and Heroku's Cloud Native Buildpack refuse the
Procfile, and Heroku does not see the process type of the first line, which mostly is `web`.

## Fix safety

Safe: the mark goes, every other byte stays.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [heroku/procfile, grammar](https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md)
- [procfile-util](https://github.com/dokku/procfile-util)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, NewFile, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.text import Source

META = Rule("BP007", "byte-order-mark", "app", Severity.ERROR)

_BOM = "\ufeff"
_WEB = "web: gunicorn app:app\n"

EXAMPLES = (
    bad({"Aptfile": f"{_BOM}«ffmpeg»\ncmake\n"}, fixed={"Aptfile": "ffmpeg\ncmake\n"}, severity="error"),
    bad({"Aptfile": f"{_BOM}«# media»\nffmpeg\n"}, fixed={"Aptfile": "# media\nffmpeg\n"}, on="digitalocean"),
    bad({"Procfile": f"{_BOM}«{_WEB[:-1]}»\n"}, fixed={"Procfile": _WEB}, on="dokku", severity="error"),
    bad({"Procfile": f"{_BOM}«{_WEB[:-1]}»\n"}, fixed={"Procfile": _WEB}, severity="warning"),
    ok({"Procfile": f"{_BOM}# the site\n{_WEB}"}, title="Heroku passes over a line that it cannot read"),
    ok({"Aptfile": f"{_BOM}ffmpeg\n"}, on="heroku-fir", title="not read there"),
    ok({"Aptfile": "# café\nffmpeg\n", "Procfile": _WEB}),
)
_APT = "https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile"
_SPEC = "https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md"


def check(app: App, context: App) -> Iterator[Finding]:
    """Report the marks of the two files that are read line by line."""
    aptfile, procfile = app.aptfile, app.procfile
    if aptfile is not None and aptfile.source.bom:
        on = app.reading("aptfile")
        if on:
            what = "apt-get takes for part of a package's name"
            yield _finding(aptfile.source, what, META.severity, _APT, on)
    if procfile is not None and procfile.source.bom:
        readers = app.reading("procfile")
        strict = tuple(t for t in readers if t.platform.holds("procfile.unparsable_fails"))
        lines = procfile.source.lines
        named = any(process.line.span == lines[0].span for process in procfile.processes)
        if strict and len(strict) == len(readers):
            what = "makes its first line unreadable: the whole Procfile is rejected"
            yield _finding(procfile.source, what, META.severity, _SPEC, strict)
        elif readers and (named or strict):
            what = "hides the process type of its first line"
            yield _finding(procfile.source, what, Severity.WARNING, _SPEC, readers if named else strict)


def _finding(source: Source, what: str, severity: Severity, url: str, on: tuple[Target, ...]) -> Finding:
    first = source.lines[0].strip()[1] if source.lines else Span(0, 0)
    rewritten = (NewFile(source.path, source.text),)
    return META.found(
        source,
        first,
        f"{source.path} begins with a byte order mark, which {what}",
        help="save it as UTF-8 without the mark",
        fix=Fix("Take the byte order mark out", Safety.SAFE, creates=rewritten, removes=(source.path,)),
        severity=severity,
        evidence=[Evidence("fact", "the mark is read as text", url, "2026-11-23")],
        on=on,
    )

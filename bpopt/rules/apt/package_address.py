"""The address of a .deb file or a repository does not work, or is not safe.

## What it does

Finds .deb files of the repository itself (`./foo.deb`), blanks behind the address of a .deb file, addresses without
encryption, and repositories that apt has no key for.

## Why is this bad

A line that ends in `deb` goes to curl as an address: a path in the repository is none, and the build ends. With a
blank behind it, the Heroku buildpack takes the line for the name of a package. Over plain http, whoever sits between
can put code into the build. apt refuses a repository whose signature it cannot check, unless the line says
`[trusted=yes]` or `[signed-by=...]`.

## Fix safety

Safe for blanks behind an address. Unsafe for `https`, since the server may not offer it.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [sources.list(5)](https://manpages.debian.org/bookworm/apt/sources.list.5.en.html)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.apt import HEROKU_APT, readers
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile, AptLine

META = Rule("BP112", "package-address", "aptfile", Severity.WARNING)

EXAMPLES = (
    bad("«./local.deb»\n«vendor/tool.deb»\ncmake\n", severity="error", title="a file of the repository"),
    bad("https://example.com/tool.deb«  »\n", fixed="https://example.com/tool.deb\n", severity="error"),
    bad("«http://example.com/tool.deb»\n", fixed="https://example.com/tool.deb\n", safety="unsafe"),
    bad(":repo:«deb https://example.com/apt stable main»\ntool\n", message="no key"),
    bad(":repo:«deb [arch=amd64] https://example.com/apt stable main»\ntool\n", message="no key"),
    bad(
        ":repo:«deb [trusted=yes] http://example.com/apt stable main»\ntool\n",
        fixed=":repo:deb [trusted=yes] https://example.com/apt stable main\ntool\n",
        safety="unsafe",
        message="neither encrypted nor signed",
    ),
    ok("https://example.com/tool.deb\ncmake\n"),
    ok("https://example.com/tool.deb  \n", on="digitalocean", title="DigitalOcean takes the blanks off"),
    ok(
        ":repo:deb [trusted=yes] https://example.com/apt stable main\n",
        title="the line says that it is trusted",
    ),
    ok(":repo:deb http://archive.ubuntu.com/ubuntu noble main\n", title="the archive's own key is there"),
)
FACT = Evidence("fact", "a line ending in deb is an address for curl", HEROKU_APT, "2026-11-23")
_OWN = ("archive.ubuntu.com", "security.ubuntu.com", "apt.postgresql.org", "deb.debian.org")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report what is wrong with addresses."""
    targets = readers(app)
    for entry in aptfile.entries if targets else ():
        if entry.kind == "deb" and len(entry.words) == 1:
            yield from _deb(aptfile, entry, app, targets)
        elif entry.kind == "repo" and not entry.indented:
            yield from _repository(aptfile, entry, targets)


def _deb(aptfile: Aptfile, entry: AptLine, app: App, targets: tuple[Target, ...]) -> Iterator[Finding]:
    word = entry.words[0]
    source = aptfile.source
    if "://" not in word.text:
        message = (
            f"{word.text} is no address: the buildpack fetches .deb files, it does not look into the app"
        )
        help_text = "give an https address, or install the package by its name"
        yield META.found(
            source, word.span, message, help=help_text, severity=Severity.ERROR, evidence=[FACT], on=targets
        )
    elif word.text.startswith("http://"):
        edit = Edit(source.path, Span(word.span.start, word.span.start + 7), "https://")
        fix = Fix("Write https", Safety.UNSAFE, (edit,), reason="the server may not offer it")
        yield META.found(
            source,
            word.span,
            "a package is fetched without encryption",
            help="use https",
            fix=fix,
            on=targets,
        )
    blanks = Span(word.span.end, entry.line.span.end)
    strict = [t for t in targets if t.platform.holds("aptfile.trailing_blank_after_url") is False]
    if blanks.end > blanks.start and strict and "://" in word.text:
        yield META.found(
            source,
            blanks,
            "blanks behind the address make it the name of a package",
            help="take the blanks out",
            fix=Fix("Take the blanks out", Safety.SAFE, (Edit(source.path, blanks, ""),)),
            severity=Severity.ERROR,
            evidence=[FACT],
            on=strict,
        )


def _repository(aptfile: Aptfile, entry: AptLine, targets: tuple[Target, ...]) -> Iterator[Finding]:
    text = entry.line.text.strip()
    if any(host in text for host in _OWN) or "signed-by=" in text:
        return
    start = entry.words[0].span.start + len(":repo:")
    if "trusted=yes" in text:
        yield from _unencrypted(aptfile, entry, Span(start, entry.words[-1].span.end), targets)
        return
    yield META.found(
        aptfile.source,
        Span(start, entry.words[-1].span.end),
        "apt has no key for this repository, so it refuses its packages",
        help="write [trusted=yes] behind deb if you trust the address itself, or [signed-by=...]",
        on=targets,
    )


def _unencrypted(
    aptfile: Aptfile, entry: AptLine, span: Span, targets: tuple[Target, ...]
) -> Iterator[Finding]:
    """Whoever sits between can answer for a repository that is trusted without a signature, unless by https."""
    at = aptfile.source.text.find("http://", *span)
    if at < 0:
        return
    edit = Edit(aptfile.source.path, Span(at, at + 7), "https://")
    yield META.found(
        aptfile.source,
        span,
        "the packages of this repository are neither encrypted nor signed: whoever sits between can change them",
        help="use https, or give the key by [signed-by=...]",
        fix=Fix("Write https", Safety.UNSAFE, (edit,), reason="the server may not offer it"),
        on=targets,
    )

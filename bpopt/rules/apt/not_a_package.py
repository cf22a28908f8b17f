"""A word of the apt list cannot be the name of a package.

## What it does

Finds shell commands (`apt-get install`), a backslash at the end of a line, quotes, options, and other words that are
no package name, address or repository.

## Why is this bad

An apt list is no shell script: every word of a line is a package name. apt-get ends with "Unable to locate package",
and the build with it. Options such as `-y` reach apt-get on Heroku, where they change nothing or too much, and are
taken for a name on DigitalOcean.

## Fix safety

Unsafe: the words go, the packages stay. What was meant by them may have been something else.

## References

- [heroku-buildpack-apt, bin/compile](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile)
- [Names of packages, Debian Policy](https://www.debian.org/doc/debian-policy/ch-controlfields.html#source)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.patterns import Pattern
from bpopt.rules.apt import HEROKU_APT, is_distribution, readers, remove_word
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.run.other_format import recognised
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.aptfile import Aptfile, AptLine, AptWord

META = Rule("BP110", "not-a-package", "aptfile", Severity.ERROR)

_WITH_VALUE = frozenset({"-t", "-o", "-c", "--target-release"})
CONTINUED = "\\"
COMMANDS = frozenset({"sudo", "apt-get", "install", "RUN", "run", "update", "&&", "heroku", CONTINUED})
# A name, a pattern, with an architecture, a version or a suite behind it; what apt-get takes as its argument.
_ARGUMENT = Pattern(
    r"[A-Za-z0-9*?\[\]^][A-Za-z0-9+.\-*?\[\]^$~]*(?::(?:amd64|i386|arm64|armhf|all|any|native))?"
    r"(?:[=/][A-Za-z0-9+.:~\-*]+)?[+-]?$"
)

# Long options of apt-get, without the `no-` that some of them take.
_OPTIONS = frozenset({
    "allow-change-held-packages", "allow-downgrades", "allow-releaseinfo-change", "allow-remove-essential",
    "allow-unauthenticated", "assume-no", "assume-yes", "auto-remove", "autoremove", "build-profiles", "config-file",
    "default-release", "dist-upgrade", "download", "download-only", "fix-broken", "fix-missing", "fix-policy",
    "force-yes", "host-architecture", "ignore-hold", "ignore-missing", "install-recommends", "install-suggests",
    "just-print", "list-cleanup", "no-act", "only-source", "only-upgrade", "option", "print-uris", "purge", "quiet",
    "recon", "reinstall", "remove", "show-progress", "show-upgraded", "simulate", "solver", "target-release",
    "trivial-only", "upgrade", "verbose-versions", "with-source", "yes", "act", "dry-run", "version", "help",
})  # fmt: skip

EXAMPLES = (
    bad(
        "«sudo apt-get install -y» ffmpeg\n",
        fixed="ffmpeg\n",
        safety="unsafe",
        title="a command instead of names",
    ),
    bad("«apt-get update»\nffmpeg\n", fixed="ffmpeg\n", safety="unsafe", severity="error"),
    bad(
        "libjpeg-dev «\\»\n    ffmpeg \\\n    curl\n",
        fixed="libjpeg-dev\n    ffmpeg\n    curl\n",
        safety="unsafe",
        message="2 lines end",
    ),
    bad("«-y» ffmpeg\n", fixed="ffmpeg\n", safety="unsafe", on="digitalocean"),
    bad("«face_recognition»\n", message="is a Python package"),
    bad("ffmpeg\n«Flask==3.1.3»\n", message="a line for pip"),
    bad("libsm6\n«© 2021 Example, Inc.»\n", message="names no packages", title="the rest of a web page"),
    bad('«"libjpeg-dev"»\n', title="quotes are part of the name"),
    bad(
        "«heroku buildpacks:add --index 1 heroku-community/apt»\nffmpeg\n",
        fixed="ffmpeg\n",
        safety="unsafe",
    ),
    ok(
        "mysql-client-*\nfoo=1.2-3\nfoo/noble-backports\nlibc6:i386\ng++ libstdc++6\n",
        title="what apt-get takes",
    ),
    bad("ffmpeg «--disable-debug»\n", fixed="ffmpeg\n", safety="unsafe", message="apt-get has no option"),
    ok("-t noble-backports ffmpeg\n", title="Heroku passes options on"),
    ok("ffmpeg -y\n--no-install-recommends curl\n", title="options that apt-get has"),
    ok(
        "https://example.com/foo.deb\n./local.deb\n:repo:deb http://a b c\n",
        title="addresses and repositories",
    ),
    ok("apt-transport-https\nlib[ab]c\n", title="a package, and a pattern"),
    ok("Flask==3.1.3\ngunicorn==27.0.1\n", title="a list for pip: other-format speaks"),
)
FACT = Evidence("fact", "every word is passed to apt-get as a package", HEROKU_APT, "2026-11-23")


def check(aptfile: Aptfile, app: App) -> Iterator[Finding]:
    """Report words that apt-get can only refuse, once for a line, and lines that go on, once for the file."""
    targets = readers(app)
    options = app.where(
        lambda t: t.platform.reads("aptfile") and t.platform.holds("aptfile.options_passed") is False
    )
    continued: list[AptWord] = []
    # A file in another format has a rule of its own.
    for entry in aptfile.entries if targets else ():
        if entry.kind != "packages":
            continue
        if not names_packages(entry):
            taken = all(_ARGUMENT.match(word.text) for word in entry.words)
            if not taken and recognised(aptfile.source, "aptfile") is None:
                yield _no_names(aptfile, entry, app, targets)
            continue
        words = list(_words(entry))
        if words and words[-1].text == CONTINUED:
            continued.append(words.pop())
        wrong = [w for w in words if w.text in COMMANDS or not (_ARGUMENT.match(w.text) or w.text[0] == "-")]
        if wrong and wrong[0].text == "heroku":
            wrong = words
        elif wrong or options:
            wrong += [w for w in words if w.text[0] == "-"]
        else:
            wrong = [w for w in words if _unknown_option(w)]
        if wrong:
            certain = set(wrong) - _flags(wrong) or any(_unknown_option(w) for w in wrong)
            on = targets if certain else options
            yield _finding(aptfile, app, words, sorted(wrong, key=lambda w: w.span), on)
    if continued:
        yield _continued(aptfile, continued, targets)


def is_shell(entry: AptLine) -> bool:
    """Whether a line is a command of a shell rather than a list of names."""
    return entry.kind == "packages" and any(word.text in COMMANDS - {CONTINUED} for word in entry.words)


def _unknown_option(word: AptWord) -> bool:
    """Whether a word is a long option that apt-get certainly does not have (tried with apt 2.6.1)."""
    name = word.text.removeprefix("--").removeprefix("no-").partition("=")[0]
    return word.text.startswith("--") and bool(name) and name not in _OPTIONS


def _no_names(aptfile: Aptfile, entry: AptLine, app: App, on: tuple[Target, ...]) -> Finding:
    """A line of prose or code, or one for pip."""
    text, span = entry.line.strip()
    pip = "==" in text and is_distribution(re.split(r"[\[=]", text)[0].strip(), app)
    return META.found(
        aptfile.source,
        span,
        f"{text} is a line for pip, and apt-get knows no such package"
        if pip
        else f"{text[:40]!r} names no packages",
        help="move it to requirements.txt" if pip else "remove it, or make it a comment with # in front",
        evidence=[FACT],
        on=on,
    )


def _flags(words: list[AptWord]) -> set[AptWord]:
    return {word for word in words if word.text[0] == "-"}


def _words(entry: AptLine) -> Iterator[AptWord]:
    for word in entry.words:
        if word.text.startswith("#"):
            return
        yield word


# What no name of a package has in it, but tables, prose and code do.
_MARKS = frozenset("[{<>`;(")


def names_packages(entry: AptLine) -> bool:
    """Whether the line is meant to name packages at all, rather than to be a table, prose or code."""
    text = entry.line.text
    return _MARKS.isdisjoint(text) and "==" not in text and " = " not in text and text.isascii()


def _finding(
    aptfile: Aptfile, app: App, words: list[AptWord], wrong: list[AptWord], on: tuple[Target, ...]
) -> Finding:
    fix = None
    removable = [w for w in wrong if w.text in COMMANDS or w.text[0] == "-" or words[0].text == "heroku"]
    if len(removable) == len(wrong) and _WITH_VALUE.isdisjoint(w.text for w in wrong):
        reason = "it may have been meant to do something that the buildpack does not do"
        gone = set(wrong)
        kept = " ".join(w.text for w in words if w not in gone)
        span = Span(words[0].span.start, words[-1].span.end)
        edit = Edit(aptfile.source.path, span if kept else aptfile.source.whole_line(span), kept)
        fix = Fix("Leave the names of packages alone", Safety.UNSAFE, (edit,), reason=reason)
    names = " ".join(word.text for word in wrong)
    message = f"{names} is no package name, and apt-get takes it for one"
    if (
        len(wrong) == 1
        and _unknown_option(wrong[0])
        and not any("digitalocean" in t.platform.name for t in on)
    ):
        message = f"apt-get has no option {names}: it ends with an error"
    pip = len(wrong) == 1 and wrong[0].text[0].isalnum() and is_distribution(wrong[0].text, app)
    if pip:
        message = f"{names} is a Python package, which pip installs: apt-get has none of that name"
    return META.found(
        aptfile.source,
        Span(wrong[0].span.start, wrong[-1].span.end),
        message,
        help="move it to requirements.txt" if pip else "write the bare names of packages, one on a line",
        fix=fix,
        evidence=[FACT],
        on=on,
    )


def _continued(aptfile: Aptfile, marks: list[AptWord], on: tuple[Target, ...]) -> Finding:
    """One finding for all lines that end in a backslash."""
    edits = tuple(remove_word(aptfile.source, mark) for mark in marks)
    lines = f"{len(marks)} lines end" if len(marks) > 1 else "the line ends"
    return META.found(
        aptfile.source,
        marks[0].span,
        f"{lines} in a backslash, which apt-get takes for the name of a package",
        help="take the backslashes out: each line stands for itself",
        fix=Fix(
            "Take the backslashes out", Safety.UNSAFE, edits, reason="the lines then stand for themselves"
        ),
        evidence=[FACT],
        on=on,
    )

"""A pip option that a requirements file cannot have.

## What it does

Finds options on a requirement's line other than `--hash`, `--config-settings` and `--global-option`, and
options on lines of their own that pip has on its command line only, such as `--upgrade`, `--user` and
`--no-deps`.

## Why is this bad

pip ends with "error: no such option" before it installs anything: `grad-cam==1.4.8 --no-deps` stops the
build.

## Fix safety

Unsafe: the option goes. Nothing else can be done in a requirements file, but what the option was to change
stays as it was.

## References

- [pip: requirements file format, supported options](https://pip.pypa.io/en/stable/reference/requirements-file-format/#supported-options)
- [pip: per-requirement options](https://pip.pypa.io/en/stable/reference/requirements-file-format/#per-requirement-options)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.requirements import installed
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Option, Requirements

META = Rule("BP711", "misplaced-option", "requirements", Severity.ERROR)

EXAMPLES = (
    bad("grad-cam==1.4.8 «--no-deps»\n", fixed="grad-cam==1.4.8\n", safety="unsafe", message="--no-deps"),
    bad("«--upgrade»\nflask\n", fixed="flask\n", safety="unsafe"),
    ok("flask==3.1.3 --hash=sha256:aa\n"),
    ok("--extra-index-url https://example.org/simple\n--no-binary dlib\nflask\n"),
    ok("-r base.txt\n-e .\nflask\n"),
    ok(
        {"requirements-dev.txt": "black --no-deps\n", "requirements.txt": "flask\n"},
        title="not installed by the build",
    ),
)

_PER_REQUIREMENT = frozenset({"--hash", "--config-settings", "--config-setting", "--global-option"})
# Options of `pip install` that people copy into the file (those it may hold are many and grow).
_COMMAND_LINE = frozenset(
    {
        "--no-deps",
        "--upgrade",
        "-U",
        "--user",
        "--force-reinstall",
        "--ignore-installed",
        "-I",
        "--no-cache-dir",
        "--target",
        "-t",
        "--prefix",
        "--root",
        "--quiet",
        "-q",
        "--verbose",
        "-v",
        "--no-build-isolation",
        "--break-system-packages",
        "--upgrade-strategy",
        "--timeout",
        "--default-timeout",
        "--retries",
        "--proxy",
    }
)


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report each option that pip refuses where it stands."""
    if not installed(document, app):
        return
    for entry in document.requirements:
        for option in entry.options:
            if option.name not in _PER_REQUIREMENT:
                yield _finding(document, option, f"pip takes no {option.name} on a requirement's line")
    for option in document.options:
        if option.name in _COMMAND_LINE:
            yield _finding(
                document, option, f"{option.name} is an option of pip's command line, not of this file"
            )


def _finding(document: Requirements, option: Option, message: str) -> Finding:
    source = document.source
    line = source.whole_line(option.span)
    alone = source.text[slice(*line)].strip() == source.text[slice(*option.span)].strip()
    before = source.text[line.start : option.span.start]
    span = line if alone else Span(line.start + len(before.rstrip(" \t")), option.span.end)
    fix = Fix(
        f"Remove {option.name}", Safety.UNSAFE, (Edit(source.path, span, ""),), reason="its effect is lost"
    )
    return META.found(source, option.span, f"{message}: it ends with an error", help="remove it", fix=fix)

"""A file is written in another format than its name promises.

## What it does

Recognises what was pasted into the wrong file: an Aptfile that is a shell script, TOML or a list for pip; a Procfile
that is YAML, JSON, TOML, Python, a Dockerfile or a script; a .slugignore that is Python or a list for pip; a
runtime.txt that is a list for pip or TOML; a requirements.txt that is the table of `pip list`, TOML or a conda
environment; a web page in place of any of them.

## Why is this bad

Each reader takes what it finds literally. apt looks for a package called `apt-get`, pip for one called
`Package`, and the build ends there; a Procfile in YAML has a process type `services` and none called
`web`.

## Fix safety

There is no fix: the file has to be written anew.

## References

- [heroku-buildpack-apt: the Aptfile](https://github.com/heroku/heroku-buildpack-apt#readme)
- [Heroku: the Procfile](https://devcenter.heroku.com/articles/procfile)
- [pip: requirements file format](https://pip.pypa.io/en/stable/reference/requirements-file-format/)
"""

from __future__ import annotations

import re
from itertools import compress, repeat
from operator import contains
from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.patterns import Pattern
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.text import Line, Source

META = Rule("BP005", "other-format", "app", Severity.ERROR)

EXAMPLES = (
    bad({"Aptfile": "«#!/bin/bash»\napt-get update\napt-get install -y libpq-dev\n"}, message="shell script"),
    bad({"Aptfile": '«[packages]»\nlibxcb1 = "*"\n'}, message="TOML"),
    bad({"Aptfile": "«Flask==3.1.3»\ngunicorn==27.0.1\n"}, message="list for pip"),
    bad(
        {"Procfile": "«services:»\n  - type: web\n    name: faces\n    startCommand: gunicorn app:app\n"},
        message="YAML",
    ),
    bad({"Procfile": '«{»\n  "web": "gunicorn app:app"\n}\n'}, message="JSON"),
    bad({"Procfile": '«[processes]»\nweb = "gunicorn app:app"\n'}, message="TOML"),
    bad({"Procfile": "«from flask import Flask»\nimport os\n\napp = Flask(__name__)\n"}, message="Python"),
    bad({"Procfile": "«FROM python:3.13»\nCOPY . .\nCMD gunicorn app:app\n"}, message="Dockerfile"),
    bad({".slugignore": "«import os»\nfrom flask import Flask\n\napp = Flask(__name__)\n"}, message="Python"),
    bad({"runtime.txt": "«Flask==3.1.3»\ngunicorn==27.0.1\n"}, message="list for pip"),
    bad(
        {"requirements.txt": "«Package    Version»\n---------- -------\nFlask      3.1.3\n"},
        message="pip list",
    ),
    bad(
        {"requirements.txt": "«name: faces»\nchannels:\n  - conda-forge\ndependencies:\n  - flask\n"},
        message="conda",
    ),
    bad({"Aptfile": "«<!DOCTYPE html>»\n<html><body>Page</body></html>\n"}, message="web page"),
    ok({"Aptfile": "# bash\ncmake\nlibpq-dev\n"}),
    ok({"Aptfile": "libpq-dev=15.2-1\nhttps://example.org/a==b.deb\n"}, title="a version for apt"),
    ok({"Procfile": "web: gunicorn app:app\nrelease: python manage.py migrate\n"}),
    ok({"Procfile": "web: python -c 'import os'\nfrom: python a.py\n"}),
    ok({"Procfile": "web: bash -c 'a:\n  b'\n"}, title="an odd line is no other format"),
    ok({".slugignore": "docs\nimport\n*.md\n"}),
    ok({"requirements.txt": "name\nflask==3.1.3\n"}),
)

_REQUIREMENT = Pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[^\]]*\])?[ \t]*(==|>=|~=)[ \t]*[0-9*]")
_TABLE = Pattern(r"\[\[?[A-Za-z0-9_.\"-]+\]\]?\s*$")
_PYTHON = Pattern(
    r"(import [a-z_.]+( as \w+)?|from [\w.]+ import .+|def \w+\(.*|class \w+.*:|@\w+.*|if __name__ ==.*)$"
)
_YAML_ITEM = Pattern(r"\s*- ?[A-Za-z_]+:(\s|$)|\s+[A-Za-z_]+:\s+\S")
_FEW = 2  # lines that have to look alike before a whole file is judged


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each file that is something else, at the first line that shows it."""
    for kind, (name, _) in _SUSPECTS.items():
        for path in app.paths.get(kind, ()):
            source = app.source(path)
            found = recognised(source, kind) if source is not None else None
            if source is not None and found is not None and app.document(kind, path) is not None:
                yield _finding(source, name, *found)


def recognised(source: Source, kind: str) -> tuple[str, Line] | None:
    """The other format that a file of a kind has, and the line that shows it; None if it has none."""
    # A word that such a file must have spares most files the closer look.
    hints, formats = _HINTED[kind]
    likely = dict.fromkeys(compress(formats, map(contains, repeat(source.text), hints)))
    if not likely:
        return None
    lines = [line for line in source.lines[:400] if line.text.strip()]
    return next(((what, at) for what, test in likely if (at := test(lines)) is not None), None)


def _finding(source: Source, name: str, what: str, line: Line) -> Finding:
    return META.found(
        source,
        line.strip()[1],
        f"this {name} is {what}",
        help=f"write it anew as {_SHAPES[name]}",
    )


def _page(lines: list[Line]) -> Line | None:
    first = lines[0] if lines else None
    return (
        first if first is not None and first.text.strip().lower().startswith(("<!doctype", "<html")) else None
    )


def _script(lines: list[Line]) -> Line | None:
    return lines[0] if lines and lines[0].text.startswith("#!") and len(lines) > 1 else None


def _most(lines: list[Line], pattern: re.Pattern[str]) -> Line | None:
    """The first line of a pattern that at least two lines, and half of all, follow."""
    written = [line for line in lines if not line.text.strip().startswith("#")]
    alike = [line for line in written if pattern.match(line.text.strip())]
    return alike[0] if len(alike) >= _FEW and len(alike) * 2 >= len(written) else None


def _requirements(lines: list[Line]) -> Line | None:
    return _most(lines, _REQUIREMENT)


def _python(lines: list[Line]) -> Line | None:
    alike = [line for line in lines if _PYTHON.match(line.text.strip())]
    return alike[0] if len(alike) >= _FEW else None


def _toml(lines: list[Line]) -> Line | None:
    tables = [line for line in lines if _TABLE.match(line.text.strip())]
    pairs = [line for line in lines if re.match(r"[A-Za-z0-9_.\"-]+\s*=\s*[\"'\[{0-9tf]", line.text.strip())]
    return tables[0] if tables and pairs else None


def _json(lines: list[Line]) -> Line | None:
    return lines[0] if lines and lines[0].text.strip() == "{" and lines[-1].text.strip() == "}" else None


def _dockerfile(lines: list[Line]) -> Line | None:
    """The FROM of a Dockerfile, where another instruction follows it."""
    first = next((line for line in lines if re.match(r"FROM \S+", line.text)), None)
    steps = any(re.match(r"(RUN|COPY|CMD|WORKDIR|ENTRYPOINT|ENV|EXPOSE) ", line.text) for line in lines)
    return first if steps else None


def _yaml(lines: list[Line]) -> Line | None:
    """A key without a value that opens a block, and at least two lines of a block."""
    block = [line for line in lines if _YAML_ITEM.match(line.text)]
    keys = [line for line in lines if re.match(r"[A-Za-z_]+:\s*$", line.text)]
    return keys[0] if keys and len(block) >= _FEW and keys[0].span.start < block[0].span.start else None


def _pip_list(lines: list[Line]) -> Line | None:
    head = next((line for line in lines if line.text.split() == ["Package", "Version"]), None)
    return head if head is not None and any(set(line.text.split(" ")[0]) == {"-"} for line in lines) else None


def _conda(lines: list[Line]) -> Line | None:
    keys = {line.text.split(":")[0]: line for line in lines if re.match(r"[a-z]+:", line.text)}
    return lines[0] if "dependencies" in keys and ("name" in keys or "channels" in keys) else None


_SUSPECTS = {
    "aptfile": (
        "Aptfile",
        (
            ("a web page", _page),
            ("a shell script", _script),
            ("TOML", _toml),
            ("a list for pip", _requirements),
        ),
    ),
    "procfile": (
        "Procfile",
        (
            ("a web page", _page),
            ("a shell script", _script),
            ("a Dockerfile", _dockerfile),
            ("JSON", _json),
            ("TOML", _toml),
            ("Python", _python),
            ("YAML", _yaml),
        ),
    ),
    "slugignore": (
        ".slugignore",
        (
            ("a web page", _page),
            ("a shell script", _script),
            ("Python", _python),
            ("a list for pip", _requirements),
        ),
    ),
    "runtime_txt": (
        "runtime.txt",
        (("a web page", _page), ("TOML", _toml), ("a list for pip", _requirements)),
    ),
    "requirements": (
        "requirements.txt",
        (
            ("a web page", _page),
            ("the table of pip list", _pip_list),
            ("a conda environment", _conda),
            ("TOML", _toml),
        ),
    ),
}
_HINTS = {
    "a web page": ("<",),
    "a shell script": ("#!",),
    "TOML": ("[",),
    "JSON": ("{",),
    "a Dockerfile": ("FROM ",),
    "a list for pip": ("==", ">=", "~="),
    "YAML": (":\n", ":\r\n"),
    "Python": ("import ", "def ", "class "),
    "the table of pip list": ("Package",),
    "a conda environment": ("dependencies:",),
}
# The words of a kind of file, and the format that each is one of.
_HINTED = {
    kind: tuple(zip(*[(hint, one) for one in formats for hint in _HINTS[one[0]]], strict=True))
    for kind, (_, formats) in _SUSPECTS.items()
}
_SHAPES = {
    "Aptfile": "a list of apt packages, one a line",
    "Procfile": "lines of the form web: gunicorn module:app",
    ".slugignore": "patterns of files, one a line",
    "runtime.txt": "one line such as python-3.13.1, or better as a .python-version with 3.13",
    "requirements.txt": "the output of pip freeze",
}

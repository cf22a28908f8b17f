"""runtime.txt does not say a version in the way that the buildpack reads.

## What it does

Finds content of `runtime.txt` other than one line `python-X.Y` or `python-X.Y.Z`; comment lines are allowed.

## Why is this bad

The buildpack compares the whole content: with anything else the build ends with "Invalid Python version in
runtime.txt". `python 3.12.4`, `3.12.4`, `Python = 3.12.4` and `python-3.12.x` are all refused.

## Fix safety

Safe where the line holds exactly one version, as in `Python = 3.12.4` or `python-3.12.x`; a comment behind it moves to
a line of its own. After a byte order mark a `.python-version` takes the place of the file. Without a version there is
no fix, and unsafe is the one that takes it from the first line of what an interpreter prints.

## References

- [Heroku's Python buildpack: what runtime.txt may say](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/python_version.sh)
- [Heroku: supported Python versions](https://devcenter.heroku.com/articles/python-support)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.patterns import Pattern
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import (
    CHECKED,
    VERSION_SH,
    another_format,
    as_python_version,
    first_span,
    pushable,
    well_formed,
)
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.python_version import PythonVersion, Requested

META = Rule("BP503", "invalid-runtime-txt", "runtime_txt", Severity.ERROR)

_SAID = Pattern(
    r"\W*+(?:[Pp][Yy][Tt][Hh][Oo][Nn])?[\s=:\-_~v`'\"]*+([0-9]\.[0-9]{1,2}(?:\.[0-9]{1,2})?)(?:\.[x*])?[\s`'\";]*(#.*)?"
)
# What `python -VV` and sys.version say: the version, then in brackets when it was built.
_BANNER = Pattern(r"(?:Python:? )?([0-9]\.[0-9]{1,2}\.[0-9]{1,2}) [(|].*")

EXAMPLES = (
    bad("«Python = 3.12.4»\n", fixed="python-3.12.4\n"),
    bad("# ours\n«3.12.4»\n", fixed="# ours\npython-3.12.4\n", on="digitalocean"),
    bad("«`python-3.12.4`»\n", fixed="python-3.12.4\n"),
    bad("«python-3.12.x»\n", fixed="python-3.12\n", title="any patch release"),
    bad("«python-3.12.4 # as locally»\n", fixed="# as locally\npython-3.12.4\n"),
    bad("«python-3»\n", title="no whole version"),
    bad(
        "«Python: 3.11.13 (main, Jun  4 2025, 08:57:29) [GCC 11.4.0]»\nLinux\n",
        fixed="python-3.11.13\n",
        safety="unsafe",
        title="what an interpreter prints",
    ),
    bad("«python-3.6.15\\naaaaaaa»\n", title="a backslash and an n are no new line"),
    bad("«python-3.12.4»\npython-3.11.9\n", title="two versions"),
    bad("«python-3.08.1»\n", fixed="python-3.8.1\n", title="a leading zero"),
    bad("«»# none yet\n", message="no version"),
    bad(
        "\ufeffpython-3.12.4\n",
        fixed={"runtime.txt": None, ".python-version": "3.12.4\n"},
        message="byte order mark",
    ),
    bad("\ufeffpython-three\n", message="byte order mark"),
    ok("python-3.12.4\n"),
    ok("# as locally\npython-3.12\n\n\n\n", title="comments and blank lines are dropped"),
    ok("python-3.12.4\r\n", title="carriage returns are trimmed"),
    ok("flask==3.1.3\ngunicorn==27.0.1\n", title="another format: another rule speaks"),
    ok("Python = 3.12.4\n", on="heroku-fir", title="not read at all"),
)


def check(runtime: PythonVersion, app: App) -> Iterator[Finding]:
    """Report content that the buildpacks refuse."""
    on = app.reading("runtime_txt")
    if not on or another_format(runtime):
        return
    request = runtime.request
    if request is not None and well_formed(request) and not runtime.source.bom:
        return
    yield META.found(
        runtime.source,
        first_span(runtime),
        f"{_said(runtime)}, so the build ends",
        help="write one line such as python-3.13.1, or better, a file .python-version with 3.13",
        fix=_fix(runtime, request, app),
        evidence=[
            Evidence("fact", "the whole content must be python-X.Y or python-X.Y.Z", VERSION_SH, CHECKED)
        ],
        on=on,
    )


def _said(runtime: PythonVersion) -> str:
    if not runtime.requests:
        return "no version in runtime.txt"
    if len(runtime.requests) > 1:
        return f"{len(runtime.requests)} lines are not of the form python-X.Y.Z"
    if runtime.source.bom:
        return "a byte order mark stands before the version"
    return f"{runtime.requests[0].text[:40]} is not of the form python-X.Y.Z"


def _fix(runtime: PythonVersion, request: Requested | None, app: App) -> Fix | None:
    if runtime.source.bom:  # an edit does not reach the mark
        good = request is not None and well_formed(request) and not app.has(".python-version")
        return pushable(as_python_version(runtime, request.version or ""), app) if good and request else None
    said = _SAID.fullmatch(request.text) if request is not None else None
    if request is not None and said is not None:
        new = _named(said[1])
        comment = f"{said[2].rstrip()}{runtime.source.newline}" if said[2] else ""
        return Fix(f"Write {new}", Safety.SAFE, (Edit(runtime.source.path, request.span, comment + new),))
    banner = _BANNER.fullmatch(runtime.requests[0].text) if runtime.requests else None
    if banner is None:
        return None
    new, last = _named(banner[1]), runtime.requests[-1].span.end
    edit = Edit(runtime.source.path, Span(runtime.requests[0].span.start, last), new)
    return Fix(f"Write {new}", Safety.UNSAFE, (edit,), reason="the rest of what the interpreter printed goes")


def _named(version: str) -> str:
    return "python-" + ".".join(str(int(number)) for number in version.split("."))

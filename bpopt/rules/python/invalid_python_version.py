""".python-version does not say a version in the way that the buildpack reads.

## What it does

Finds content other than one line `X.Y` or `X.Y.Z`: a prefix, quotes, a comment behind the version, `3` alone, a
wildcard, `pypy`, two versions, none at all, leading zeros (except on Heroku Fir), a byte order mark.

## Why is this bad

pyenv and uv take more than the buildpacks do. There, anything else ends the build with "Invalid Python version in
.python-version"; comments may only stand on lines of their own.

## Fix safety

Safe where the line holds one version with something around it that says nothing (`python-3.13`, `"3.13"`) or a
comment, which moves to a line of its own. Unsafe where the file has several versions: the first one stays, as it is
the one that pyenv uses.

## References

- [Heroku's Python buildpack: what .python-version may say](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/python_version.sh)
- [Heroku: specifying a Python version](https://devcenter.heroku.com/articles/python-runtimes)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.patterns import Pattern
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.python import CHECKED, VERSION_SH, first_span
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.python_version import PythonVersion, Requested

META = Rule("BP504", "invalid-python-version", "python_version", Severity.ERROR)

_VALID = Pattern(r"[1-9][0-9]*\.(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))?")
_SAID = Pattern(
    r"[\"'`]?(?:python|cpython)?[-@= ]?v?(?P<version>0?[0-9]\.[0-9]{1,3}(?:\.[0-9]{1,3})?)(?:\.\*)?[\"'`]?"
    r"[ \t]*(?P<comment>#.*)?",
    re.IGNORECASE,
)

EXAMPLES = (
    bad("«python-3.13»\n", fixed="3.13\n"),
    bad('# ours\n«"3.13.1"»\n', fixed="# ours\n3.13.1\n", on=("heroku-fir", "digitalocean")),
    bad("«3.13 # as locally»\n", fixed="# as locally\n3.13\n"),
    bad("«3.13.*»\n", fixed="3.13\n"),
    bad("«3»\n", message="3 is"),
    bad("«pypy3.10-7.3.17»\n"),
    bad("«3.13»\n3.12\n", fixed="3.13\n", safety="unsafe", message="2 versions"),
    bad("«»# none yet\n", message="no version"),
    bad("\ufeff3.13\n", on="heroku", message="byte order mark"),
    bad("«3.013»\n", fixed="3.13\n", on=("heroku", "scalingo"), title="a leading zero"),
    ok("3.013\n", on="heroku-fir", title="leading zeros are read there"),
    ok("3.13\n"),
    ok("# ours\n\n3.13.1\r\n", title="comments, blank lines and carriage returns are dropped"),
    ok({"Procfile": "web: x\n"}),
)


def check(wanted: PythonVersion, app: App) -> Iterator[Finding]:
    """Report content that the buildpacks refuse, where no runtime.txt wins."""
    shadowed = app.has("runtime.txt")
    on = app.where(
        lambda t: (
            t.platform.reads("python_version")
            and not (shadowed and t.platform.holds("runtime_txt.wins_over_python_version"))
        )
    )
    request = wanted.request
    fine = request is not None and _VALID.fullmatch(request.text) is not None
    if not fine and request is not None and request.minor is not None and not request.prefix:
        on = tuple(t for t in on if not t.platform.holds("python_version.leading_zeros"))
    bom = wanted.source.bom and any(t.platform.holds("python_version.bom") is False for t in on)
    if not on or (fine and not bom):
        return
    yield META.found(
        wanted.source,
        first_span(wanted),
        _message(wanted, fine),
        help="write one line such as 3.13; comments go on lines of their own",
        fix=_fix(wanted, request) if not bom else None,  # an edit does not reach the mark
        evidence=[Evidence("fact", "one line X.Y or X.Y.Z is read", VERSION_SH, CHECKED)],
        on=on,
    )


def _message(wanted: PythonVersion, fine: bool) -> str:
    if fine:
        return "the byte order mark before the version ends the build"
    if not wanted.requests:
        return "no version in .python-version, so the build ends"
    if len(wanted.requests) > 1:
        return f"{len(wanted.requests)} versions in .python-version, so the build ends"
    return f"{wanted.requests[0].text[:40]} is not of the form X.Y or X.Y.Z, so the build ends"


def _fix(wanted: PythonVersion, request: Requested | None) -> Fix | None:
    if request is not None:
        said = _SAID.fullmatch(request.text)
        if said is None:
            return None
        version = ".".join(str(int(number)) for number in said["version"].split("."))
        comment = f"{said['comment'].rstrip()}{wanted.source.newline}" if said["comment"] else ""
        edit = Edit(wanted.source.path, request.span, comment + version)
        return Fix(f"Write {version}", Safety.SAFE, (edit,))
    if not wanted.requests or _VALID.fullmatch(wanted.requests[0].text) is None:
        return None
    source = wanted.source
    edits = tuple(
        Edit(source.path, Span(*source.whole_line(other.span)), "") for other in wanted.requests[1:]
    )
    reason = "the other versions may be there for tests on this machine"
    return Fix(f"Keep {wanted.requests[0].text} alone", Safety.UNSAFE, edits, reason=reason)

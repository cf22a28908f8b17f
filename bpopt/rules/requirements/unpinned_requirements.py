"""No requirement says which version.

## What it does

Finds a requirements.txt of three packages or more in which no line has a version, a bound, a hash or an
address, and no constraints file is given.

## Why is this bad

Each build takes whatever is newest that day. Deploys broke this way when gunicorn 26 dropped the eventlet
worker, when setuptools 82 dropped pkg_resources, when Flask 2.3 dropped FLASK_ENV: without a change to the
app.

## Fix safety

There is no fix: the versions to pin are those that are known to work, and only the running app knows them.
`pip freeze` or `uv pip compile requirements.in` writes them.

## References

- [pip: repeatable installs](https://pip.pypa.io/en/stable/topics/repeatable-installs/)
- [gunicorn 26.0.0 removes the eventlet worker](https://gunicorn.org/news/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.requirements import Requirements

META = Rule("BP708", "unpinned-requirements", "requirements", Severity.WARNING)

EXAMPLES = (
    bad("«flask»\ngunicorn\nrequests\n"),
    bad("# web\n«Flask»\ngunicorn[gevent]\nrequests ; python_version > '3.8'\n"),
    ok("flask\ngunicorn==27.0.1\nrequests\n", title="some are pinned"),
    ok("flask>=3\ngunicorn\nrequests\n", title="a bound shows that somebody thought of it"),
    ok("-c constraints.txt\nflask\ngunicorn\nrequests\n", title="the versions are elsewhere"),
    ok("flask\n", title="too few to say"),
    ok(
        {"requirements-dev.txt": "black\nmypy\nruff\n", "requirements.txt": "flask==3.1.3\n"},
        title="not deployed",
    ),
)

_FEWEST = 3


def check(document: Requirements, app: App) -> Iterator[Finding]:
    """Report requirements.txt as a whole, at its first package."""
    if document is not app.requirements or document.problems:
        return
    entries = [entry for file in app.requirement_files for entry in file.requirements]
    constrained = any(o.name == "--constraint" for file in app.requirement_files for o in file.options)
    if len(entries) < _FEWEST or constrained or any(e.specifier or e.url or e.options for e in entries):
        return
    if not document.requirements:
        return
    span = Span(*document.requirements[0].name_span)
    yield META.found(
        document.source,
        span,
        f"none of {len(entries)} requirements says which version: each build takes the newest of that day",
        help="pin what works now: pip freeze, or uv pip compile",
    )

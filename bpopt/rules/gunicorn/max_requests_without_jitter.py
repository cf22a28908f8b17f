"""All workers are renewed at once.

## What it does

Finds `--max-requests` without `--max-requests-jitter`.

## Why is this bad

The workers start together and get about the same number of requests, so they reach the limit together: for the
time the app takes to import, few or no workers answer.

## Fix safety

Safe: a jitter of a tenth is added, by which each worker lives a random number of requests longer.

## References

- [gunicorn settings: max_requests_jitter](https://docs.gunicorn.org/en/stable/settings.html#max-requests-jitter)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.gunicorn import fact
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.gunicorn_setup import Given
    from bpopt.app.web import Web
    from bpopt.text import Source

META = Rule("BP303", "max-requests-without-jitter", "web", Severity.WARNING)

_URL = "https://docs.gunicorn.org/en/stable/settings.html#max-requests-jitter"

EXAMPLES = (
    bad(
        "web: gunicorn app:app «--max-requests 500» -w 3\n",
        fixed="web: gunicorn app:app --max-requests 500 --max-requests-jitter 50 -w 3\n",
    ),
    bad(
        "web: gunicorn app:app «--max-requests=5»\n",
        fixed="web: gunicorn app:app --max-requests=5 --max-requests-jitter 1\n",
    ),
    bad(
        {
            "Procfile": "web: gunicorn app:app\n",
            "gunicorn.conf.py": "max_requests = «1000»  # leaks\nworkers = 2\n",
        },
        fixed={"gunicorn.conf.py": "max_requests = 1000  # leaks\nmax_requests_jitter = 100\nworkers = 2\n"},
        title="in the configuration file",
    ),
    ok("web: gunicorn app:app --max-requests 500 --max-requests-jitter 50\n"),
    ok("web: gunicorn app:app --max-requests 0\n", title="off"),
    ok("web: gunicorn app:app --max-requests $N\n", title="a number that only run time tells"),
    ok("web: gunicorn app:app -w 1 --max-requests 500\n", title="one worker cannot meet another"),
    ok(
        {
            "Procfile": "web: gunicorn app:app --max-requests 9\n",
            "gunicorn.conf.py": "max_requests_jitter = 3\n",
        }
    ),
)


def check(web: Web, app: App) -> Iterator[Finding]:
    """Report a limit that all workers reach at the same time."""
    setup = app.gunicorn(web)
    given = setup.given("max_requests") if setup is not None else None
    if setup is None or given is None or not given.number or setup.given("max_requests_jitter") is not None:
        return
    if (
        all(setup.workers(app, target) == 1 for target in web.targets)
        or given.span is None
        or given.source is None
    ):
        return
    jitter = max(1, given.number // 10)
    yield META.found(
        given.source,
        given.span,
        f"all workers are renewed together after {given.number} requests: no --max-requests-jitter",
        help=f"add --max-requests-jitter {jitter}",
        fix=_fix(given, given.source, given.span, jitter),
        evidence=[fact("the jitter is there to stagger the restarts of workers", _URL)],
    )


def _fix(given: Given, source: Source, span: Span, jitter: int) -> Fix:
    title = f"Add a jitter of {jitter}"
    if given.origin == "option":
        edit = Edit(source.path, Span(span.end, span.end), f" --max-requests-jitter {jitter}")
    elif given.origin == "file":
        line = source.whole_line(span)
        start = source.text[line.start : span.start]
        indent = start[: len(start) - len(start.lstrip())]
        break_before = "" if source.text[: line.end].endswith("\n") else "\n"
        text = f"{break_before}{indent}max_requests_jitter = {jitter}\n"
        edit = Edit(source.path, Span(line.end, line.end), text)
    else:
        return Fix(title, Safety.DISPLAY, reason="the option is not in the command")
    return Fix(title, Safety.SAFE, (edit,))

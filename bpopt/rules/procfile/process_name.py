"""A process type has a name that the platform does not take.

## What it does

Compares the names of process types with the grammar of each platform that reads the Procfile: letters, digits, `-` and
`_` on Heroku and Dokku, lower case and `-` for Cloud Native Buildpacks, letters and digits on Scalingo.

## Why is this bad

Heroku does not see such a line. Dokku rejects the whole file. Cloud Native Buildpacks turn upper case and `_` into
lower case and `-`, with a warning, and fail the build over anything else.

## Fix safety

Safe for `Web`, `WEB` and the like, of which only `web` gets requests. Other names are used elsewhere, in `ps:scale` for
one: unsafe.

## References

- [heroku/procfile, grammar](https://github.com/heroku/buildpacks-procfile/blob/main/SPEC.md)
- [procfile-util](https://github.com/dokku/procfile-util)
- [Scalingo: Procfile](https://doc.scalingo.com/platform/app/procfile)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.procfile import another_format, continued, known, readers, some, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.procfile import ProcessType, Procfile

META = Rule("BP204", "process-name", "procfile", Severity.WARNING)

EXAMPLES = (
    bad("«Web»: gunicorn app:app\n", fixed="web: gunicorn app:app\n", message="only web gets requests"),
    bad("web: gunicorn app:app\n«my.worker»: python w.py\n", on="dokku", severity="error"),
    bad("web: gunicorn app:app\n«my.worker»: python w.py\n", on="heroku", severity="warning"),
    bad(
        "web: gunicorn app:app\n«celery_beat»: celery -A a beat\n",
        fixed="web: gunicorn app:app\ncelery-beat: celery -A a beat\n",
        safety="unsafe",
        on="heroku-fir",
        severity="info",
        message="becomes celery-beat",
    ),
    bad("web: gunicorn app:app\n«celery_beat»: celery -A a beat\n", on="scalingo"),
    ok("web: gunicorn app:app\ncelery_beat: celery -A a beat\n", on=("heroku", "dokku")),
    ok(
        "web: gunicorn app:app\nworker1: celery -A a worker\n",
        on=("heroku", "heroku-fir", "dokku", "scalingo"),
    ),
)


def check(procfile: Procfile, app: App) -> Iterator[Finding]:
    """Report each name that a platform refuses or changes."""
    if another_format(procfile):
        return
    targets, skipped = readers(app), continued(procfile)
    names = {process.name for process in procfile.processes}
    for process in procfile.processes:
        if process.line.span.start in skipped or not process.colon:
            continue
        on = tuple(t for t in targets if not _fits(process.name, t))
        if process.name != "web" and process.name.lower() == "web":
            yield _not_web(process, procfile, names)
        elif on and (app.knows_target or len(on) == len(targets)):
            yield _finding(process, procfile, on, targets, names)


def _fits(name: str, target: Target) -> bool:
    """Whether a platform takes a name as it is, as far as its grammar is certain."""
    pattern, length = (
        target.platform.fact("procfile.key_pattern"),
        target.platform.number("procfile.key_length"),
    )
    if length is not None and len(name) > length:
        return False
    return pattern is None or not pattern.verified or re.fullmatch(str(pattern.value), name) is not None


def _not_web(process: ProcessType, procfile: Procfile, names: set[str]) -> Finding:
    edit = Edit(procfile.source.path, process.name_span, "web")
    taken = "web" in names
    return META.found(
        procfile.source,
        process.name_span,
        f"{process.name} is not web, and only web gets requests",
        help="write web",
        fix=Fix("Rename it to web", Safety.SAFE, (edit,)) if not taken else None,
    )


def _finding(
    process: ProcessType,
    procfile: Procfile,
    on: tuple[Target, ...],
    targets: tuple[Target, ...],
    names: set[str],
) -> Finding:
    normal = process.name.lower().replace("_", "-")
    changed = all(t.platform.name == "heroku-fir" and _fits(normal, t) for t in on)
    fails = all(t.platform.holds("procfile.unparsable_fails") for t in on) and not changed
    free = normal not in names
    edit = Edit(procfile.source.path, process.name_span, normal)
    reason = "the process may be called by its name elsewhere"
    fix = Fix(f"Rename it to {normal}", Safety.UNSAFE, (edit,), reason=reason) if changed and free else None
    what = f"becomes {normal}" if changed else "breaks the deploy" if fails else "is not a name that is taken"
    return META.found(
        procfile.source,
        process.name_span,
        f"the process type {process.name} {what} on {titles(on)}",
        help=f"write {normal}" if changed else "use letters and digits only",
        fix=fix,
        severity=Severity.INFO if changed else Severity.ERROR if fails else META.severity,
        evidence=known(on, "procfile.key_pattern", "names of process types"),
        on=some(on, targets),
    )

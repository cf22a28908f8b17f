"""A pattern of .slugignore takes away what the build or the app needs.

## What it does

Finds patterns that match requirements, the Procfile, the Aptfile, the version of Python, modules that the web command
imports, files that a command or the app's code names, templates, or static files that these link to.

## Why is this bad

Heroku removes the files *before* the build: without `requirements.txt` the push is rejected, without a module the
app does not start. Scalingo removes them after the build, so there it is the running app that misses them.

## Fix safety

Unsafe: the line goes. Whoever wrote it wanted something left out, and other files that it matches ship again; a
narrower pattern may be what was meant.

## References

- [Heroku: ignoring files with .slugignore](https://devcenter.heroku.com/articles/slug-compiler)
- [Scalingo: .slugignore](https://doc.scalingo.com/platform/app/slugignore)
- [Heroku's Python buildpack names .slugignore as a cause of missing files](https://github.com/heroku/heroku-buildpack-python/blob/main/lib/package_manager.sh)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import (
    CHECKED,
    SCALINGO_SLUGIGNORE,
    SLUG_COMPILER,
    before_build,
    honouring,
    needs,
    pushed,
)
from bpopt.rules.slug.patterns import dialect, matcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.slugignore import Pattern, Slugignore
    from bpopt.rules.slug.needs import Need

META = Rule("BP402", "slugignore-hides-needed", "slugignore", Severity.ERROR)

_FILES = {"requirements.txt": "flask\ngunicorn\n", "Procfile": "web: gunicorn shop.wsgi:app\n"}
_CODE = {"shop/__init__.py": "", "shop/wsgi.py": "from shop.views import app\n", "shop/views.py": "app = 1\n"}

EXAMPLES = (
    bad(
        {".slugignore": "docs\n«requirements.txt»\n", **_FILES},
        fixed={".slugignore": "docs\n"},
        safety="unsafe",
        severity="error",
        message="pip installs from it",
    ),
    bad(
        {".slugignore": "# no texts\n«*.txt»\n", "notes.txt": "x\n", **_FILES},
        fixed={".slugignore": "# no texts\n"},
        safety="unsafe",
        severity="error",
    ),
    bad(
        {".slugignore": "«shop»\n", **_FILES, **_CODE},
        fixed={".slugignore": ""},
        safety="unsafe",
        on=("heroku", "scalingo"),
        message="imports",
    ),
    bad(
        {".slugignore": "«.python-version»\n", ".python-version": "3.13\n", **_FILES},
        fixed={".slugignore": ""},
        safety="unsafe",
        severity="warning",
    ),
    bad(
        {
            ".slugignore": "«*.pkl»\n",
            "shop.py": "MODEL = open('model.pkl', 'rb')\n",
            "model.pkl": "x",
            "Procfile": "web: gunicorn shop:app\n",
        },
        fixed={".slugignore": ""},
        safety="unsafe",
        severity="warning",
        message="names it",
    ),
    bad(
        {
            ".slugignore": "*.psd\n«static»\n",
            "static/page.css": "a {}\n",
            "templates/page.html": "<link href=\"{{ url_for('static', filename='page.css') }}\">\n",
            **_FILES,
        },
        fixed={".slugignore": "*.psd\n"},
        safety="unsafe",
        severity="warning",
        message="a template links to it",
    ),
    ok(
        {
            ".slugignore": "static/src\n",
            "static/src/page.scss": "a {}\n",
            "templates/page.html": "<link href='/static/page.css'>\n",
            **_FILES,
        },
        title="what static files are made from",
    ),
    ok(
        {".slugignore": "requirements.txt\n", **_FILES},
        on="scalingo",
        title="Scalingo removes it after the build",
    ),
    ok(
        {".slugignore": "requirements.txt\n", **_FILES},
        on=("dokku", "digitalocean"),
        title="nobody reads the pattern",
    ),
    ok({".slugignore": "/tests\n*.md\n*.pyc\n.git\n", "tests/test_shop.py": "x\n", **_FILES, **_CODE}),
    ok({".slugignore": "requirements-dev.txt\n", "requirements-dev.txt": "pytest\n", **_FILES}),
    ok({".slugignore": "!requirements.txt\n", **_FILES}, title="a negation takes nothing away"),
)


def check(slugignore: Slugignore, app: App) -> Iterator[Finding]:
    """Report each pattern that takes away what a target needs."""
    targets = honouring(app)
    if not targets or not any(_may_match(pattern, app) for pattern in slugignore.patterns):
        return
    needed = {path: need for path, need in needs.find(app).items() if app.files.exists(path)}
    for pattern in slugignore.patterns:
        hidden = {t: _hidden(pattern, t, needed) for t in targets}
        on = [t for t in targets if hidden[t]]
        if on:
            lost = sorted({n for t in on for n in hidden[t]}, key=lambda n: (n.severity.rank, n.path))
            yield _finding(slugignore, pattern, app, lost, on)


_SPECIAL = frozenset("*?[\\!")


def _may_match(pattern: Pattern, app: App) -> bool:
    """Whether a pattern can take anything away: one that names a path from the top does so only if that is there.

    What the app needs is asked only then: finding it out means reading the app.
    """
    text = pattern.text
    if not text.startswith("/") or not _SPECIAL.isdisjoint(text):
        return True
    return app.files.exists(text.strip("/"))


def _hidden(pattern: Pattern, target: Target, needed: dict[str, Need]) -> list[Need]:
    read_as = dialect(target)
    if read_as is None:
        return []
    takes = matcher(pattern.text, read_as)
    early = before_build(target)
    return [n for n in needed.values() if (n.run or (early and n.build)) and takes(n.path)]


def _finding(
    slugignore: Slugignore, pattern: Pattern, app: App, lost: list[Need], on: list[Target]
) -> Finding:
    first, more = lost[0], len(lost) - 1
    also = f" and {more} more" if more else ""
    when = "before the build" if any(before_build(t) for t in on) else "after the build"
    edit = Edit(slugignore.source.path, slugignore.source.whole_line(pattern.span), "")
    extra = _others(pattern, app, lost, on)
    also_ships = f"; it also matches {extra}" if extra else ""
    reason = f"what the line leaves out then ships, and a narrower one may be meant{also_ships}"
    url = SLUG_COMPILER if when.startswith("before") else SCALINGO_SLUGIGNORE
    return META.found(
        slugignore.source,
        pattern.span,
        f"{pattern.text} takes {first.path}{also} away {when}: {first.why}",
        help="remove the line, or name only what is not needed",
        severity=first.severity,
        fix=Fix(f"Remove {pattern.text}", Safety.UNSAFE, (edit,), reason=reason),
        evidence=[Evidence("fact", f"files named in .slugignore go {when}", url, CHECKED)],
        on=on,
    )


def _others(pattern: Pattern, app: App, lost: list[Need], on: list[Target]) -> str:
    """A file that the pattern takes and nobody needs, empty if there is none."""
    known = {need.path for need in lost}
    takes = matcher(pattern.text, dialect(on[0]) or "")
    needed_here = (path for path, _ in pushed.files(app) if takes(path) and path not in known)
    return next(needed_here, "")

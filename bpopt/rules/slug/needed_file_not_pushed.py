"""A file that the build needs is left out of git.

## What it does

Finds the list of packages, the Procfile, the Aptfile and the version of Python named in the .gitignore at the top of
the app, unless git's index has them all the same.

## Why is this bad

A deploy is made from what is pushed. The file is there on this machine, where everything works, and not in the build:
"Couldn't find any supported Python package manager files", no web process, or another Python. GitHub's own .gitignore
for Python named `.python-version` for years.

## Fix safety

Unsafe, where a line of .gitignore names the file itself: the line goes, and the file is pushed with the next commit
that adds it. There is no fix for wider patterns such as `*.txt`.

## References

- [chipy.org #553: no package manager file](https://github.com/chicagopython/chipy.org/pull/553)
- [heroku-buildpack-apt #132: no Aptfile in the build](https://github.com/heroku/heroku-buildpack-apt/issues/132)
- [git: .gitignore](https://git-scm.com/docs/gitignore)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app.index import tracked
from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import CHECKED, SLUG_COMPILER, pushed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.text import Line, Source

META = Rule("BP411", "needed-file-not-pushed", "app", Severity.WARNING)

_WEB = {"Procfile": "web: gunicorn app:app\n", "app.py": "app = 1\n"}

EXAMPLES = (
    bad(
        {".gitignore": "*.pyc\n«requirements.txt»\n", "requirements.txt": "flask\n", **_WEB},
        fixed={".gitignore": "*.pyc\n"},
        safety="unsafe",
        severity="warning",
        message="unless it was added by force",
    ),
    bad(
        {".gitignore": "«*.lock»\n", "Pipfile": "[packages]\n", "Pipfile.lock": "{}\n", **_WEB},
        message="Pipfile.lock",
    ),
    bad(
        {".gitignore": "# pyenv\n«.python-version»\n", ".python-version": "3.13\n", **_WEB},
        fixed={".gitignore": "# pyenv\n"},
        safety="unsafe",
        message="another Python",
    ),
    bad(
        {".gitignore": "«/Aptfile»\n", "Aptfile": "cmake\n", **_WEB},
        fixed={".gitignore": ""},
        safety="unsafe",
        on="dokku",
    ),
    ok(
        {".gitignore": "*.txt\n!requirements.txt\n", "requirements.txt": "flask\n", **_WEB},
        title="taken back in",
    ),
    ok(
        {".gitignore": "Pipfile.lock\n", "Pipfile.lock": "{}\n", "requirements.txt": "flask\n", **_WEB},
        title="another list is pushed",
    ),
    ok(
        {
            ".gitignore": ".python-version\n",
            ".python-version": "3.13\n",
            "runtime.txt": "python-3.13.1\n",
            **_WEB,
        },
        title="runtime.txt says the version",
    ),
    ok({".gitignore": "Aptfile\n", "Aptfile": "cmake\n", **_WEB}, on="heroku-fir", title="read by nobody"),
    ok({".gitignore": "tmp/requirements.txt\n*.pyc\n", "requirements.txt": "flask\n", **_WEB}),
)

# File at the top of an app -> (the fact that says whether a platform reads it, what the build is without it).
_NEEDED = {
    "Procfile": ("procfile", "nothing says what to start"),
    "Aptfile": ("aptfile", "no package of it is installed"),
    ".python-version": ("python_version", "the build may take another Python"),
    "runtime.txt": ("runtime_txt", "the build may take another Python"),
}
_FATAL = ("requirements.txt", "Pipfile.lock", "poetry.lock", "uv.lock", "Procfile")


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each needed file that .gitignore keeps back."""
    if not app.has(".gitignore") or (app.has("Dockerfile") and not app.knows_target):
        return
    lists = [name for name in _FATAL[:-1] if app.has(name)]
    kept = [name for name in lists if pushed.left_out(app, name)]
    if kept and len(kept) == len(lists):
        yield _finding(app, kept[0], "the packages cannot be installed", app.targets)
    for name, (kind, without) in _NEEDED.items():
        on = app.where(lambda t, k=kind: t.platform.reads(k)) if app.has(name) else ()  # type: ignore[misc]
        other = name == ".python-version" and app.has("runtime.txt")
        if on and not other and pushed.left_out(app, name):
            yield _finding(app, name, without, on)


def _finding(app: App, name: str, without: str, on: tuple[Target, ...]) -> Finding:
    source = app.source(".gitignore")
    assert source is not None
    line = _line(source, name)
    certain = tracked(app) is not None
    return META.found(
        source,
        line.strip()[1],
        f"{name} is not pushed{'' if certain else ', unless it was added by force'}: {without}",
        help=f"take {name} out of .gitignore, then git add {name}",
        severity=Severity.ERROR if certain and name in _FATAL else None,
        fix=_fix(source, line, name),
        evidence=[Evidence("fact", "a slug is made from the files of a commit", SLUG_COMPILER, CHECKED)],
        on=on,
    )


def _line(source: Source, name: str) -> Line:
    """The line of .gitignore that leaves the file out: the last that means it."""
    return next(line for line in reversed(source.lines) if pushed.leaves_out(line.text, name))


def _fix(source: Source, line: Line, name: str) -> Fix | None:
    if line.text.strip().strip("/") != name:
        return None
    edit = Edit(source.path, source.whole_line(line.span), "")
    return Fix(f"Take {name} out of .gitignore", Safety.UNSAFE, (edit,), reason=f"{name} is then pushed")

"""project.toml keeps from the build what it needs.

## What it does

Holds `exclude` and `include` of `[io.buildpacks]` in project.toml, on Heroku Fir and on Dokku, which then builds with
pack, against what the build and the running app need: requirements, the Procfile, the version of Python, modules that
the web command imports, files that a command or the app's code names.

## Why is this bad

What is excluded, or not included, is not even shown to the buildpacks: without `requirements.txt` the build ends, and
Heroku's own message names project.toml as a cause; without a module the app does not start.

## Fix safety

Unsafe: the pattern goes. Whoever wrote it wanted something left out, and other files that it matches ship again. No fix
where the list is one of what is included.

## References

- [Project descriptor: exclude and include](https://buildpacks.io/docs/reference/config/project-descriptor/)
- [Heroku's Python Cloud Native Buildpack: messages](https://github.com/heroku/buildpacks-python/blob/main/src/errors.rs)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.slug import needs
from bpopt.rules.slug.patterns import GITIGNORE, matcher
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.targets import Target
    from bpopt.documents.project_toml import ProjectToml
    from bpopt.documents.view import Text
    from bpopt.rules.slug.needs import Need

META = Rule("BP412", "exclude-hides-needed", "project_toml", Severity.WARNING)

_APP = {"requirements.txt": "flask\ngunicorn\n", "Procfile": "web: gunicorn app:app\n", "app.py": "app = 1\n"}
EXAMPLES = (
    bad(
        {"project.toml": '[io.buildpacks]\nexclude = ["docs", «"*.txt"»]\n', **_APP},
        fixed={"project.toml": '[io.buildpacks]\nexclude = ["docs"]\n'},
        safety="unsafe",
        on="heroku-fir",
        severity="warning",
        message="pip installs from it",
    ),
    bad(
        {"project.toml": '[io.buildpacks]\nexclude = [«"app.py"»]\n', **_APP},
        fixed={"project.toml": "[io.buildpacks]\nexclude = []\n"},
        safety="unsafe",
        on=("heroku-fir", "dokku"),
        message="imports",
    ),
    bad(
        {"project.toml": '[io.buildpacks]\ninclude = [«"*.py"», "Procfile"]\n', **_APP},
        on="heroku-fir",
        message="requirements.txt",
    ),
    ok({"project.toml": '[io.buildpacks]\nexclude = ["docs", "/tests"]\n', **_APP}, on="heroku-fir"),
    ok(
        {"project.toml": '[io.buildpacks]\nexclude = ["Aptfile"]\n', "Aptfile": "ffmpeg\n", **_APP},
        on="heroku-fir",
        title="nobody reads it there",
    ),
    ok(
        {"project.toml": '[io.buildpacks]\nexclude = ["*.txt"]\n', **_APP},
        on="heroku",
        title="not read there",
    ),
)

_URL = "https://buildpacks.io/docs/reference/config/project-descriptor/"
_NOT_READ = ("Aptfile", "runtime.txt", "Pipfile", "Pipfile.lock", "bin/pre_compile", "bin/post_compile")


def check(project: ProjectToml, app: App) -> Iterator[Finding]:
    """Report each pattern that takes away what is needed, or the list that does not let it in."""
    on = app.where(lambda t: t.platform.name in ("heroku-fir", "dokku"))
    if not on or not (project.exclude or project.include):
        return
    needed = [n for p, n in needs.find(app).items() if p not in _NOT_READ and app.files.exists(p)]
    for pattern in project.exclude:
        takes = matcher(pattern.value, GITIGNORE)
        lost = sorted((n for n in needed if takes(n.path)), key=lambda n: (n.severity.rank, n.path))
        if lost:
            fix = _fix(project, pattern)
            yield _finding(project, pattern, f"{pattern.value} keeps {_told(lost)}", fix, on)
    if project.include and not project.exclude:
        lets = [matcher(pattern.value, GITIGNORE) for pattern in project.include]
        lost = [n for n in needed if not any(let(n.path) for let in lets)]
        lost.sort(key=lambda n: (n.severity.rank, n.path))
        if lost:
            yield _finding(project, project.include[0], f"include leaves out {_told(lost)}", None, on)


def _told(lost: list[Need]) -> str:
    more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    return f"{lost[0].path}{more} from the build: {lost[0].why}"


def _finding(
    project: ProjectToml, pattern: Text, message: str, fix: Fix | None, on: tuple[Target, ...]
) -> Finding:
    return META.found(
        project.tree.source,
        pattern.span,
        message,
        help="remove the pattern, or name only what is not needed" if fix else "name it in include, too",
        fix=fix,
        evidence=[Evidence("fact", "what is excluded is not shown to the buildpacks", _URL, "2026-11-23")],
        on=on,
    )


def _fix(project: ProjectToml, pattern: Text) -> Fix:
    """Take the pattern out of the list, with the comma before or behind it."""
    source, at = project.tree.source, project.exclude.index(pattern)
    span = pattern.span
    if at:
        span = Span(project.exclude[at - 1].span.end, span.end)
    elif len(project.exclude) > 1:
        span = Span(span.start, project.exclude[1].span.start)
    reason = "what it leaves out then ships, and a narrower one may be meant"
    edit = Edit(source.path, span, "")
    return Fix(f"Remove {pattern.value}", Safety.UNSAFE, (edit,), reason=reason)

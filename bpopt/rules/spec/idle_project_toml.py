"""A project.toml that tells the buildpacks nothing.

## What it does

Finds a project.toml without a table `[io.buildpacks]`, `[build]` or one of a buildpack's own (`[com...]`).

## Why is this bad

Cloud Native Buildpacks read nothing else from it. On Dokku its mere presence has an effect: the app is
built by `pack` instead of herokuish, with another set of files that count and others that do not. The file
is often a pyproject.toml by another name.

## Fix safety

There is no fix: remove the file, or write the table that was meant.

## References

- [Project descriptor](https://buildpacks.io/docs/reference/config/project-descriptor/)
- [Dokku: Cloud Native Buildpacks](https://dokku.com/docs/deployment/builders/cloud-native-buildpacks/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.project_toml import ProjectToml

META = Rule("BP816", "idle-project-toml", "project_toml", Severity.INFO)

EXAMPLES = (
    bad('«[project]»\nname = "x"\nversion = "1"\n', on="heroku-fir", severity="info"),
    bad('«[project]»\nname = "x"\n', on="dokku", severity="warning", message="pack"),
    ok('[_]\nschema-version = "0.2"\n[io.buildpacks]\nbuilder = "heroku/builder:24"\n', on="heroku-fir"),
    ok('[com.heroku.buildpacks.deb-packages]\ninstall = ["ffmpeg"]\n', on="heroku-fir"),
    ok('[[build.env]]\nname = "A"\nvalue = "1"\n', on="dokku", title="the first version of the format"),
    ok('[project]\nname = "x"\n', on="heroku", title="not read there"),
)

_READ = ("io", "build", "com")


def check(project: ProjectToml, app: App) -> Iterator[Finding]:
    """Report a file without any table that is read."""
    readers = app.where(lambda t: t.platform.name in ("heroku-fir", "dokku"))
    root = project.tree.root
    if not readers or root is None or any(entry.key in _READ or "." in entry.key for entry in root.entries):
        return
    line = project.tree.source.lines[0] if project.tree.source.lines else None
    switches = all(t.platform.name == "dokku" for t in readers)
    message = "no table here is read by any buildpack"
    yield META.found(
        project.tree.source,
        line.strip()[1] if line else Span(0, 0),
        f"{message}, but the file makes Dokku build with pack" if switches else message,
        help="remove the file, or put the table [io.buildpacks] into it; is it a pyproject.toml?",
        severity=Severity.WARNING if switches else Severity.INFO,
        on=readers,
    )

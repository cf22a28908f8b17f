"""A buildpack is pinned to an old version.

## What it does

Finds the Python buildpack at a tag (`#v210`, or an archive of one) in app.json and .buildpacks.

## Why is this bad

A buildpack knows the stacks and Python versions of its day. Pinned, it misses security releases of Python,
and one day it refuses the stack: versions before v282 of 2025-05-02 still expect heroku-20, later ones
have dropped it.

## Fix safety

Unsafe: the tag goes, and the next build takes today's buildpack with its other defaults.

## References

- [Heroku's Python buildpack: changelog](https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md)
- [Heroku: buildpacks, references](https://devcenter.heroku.com/articles/buildpacks#buildpack-references)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.buildpacks import Asked, Listed

META = Rule("BP812", "pinned-buildpack", "app", Severity.WARNING)

_PYTHON = "https://github.com/heroku/heroku-buildpack-python"

EXAMPLES = (
    bad(
        {"app.json": f'{{"buildpacks": [{{"url": «"{_PYTHON}#v210"»}}]}}\n'},
        fixed={"app.json": f'{{"buildpacks": [{{"url": "{_PYTHON}"}}]}}\n'},
        safety="unsafe",
        message="v210",
    ),
    bad(
        {".buildpacks": f"«{_PYTHON}.git#v345»\n"},
        on="dokku",
        fixed={".buildpacks": f"{_PYTHON}.git\n"},
        safety="unsafe",
    ),
    ok({"app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'}),
    ok({"app.json": f'{{"buildpacks": [{{"url": "{_PYTHON}#main"}}]}}\n'}, title="a branch moves along"),
    ok({"app.json": '{"buildpacks": [{"url": "https://github.com/me/ours#v1"}]}\n'}, title="one's own"),
)

_BRANCHES = ("main", "master", "latest")


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each Python buildpack at a tag."""
    for listed in app.buildpacks:
        for buildpack in listed.buildpacks if listed.kind != "project_toml" else ():
            if buildpack.what == "python" and buildpack.version and buildpack.version not in _BRANCHES:
                yield _finding(listed, buildpack)


def _finding(listed: Listed, buildpack: Asked) -> Finding:
    text = listed.source.text[slice(*buildpack.span)]
    edit = Edit(listed.source.path, buildpack.span, text.replace(f"#{buildpack.version}", ""))
    reason = "the next build takes today's buildpack with its other defaults"
    return META.found(
        listed.source,
        buildpack.span,
        f"the Python buildpack is pinned to {buildpack.version}: it gets no new Python and no new stack",
        help="take the tag off",
        fix=Fix("Follow the buildpack's releases", Safety.UNSAFE, (edit,), reason=reason),
        on=listed.targets,
    )

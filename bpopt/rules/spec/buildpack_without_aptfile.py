"""The apt buildpack is asked for, and there is no Aptfile.

## What it does

Finds the apt buildpack in app.json or .buildpacks of an app without an Aptfile at its root.

## Why is this bad

The buildpack's detection fails ("Could not find an 'Aptfile'"), and with it the whole build: the push is
rejected. The file may be missing, in another folder, spelled otherwise or not committed.

## Fix safety

Unsafe: the buildpack is taken off the list. If packages are needed, write an Aptfile instead.

## References

- [heroku-buildpack-apt #132](https://github.com/heroku/heroku-buildpack-apt/issues/132)
- [heroku-buildpack-apt #31: app not compatible](https://github.com/heroku/heroku-buildpack-apt/issues/31)
- [heroku-buildpack-apt, bin/detect](https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/detect)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.spec import without_buildpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.buildpacks import Asked, Listed

META = Rule("BP802", "buildpack-without-aptfile", "app", Severity.ERROR)

EXAMPLES = (
    bad(
        {"app.json": '{"buildpacks": [{"url": «"heroku-community/apt"»}, {"url": "heroku/python"}]}\n'},
        fixed={"app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'},
        safety="unsafe",
    ),
    bad(
        {
            ".buildpacks": "«https://github.com/Scalingo/apt-buildpack.git»\nhttps://github.com/Scalingo/python-buildpack\n"
        },
        fixed={".buildpacks": "https://github.com/Scalingo/python-buildpack\n"},
        safety="unsafe",
        on="scalingo",
    ),
    ok({"app.json": '{"buildpacks": [{"url": "heroku-community/apt"}]}\n', "Aptfile": "cmake\n"}),
    ok({"app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'}),
    ok(
        {
            ".buildpacks": "https://github.com/Scalingo/apt-buildpack\n",
            "scalingo.json": '{"env": {"APT_FILE_MANIFEST": {"value": "packages.apt"}}}\n',
        },
        on="scalingo",
        title="the list has another name there",
    ),
)

_URL = (
    "https://github.com/heroku/heroku-buildpack-apt/blob/b6a5d7b9fcc67cc073c87161a9f3bd24fea5d10e/bin/detect"
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each apt buildpack of an app without an Aptfile."""
    if app.has("Aptfile") or any(p.name == "APT_FILE_MANIFEST" for p in app.env):
        return
    for listed in app.buildpacks:
        for buildpack in listed.buildpacks:
            if buildpack.what == "apt" and listed.kind != "project_toml":
                yield _finding(listed, buildpack)


def _finding(listed: Listed, buildpack: Asked) -> Finding:
    return META.found(
        listed.source,
        buildpack.span,
        "the apt buildpack is asked for, but there is no Aptfile: the build is rejected",
        help="write an Aptfile beside this file, or take the buildpack off the list",
        fix=_fix(listed, buildpack),
        evidence=[Evidence("fact", "detection fails without an Aptfile at the root", _URL, "2026-11-23")],
        on=listed.targets,
    )


def _fix(listed: Listed, buildpack: Asked) -> Fix:
    edit = without_buildpack(listed, buildpack)
    title = "Take the apt buildpack off the list"
    reason = "an Aptfile may have been meant to be there"
    return Fix(title, Safety.UNSAFE if edit else Safety.DISPLAY, (edit,) if edit else (), reason=reason)

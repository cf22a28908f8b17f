"""The apt buildpack comes after the Python one.

## What it does

Finds lists of buildpacks (app.json, .buildpacks, project.toml) in which the apt buildpack stands behind
Python.

## Why is this bad

Buildpacks run in the order of the list, and each one sees what those before it exported. pip runs before
the system packages are there, so headers and libraries of the Aptfile are not found and packages that are
compiled against them fail to build.

## Fix safety

Safe: the apt buildpack moves before the Python one, and the others keep their order. Advice only in a project.toml,
where each is a table of its own.

## References

- [heroku-buildpack-apt #17: apt before python](https://github.com/heroku/heroku-buildpack-apt/issues/17)
- [heroku-buildpack-apt: usage](https://github.com/heroku/heroku-buildpack-apt#readme)
- [Scalingo: apt buildpack](https://doc.scalingo.com/platform/deployment/buildpacks/apt)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Label, Safety, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.buildpacks import Listed

META = Rule("BP801", "buildpack-order", "app", Severity.WARNING)

_JSON = '{{"buildpacks": [\n  {{"url": {}}},\n  {{"url": {}}}\n]}}\n'
_APT, _PYTHON = '"heroku-community/apt"', '"heroku/python"'

EXAMPLES = (
    bad(
        {"app.json": _JSON.format(_PYTHON, f"«{_APT}»"), "Aptfile": "libpq-dev\n"},
        fixed={"app.json": _JSON.format(_APT, _PYTHON)},
    ),
    bad(
        {
            ".buildpacks": "https://github.com/heroku/heroku-buildpack-python\n"
            "«https://github.com/heroku/heroku-buildpack-apt.git»\n",
            "Aptfile": "libpq-dev\n",
        },
        on="dokku",
        fixed={
            ".buildpacks": "https://github.com/heroku/heroku-buildpack-apt.git\n"
            "https://github.com/heroku/heroku-buildpack-python\n"
        },
    ),
    bad(
        {
            "app.json": f'{{"buildpacks": [{{"url": {_PYTHON}}}, {{"url": "heroku/nodejs"}}, {{"url": «{_APT}»}}]}}\n',
            "Aptfile": "libpq-dev\n",
        },
        fixed={
            "app.json": f'{{"buildpacks": [{{"url": {_APT}}}, {{"url": {_PYTHON}}}, {{"url": "heroku/nodejs"}}]}}\n'
        },
        title="another one between them",
    ),
    ok({"app.json": _JSON.format(_APT, _PYTHON), "Aptfile": "libpq-dev\n"}),
    ok({"app.json": _JSON.format('"heroku/nodejs"', _PYTHON)}, title="no apt buildpack"),
    ok({"app.json": _JSON.format(_PYTHON, _APT)}, on="digitalocean", title="app.json is not read there"),
)


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each list in which Python comes first."""
    for listed in app.buildpacks:
        apt, python = listed.first("apt"), listed.first("python")
        if apt is not None and python is not None and python < apt:
            yield META.found(
                listed.source,
                listed.buildpacks[apt].span,
                "the apt buildpack runs after the Python one, so pip does not see its packages",
                help="put it before the Python buildpack",
                fix=_fix(listed, python, apt),
                labels=[Label(listed.source, listed.buildpacks[python].span, "runs first")],
                on=listed.targets,
            )


def _fix(listed: Listed, python: int, apt: int) -> Fix:
    """Move the apt entry before the Python one, each entry as it is written."""
    source = listed.source
    title = "Put the apt buildpack first"
    if listed.kind == "project_toml":
        return Fix(title, Safety.DISPLAY, reason="a table of project.toml is for a person to move")
    places = [b.entry_span for b in listed.buildpacks[python : apt + 1]]
    texts = [source.text[slice(*span)] for span in (places[-1], *places[:-1])]
    edits = tuple(Edit(source.path, span, text) for span, text in zip(places, texts, strict=True))
    return Fix(title, Safety.SAFE, edits)

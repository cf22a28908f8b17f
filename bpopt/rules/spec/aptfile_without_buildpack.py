"""There is an Aptfile, and no apt buildpack in the list.

## What it does

Finds apps with packages in an Aptfile whose app.json or .buildpacks lists buildpacks and no apt buildpack
among them.

## Why is this bad

Heroku, Dokku and Scalingo read an Aptfile through the apt buildpack only. Apps made from this list (review
apps, the Heroku button, each deploy on Dokku and Scalingo) get none of the packages, and fail where they
are needed. DigitalOcean puts the buildpack in front by itself.

## Fix safety

Unsafe: the apt buildpack is put before the first one of the list, and the packages are then installed.

## References

- [heroku-buildpack-apt: usage](https://github.com/heroku/heroku-buildpack-apt#readme)
- [Heroku: app.json, buildpacks](https://devcenter.heroku.com/articles/app-json-schema#buildpacks)
- [Scalingo: apt buildpack](https://doc.scalingo.com/platform/deployment/buildpacks/apt)
- [App Platform: Aptfile](https://docs.digitalocean.com/products/app-platform/reference/buildpacks/aptfile/)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.buildpacks import Listed

META = Rule("BP803", "aptfile-without-buildpack", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"app.json": '{"buildpacks": [\n  {"url": «"heroku/python"»}\n]}\n', "Aptfile": "cmake\n"},
        fixed={
            "app.json": '{"buildpacks": [\n  {"url": "heroku-community/apt"},\n  {"url": "heroku/python"}\n]}\n'
        },
        safety="unsafe",
    ),
    bad(
        {".buildpacks": "«https://github.com/Scalingo/python-buildpack»\n", "Aptfile": "cmake\n"},
        fixed={
            ".buildpacks": "https://github.com/Scalingo/apt-buildpack\nhttps://github.com/Scalingo/python-buildpack\n"
        },
        safety="unsafe",
        on="scalingo",
    ),
    ok(
        {"app.json": '{"name": "x", "stack": "heroku-24"}\n', "Aptfile": "cmake\n"},
        title="no list: they are set elsewhere",
    ),
    ok(
        {"app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n', "Aptfile": "# nothing yet\n"},
        title="no packages",
    ),
    ok({"app.json": '{"buildpacks": [{"url": "heroku-community/apt"}]}\n', "Aptfile": "cmake\n"}),
    ok(
        {
            "app.json": '{"buildpacks": [{"url": "https://github.com/me/heroku-buildpack-apt-plus"}]}\n',
            "Aptfile": "cmake\n",
        },
        title="a fork by another name",
    ),
)

_ADDRESSES = {
    "heroku": "heroku-community/apt",
    "dokku": "https://github.com/heroku/heroku-buildpack-apt",
    "scalingo": "https://github.com/Scalingo/apt-buildpack",
}


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each list without an apt buildpack beside an Aptfile with packages."""
    if app.aptfile is None or not app.aptfile.packages:
        return
    for listed in app.buildpacks:
        if listed.kind == "project_toml" or any("apt" in b.url.lower() for b in listed.buildpacks):
            continue
        yield META.found(
            listed.source,
            listed.buildpacks[0].span,
            "no apt buildpack is in this list, so the packages of the Aptfile are not installed",
            help=f"put {_ADDRESSES[listed.targets[0].platform.name]} before it",
            fix=_fix(listed),
            on=listed.targets,
        )


def _fix(listed: Listed) -> Fix:
    source, entry = listed.source, listed.buildpacks[0].entry_span
    address = _ADDRESSES[listed.targets[0].platform.name]
    if listed.kind == "buildpacks_file":
        text = f"{address}\n"
    else:
        line = source.text[source.text.rfind("\n", 0, entry.start) + 1 : entry.start]
        text = f'{{"url": "{address}"}},' + (f"\n{line}" if not line.strip() else " ")
    edit = Edit(source.path, Span(entry.start, entry.start), text)
    return Fix(
        "Put the apt buildpack first", Safety.UNSAFE, (edit,), reason="its packages are then installed"
    )

"""A buildpack of another platform.

## What it does

Finds Cloud Foundry's and Scalingo's buildpacks on Heroku and Dokku.

## Why is this bad

Buildpacks of different platforms have the same shape but expect other helpers and folders. Cloud Foundry's
end with "compile-extensions: No such file or directory"; Scalingo's install into `.scalingo`, which only
Scalingo puts on the path.

## Fix safety

Unsafe: the Python and apt buildpacks become those of the platform. No fix for others.

## References

- [RocketMap #467: a Cloud Foundry buildpack on Dokku](https://github.com/RocketMap/RocketMap/issues/467)
- [Scalingo's Python buildpack](https://github.com/Scalingo/python-buildpack)
- [Heroku: buildpacks](https://devcenter.heroku.com/articles/buildpacks)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.spec import platforms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.buildpacks import Asked, Listed

META = Rule("BP811", "foreign-buildpack", "app", Severity.ERROR)

EXAMPLES = (
    bad(
        {".buildpacks": "«https://github.com/cloudfoundry/python-buildpack.git»\n"},
        on="dokku",
        fixed={".buildpacks": "https://github.com/heroku/heroku-buildpack-python\n"},
        safety="unsafe",
        severity="error",
    ),
    bad(
        {"app.json": '{"buildpacks": [{"url": «"https://github.com/Scalingo/python-buildpack"»}]}\n'},
        fixed={"app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n'},
        safety="unsafe",
        severity="warning",
    ),
    bad({".buildpacks": "«https://github.com/cloudfoundry/nodejs-buildpack»\n"}, on="dokku"),
    ok({".buildpacks": "https://github.com/heroku/heroku-buildpack-python\n"}, on="dokku"),
    ok({".buildpacks": "https://github.com/Scalingo/python-buildpack\n"}, on="scalingo", title="at home"),
    ok({"app.json": '{"buildpacks": [{"url": "https://github.com/me/my-buildpack"}]}\n'}, title="one's own"),
)

_OWNERS = {"cloudfoundry": "Cloud Foundry", "scalingo": "Scalingo"}
_OWN = {
    ("heroku", "python"): "heroku/python",
    ("heroku", "apt"): "heroku-community/apt",
    ("dokku", "python"): "https://github.com/heroku/heroku-buildpack-python",
    ("dokku", "apt"): "https://github.com/heroku/heroku-buildpack-apt",
}


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each buildpack that another platform made for itself."""
    for listed in app.buildpacks:
        targets = [t for t in listed.targets if t.platform.name in ("heroku", "dokku")]
        for buildpack in listed.buildpacks if len(targets) == len(listed.targets) else ():
            parts = buildpack.url.lower().split("/")
            owner = parts[-2].rpartition(":")[2] if len(parts) > 1 else ""
            if owner in _OWNERS:
                yield _finding(listed, buildpack, owner)


def _finding(listed: Listed, buildpack: Asked, owner: str) -> Finding:
    platform = listed.targets[0].platform.name
    name = buildpack.url.lower().rpartition("/")[2]
    what = buildpack.what or ("python" if name.startswith("python-buildpack") else "")
    own = _OWN.get((platform, what))
    fix = None
    if own is not None:
        text = f'"{own}"' if listed.kind == "app_json" else own
        edit = Edit(listed.source.path, buildpack.span, text)
        fix = Fix(f"Use {own}", Safety.UNSAFE, (edit,), reason="another buildpack builds the app")
    return META.found(
        listed.source,
        buildpack.span,
        f"this is a buildpack of {_OWNERS[owner]}: it does not work on {platforms_of(listed)}",
        help=f"use {own}" if own else "look for the buildpack of the same language for this platform",
        fix=fix,
        severity=Severity.ERROR if owner == "cloudfoundry" else Severity.WARNING,
        on=listed.targets,
    )

"""A setting of an app spec reaches the build, or the app, that does not need it.

## What it does

Finds settings for compilers, pip and collectstatic with the scope RUN_TIME, and settings for gunicorn and the running
app with the scope BUILD_TIME, in app specs.

## Why is this bad

Scopes decide who sees a setting. `CXXFLAGS` at run time changes no build, `WEB_CONCURRENCY` at build time
starts no worker. A token that requirements.txt asks for as `${TOKEN}` has to be there when pip runs.

## Fix safety

Unsafe: the scope becomes the other one, and the setting takes effect.

## References

- [App Platform: environment variables](https://docs.digitalocean.com/products/app-platform/how-to/use-environment-variables/)
- [openapi: scope](https://github.com/digitalocean/openapi/blob/main/specification/resources/apps/models/app_variable_definition.yml)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.env import FOR_THE_BUILD, asked_by_pip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.app_spec import AppSpec
    from bpopt.documents.view import Text, View

META = Rule("BP606", "wrong-scope", "app_spec", Severity.WARNING)

_ENV = "envs:\n- key: {}\n  value: x\n  scope: {}\n"

EXAMPLES = (
    bad(
        _ENV.format("CXXFLAGS", "«RUN_TIME»"),
        on="digitalocean",
        fixed=_ENV.format("CXXFLAGS", "BUILD_TIME"),
        safety="unsafe",
    ),
    bad(
        _ENV.format("WEB_CONCURRENCY", "«BUILD_TIME»"),
        on="digitalocean",
        fixed=_ENV.format("WEB_CONCURRENCY", "RUN_TIME"),
        safety="unsafe",
    ),
    bad(
        {
            ".do/app.yaml": _ENV.format("GITHUB_TOKEN", "«RUN_TIME»"),
            "requirements.txt": "git+https://${GITHUB_TOKEN}@github.com/me/lib.git\n",
        },
        on="digitalocean",
        fixed={".do/app.yaml": _ENV.format("GITHUB_TOKEN", "RUN_AND_BUILD_TIME")},
        safety="unsafe",
    ),
    bad(
        _ENV.format("DISABLE_COLLECTSTATIC", "«RUN_TIME»"),
        on="digitalocean",
        fixed=_ENV.format("DISABLE_COLLECTSTATIC", "BUILD_TIME"),
        safety="unsafe",
    ),
    ok(_ENV.format("CXXFLAGS", "BUILD_TIME"), on="digitalocean"),
    ok(_ENV.format("CXXFLAGS", "RUN_AND_BUILD_TIME"), on="digitalocean"),
    ok(_ENV.format("DATABASE_URL", "RUN_TIME"), on="digitalocean"),
    ok("envs:\n- key: PIP_INDEX_URL\n  value: x\n", on="digitalocean", title="both by default"),
)

_AT_BUILD = ("DISABLE_COLLECTSTATIC",)  # read by the buildpack's collectstatic step alone
_FOR_THE_RUN = (
    "GUNICORN_CMD_ARGS",
    "WEB_CONCURRENCY",
    "FORWARDED_ALLOW_IPS",
    "PORT",
    "TESSDATA_PREFIX",
    "LD_PRELOAD",
)


def check(spec: AppSpec, app: App) -> Iterator[Finding]:
    """Report each scope that keeps a setting from whom it is for."""
    on = app.where(lambda t: t.platform.name == "digitalocean")
    views = (spec.view, *(c.view for c in spec.components)) if on else ()
    asked = asked_by_pip(app)
    for item in (item for view in views for item in view.items("envs")):
        key, scope = item.text("key"), item.text("scope")
        if key is None or scope is None:
            continue
        for_the_build = key.value.startswith(FOR_THE_BUILD) or key.value in _AT_BUILD
        if scope.value == "RUN_TIME" and (key.value in asked or for_the_build):
            wanted = "RUN_AND_BUILD_TIME" if key.value in asked else "BUILD_TIME"
            yield _finding(item, key, scope, wanted, "the build, which does not see it at RUN_TIME")
        elif scope.value == "BUILD_TIME" and key.value in _FOR_THE_RUN:
            yield _finding(
                item, key, scope, "RUN_TIME", "the running app, which does not see it at BUILD_TIME"
            )


def _finding(item: View, key: Text, scope: Text, wanted: str, whom: str) -> Finding:
    text = item.source.text[slice(*scope.span)].replace(scope.value, wanted)
    edit = Edit(item.source.path, scope.span, text)
    return META.found(
        item.source,
        scope.span,
        f"{key.value} is for {whom}",
        help=f"scope: {wanted}",
        fix=Fix(f"Set the scope to {wanted}", Safety.UNSAFE, (edit,), reason="the setting then takes effect"),
    )

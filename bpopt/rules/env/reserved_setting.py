"""A setting has a name that the platform keeps for itself.

## What it does

Finds names that abort the build on Heroku Fir (`PYTHONHOME`, `PIP_TARGET` and 26 more), names of the
buildpack's own variables (`CACHE_DIR`, `BUILD_DIR`, `ENV_DIR`), and names that no platform takes.

## Why is this bad

The Cloud Native Buildpack ends the build over a forbidden name. Classic Python buildpacks before v304 of
2025-09-01 took a config var CACHE_DIR for their own folder, so that collectstatic broke in odd places.

## Fix safety

There is no fix: the app reads its settings by these names, so both have to change.

## References

- [heroku-buildpack-python #1886: CACHE_DIR](https://github.com/heroku/heroku-buildpack-python/issues/1886)
- [Heroku's Python Cloud Native Buildpack: forbidden variables](https://github.com/heroku/buildpacks-python)
- [openapi: names of settings](https://github.com/digitalocean/openapi/blob/main/specification/resources/apps/models/app_variable_definition.yml)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.env import Placed

META = Rule("BP608", "reserved-setting", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"project.toml": '[[io.buildpacks.build.env]]\nname = «"PIP_TARGET"»\nvalue = "lib"\n'},
        on="heroku-fir",
        severity="error",
        message="abort",
    ),
    bad({"app.json": '{"env": {«"CACHE_DIR"»: "/tmp/cache"}}\n'}, severity="warning"),
    bad({".do/app.yaml": "envs:\n- key: «MY-KEY»\n  value: x\n"}, on="digitalocean", severity="error"),
    bad({"app.json": '{"env": {«"PIP_TARGET"»: "lib"}}\n'}, on="heroku-fir", severity="warning"),
    ok({"app.json": '{"env": {"PIP_TARGET": "lib"}}\n'}, title="forbidden on Fir only"),
    ok({"app.json": '{"env": {"APP_CACHE_DIR": "/tmp/cache"}}\n'}),
    ok(
        {".do/app.yaml": "envs:\n- key: CACHE_DIR\n  value: /tmp\n  scope: RUN_TIME\n"},
        on="digitalocean",
        title="not at build",
    ),
)

_INTERNAL = frozenset({"CACHE_DIR", "BUILD_DIR", "ENV_DIR"})
_CHANGELOG = "https://github.com/heroku/heroku-buildpack-python/blob/main/CHANGELOG.md"


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each name that is taken, forbidden or impossible."""
    for placed in app.env:
        if placed.origin == "command" or not placed.targets:
            continue
        yield from _forbidden(placed)
        if placed.name in _INTERNAL and placed.build:
            yield META.found(
                placed.source,
                placed.setting.name_span,
                f"{placed.name} is a variable of the Python buildpack's own: older ones mistake this value for it",
                help="give it another name, such as APP_CACHE_DIR",
                evidence=[Evidence("fact", "mended in v304 of 2025-09-01", _CHANGELOG, "2026-11-24")],
                on=placed.targets,
            )
        yield from _impossible(placed)


def _forbidden(placed: Placed) -> Iterator[Finding]:
    for target in placed.targets if placed.build else ():
        fact = target.platform.fact("env.forbidden")
        if fact is not None and fact.verified and isinstance(fact.value, tuple) and placed.name in fact.value:
            yield META.found(
                placed.source,
                placed.setting.name_span,
                f"{placed.name} may not be set on {target.platform.title}: it aborts the build",
                help="remove it",
                severity=Severity.ERROR if target.platform.reads(placed.origin) else Severity.WARNING,
                evidence=[Evidence("fact", fact.note, fact.source, fact.date)],
                on=[target],
            )


def _impossible(placed: Placed) -> Iterator[Finding]:
    for target in placed.targets:
        fact = target.platform.fact("env.key_pattern")
        pattern = str(fact.value) if fact is not None and fact.verified else ""
        if fact is not None and pattern and "$" not in placed.name and not re.match(pattern, placed.name):
            yield META.found(
                placed.source,
                placed.setting.name_span,
                f"{placed.name} is no name for a setting: letters, digits and _ only, not beginning with a digit",
                severity=Severity.ERROR,
                evidence=[Evidence("fact", f"names match {pattern}", fact.source, fact.date)],
                on=[target],
            )

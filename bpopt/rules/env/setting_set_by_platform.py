"""A setting is one that the platform sets by itself.

## What it does

Finds settings whose value the buildpack or the platform sets anyway: `PYTHONUNBUFFERED`,
`PIP_DISABLE_PIP_VERSION_CHECK`, `PYTHONHOME`, `LANG`, `PORT`, `DYNO`, and `FORWARDED_ALLOW_IPS` where it
is overridden.

## Why is this bad

A setting that repeats what is there already does nothing but look important. One that differs is worse:
the value in the file is overridden when the app starts, so what the file says is not what happens. On
Heroku and Scalingo `FORWARDED_ALLOW_IPS` is always `*`; only gunicorn's own `--forwarded-allow-ips`
narrows it.

## Fix safety

Unsafe: the setting is removed; it may be read by somebody who runs the app elsewhere. Where a comment
stands above it, it is advice only.

## References

- [Heroku's Python buildpack](https://github.com/heroku/heroku-buildpack-python/tree/b4e7e721dc39a097feb68305bbd7551578782992)
- [Scalingo's Python buildpack](https://github.com/Scalingo/python-buildpack)
- [Heroku's Python Cloud Native Buildpack](https://github.com/heroku/buildpacks-python)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Evidence, Finding, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.env import removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.env import Placed
    from bpopt.app.targets import Target

META = Rule("BP602", "setting-set-by-platform", "app", Severity.INFO)

EXAMPLES = (
    bad(
        {"app.json": '{"env": {"A": "1", «"PYTHONUNBUFFERED"»: "1"}}\n'},
        fixed={"app.json": '{"env": {"A": "1"}}\n'},
        safety="unsafe",
        severity="info",
        message="Heroku sets PYTHONUNBUFFERED",
    ),
    bad(
        {"app.json": '{"env": {«"FORWARDED_ALLOW_IPS"»: "10.0.0.1", "A": "1"}}\n'},
        fixed={"app.json": '{"env": {"A": "1"}}\n'},
        safety="unsafe",
        severity="warning",
        message="overrides",
    ),
    bad(
        {"Procfile": "web: «PYTHONUNBUFFERED»=true gunicorn app:app\n"},
        fixed={"Procfile": "web: gunicorn app:app\n"},
        safety="unsafe",
        on=("heroku", "dokku"),
    ),
    ok(
        {"Procfile": "web: PYTHONUNBUFFERED=1 gunicorn app:app\n"},
        on=("heroku", "digitalocean"),
        title="not certain on DO",
    ),
    bad({"app.json": '{"env": {«"PYTHONUNBUFFERED"»: "0"}}\n'}, severity="warning", message="overrides"),
    ok({"Procfile": "web: PYTHONUNBUFFERED=0 gunicorn a:b\n"}, title="a command has the last word"),
    ok({"app.json": '{"env": {"WEB_CONCURRENCY": "3"}}\n'}, title="the user's number wins"),
    ok(
        {"app.json": '{"env": {"LD_LIBRARY_PATH": "/app/.apt/usr/lib/x86_64-linux-gnu/blas"}}\n'},
        title="extended",
    ),
)

# Plain switches: any of these values says what the platform's value says.
_SWITCHES = {
    "PYTHONUNBUFFERED": None,  # any text but 0 and the empty one
    "PIP_DISABLE_PIP_VERSION_CHECK": frozenset({"1", "true", "yes", "on"}),
}
_OTHERS = ("FORWARDED_ALLOW_IPS", "PYTHONHOME", "LANG", "PORT", "DYNO", "DYNO_RAM")


def check(app: App, context: App) -> Iterator[Finding]:
    """Report settings that all platforms which read the file set themselves."""
    for placed in app.env:
        if not placed.run or placed.value is None or placed.name not in (*_SWITCHES, *_OTHERS):
            continue
        verdicts = [_verdict(placed, target) for target in placed.targets]
        if verdicts and None not in verdicts:
            yield _finding(app, placed, "overrides" in verdicts)


def _verdict(placed: Placed, target: Target) -> str | None:
    """`same` or `overrides`, None where the setting counts or it is not certain."""
    fact, value = target.platform.sets(placed.name), (placed.value or "").strip()
    if fact is None or not fact.verified or fact.mode not in ("always", "default"):
        return None
    if placed.name in _SWITCHES:
        words = _SWITCHES[placed.name]
        agrees = value.lower() in words if words else value.strip("0") != ""
        if fact.mode == "always" and agrees:
            return "same"
    elif value == fact.value:
        return "same"
    return "overrides" if fact.mode == "always" and placed.origin != "command" else None


def _finding(app: App, placed: Placed, overridden: bool) -> Finding:
    platforms = " and ".join(dict.fromkeys(t.platform.title for t in placed.targets))
    fact = placed.targets[0].platform.sets(placed.name)
    assert fact is not None
    verb = "overrides" if overridden else "sets"
    what = "this value has no effect" if overridden else "this changes nothing"
    note = f" ({fact.note})" if overridden and fact.note else ""
    return META.found(
        placed.source,
        placed.setting.name_span,
        f"{platforms} {verb} {placed.name} by itself: {what}",
        help=f"remove it{note}",
        severity=Severity.WARNING if overridden else Severity.INFO,
        fix=removal(placed, app, "the app may be run elsewhere from the same file"),
        evidence=[Evidence("fact", f"{placed.name} is set to {fact.value}", fact.source, fact.date)],
        on=placed.targets,
    )

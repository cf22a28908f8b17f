"""Debugging is turned on for the deployed app.

## What it does

Finds `DEBUG`, `FLASK_DEBUG`, `DJANGO_DEBUG` and `APP_DEBUG` that are true in app.json, app specs,
heroku.yml, scalingo.json, .env of Dokku, .env.production and commands, and `FLASK_ENV=development` for a Flask before
2.3, where that turns debugging on as well.

## Why is this bad

Debug pages show source, settings and the environment to every visitor, Werkzeug's debugger runs code for
whoever finds its PIN, and Django keeps every query in memory.

## Fix safety

Unsafe: the value is turned into its opposite, written the same way.

## References

- [Django: DEBUG](https://docs.djangoproject.com/en/stable/ref/settings/#debug)
- [Flask 2.2: FLASK_ENV](https://flask.palletsprojects.com/en/2.2.x/config/#environment-and-debug-features)
- [Flask: debug mode](https://flask.palletsprojects.com/en/stable/config/#DEBUG)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.documents.releases import not_older
from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.env import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.env import Placed

META = Rule("BP605", "debug-on", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"app.json": '{"env": {"DEBUG": «"True"»}}\n'},
        fixed={"app.json": '{"env": {"DEBUG": "False"}}\n'},
        safety="unsafe",
    ),
    bad(
        {".do/app.yaml": 'envs:\n- key: FLASK_DEBUG\n  value: «"1"»\n'},
        on="digitalocean",
        fixed={".do/app.yaml": 'envs:\n- key: FLASK_DEBUG\n  value: "0"\n'},
        safety="unsafe",
    ),
    bad(
        {"Procfile": "web: DEBUG=«true» gunicorn a:b\n"},
        fixed={"Procfile": "web: DEBUG=false gunicorn a:b\n"},
        safety="unsafe",
    ),
    bad({".env": "DEBUG=«on»\n"}, on="dokku", fixed={".env": "DEBUG=off\n"}, safety="unsafe"),
    bad(
        {"app.json": '{"env": {"FLASK_ENV": «"development"»}}\n', "requirements.txt": "Flask==2.2.5\n"},
        fixed={"app.json": '{"env": {"FLASK_ENV": "production"}}\n'},
        safety="unsafe",
    ),
    ok(
        {"app.json": '{"env": {"FLASK_ENV": "development"}}\n', "requirements.txt": "Flask==3.1.3\n"},
        title="not read since Flask 2.3: another rule speaks",
    ),
    ok({"app.json": '{"env": {"DEBUG": "False"}}\n'}),
    ok({"app.json": '{"environments": {"test": {"env": {"DEBUG": "True"}}}}\n'}, title="for tests"),
    ok({".env": "DEBUG=1\n"}, title="Heroku does not read .env"),
    ok({".env.example": "DEBUG=1\n"}, on="dokku", title="a template"),
    ok({"app.json": '{"env": {"DEBUG": "app:*"}}\n'}, title="names of loggers"),
)

_NAMES = frozenset({"DEBUG", "FLASK_DEBUG", "DJANGO_DEBUG", "APP_DEBUG", "DEBUG_MODE"})
_OPPOSITES = {
    "1": "0",
    "true": "false",
    "True": "False",
    "TRUE": "FALSE",
    "yes": "no",
    "on": "off",
    "On": "Off",
    "development": "production",
}
_PRODUCTION = (".env.production", ".env.prod")


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each switch that turns debugging on."""
    for placed in app.env:
        deployed = bool(placed.targets) or placed.source.path in _PRODUCTION
        if (
            (_switched_on(placed) or _old_flask(placed, app))
            and deployed
            and placed.run
            and not placed.component.startswith("environments.")
        ):
            yield _finding(placed)


def _switched_on(placed: Placed) -> bool:
    return placed.name in _NAMES and placed.value in _OPPOSITES and placed.value != "development"


def _old_flask(placed: Placed, app: App) -> bool:
    """Whether FLASK_ENV makes a Flask before 2.3 debug."""
    if placed.name != "FLASK_ENV" or placed.value != "development":
        return False
    version = app.version_of("flask")
    return version is not None and not_older(version, "2.3") is False


def _finding(placed: Placed) -> Finding:
    value = placed.value or ""
    span = placed.setting.value_span
    text = placed.source.text[slice(*span)].replace(value, _OPPOSITES[value])
    fix = Fix(
        "Turn debugging off",
        Safety.UNSAFE,
        (Edit(placed.source.path, span, text),),
        reason="the app then hides errors",
    )
    return META.found(
        placed.source,
        span,
        f"{shown(placed)} turns debugging on for everybody who visits the app",
        help="turn it off where the app is deployed",
        fix=fix,
        on=placed.targets,
    )

"""A value that means the opposite of what it says.

## What it does

Finds `false`, `no` and `off` for switches that are on with any text (`PYTHONUNBUFFERED`,
`PYTHONDONTWRITEBYTECODE`, `DISABLE_COLLECTSTATIC`), `0` for `PIP_NO_CACHE_DIR` and words that pip does not take there,
and `PYTHONUNBUFFERED=0`.

## Why is this bad

- Python takes any text that is no number for "on": `PYTHONDONTWRITEBYTECODE=false` turns bytecode off.
- `DISABLE_COLLECTSTATIC=false` disables collectstatic: only `0` does not.
- pip takes `PIP_NO_CACHE_DIR=0` for `--no-cache-dir`, and a word that is no truth value ends every pip command.
- `PYTHONUNBUFFERED=0` does keep output back: what the app prints appears late, or never when it is killed.

## Fix safety

Unsafe: `0` takes the place of the word, or the setting is removed. What the app does changes to what the
line says.

## References

- [Python: environment variables](https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUNBUFFERED)
- [Heroku: disable collectstatic](https://devcenter.heroku.com/articles/django-assets#disabling-collectstatic)
- [pip: boolean options in the environment](https://pip.pypa.io/en/stable/topics/configuration/#environment-variables)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Evidence, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.rules.env import removal, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.env import Placed

META = Rule("BP609", "inverted-value", "app", Severity.WARNING)

EXAMPLES = (
    bad(
        {"app.json": '{"env": {"DISABLE_COLLECTSTATIC": «"false"»}}\n'},
        fixed={"app.json": '{"env": {"DISABLE_COLLECTSTATIC": "0"}}\n'},
        safety="unsafe",
    ),
    bad(
        {".env": "PYTHONDONTWRITEBYTECODE=«no»\n"},
        on="dokku",
        fixed={".env": "PYTHONDONTWRITEBYTECODE=0\n"},
        safety="unsafe",
    ),
    bad(
        {".env": "A=1\nPIP_NO_CACHE_DIR=«0»\n"},
        on="dokku",
        fixed={".env": "A=1\n"},
        safety="unsafe",
        message="turns",
    ),
    bad(
        {"Procfile": "web: PYTHONUNBUFFERED=«0» gunicorn a:b\n"},
        fixed={"Procfile": "web: PYTHONUNBUFFERED=1 gunicorn a:b\n"},
        safety="unsafe",
        message="keeps",
    ),
    bad(
        {".env": "A=1\nPIP_NO_CACHE_DIR=«junk»\n"},
        on="dokku",
        fixed={".env": "A=1\n"},
        safety="unsafe",
        severity="error",
        message="ends every pip command",
    ),
    ok({"app.json": '{"env": {"PIP_NO_CACHE_DIR": "junk"}}\n'}, title="Heroku shows it to no pip"),
    ok({"app.json": '{"env": {"DISABLE_COLLECTSTATIC": "0"}}\n'}),
    ok({"app.json": '{"env": {"DISABLE_COLLECTSTATIC": "true"}}\n'}),
    ok({".env": "PYTHONDONTWRITEBYTECODE=0\n"}, on="dokku"),
    ok({".env": "FLASK_DEBUG=false\n"}, on="dokku", title="Flask takes the word for what it says"),
    ok({"app.json": '{"env": {"PYTHONUNBUFFERED": "0"}}\n'}, title="Heroku overrides it"),
)

_NO = frozenset({"false", "no", "off", "n", "f"})
_YES = frozenset({"1", "y", "yes", "t", "true", "on"})  # with _NO and 0 all that pip takes
_ANY_TEXT = {
    "PYTHONUNBUFFERED": "leaves output unbuffered",
    "PYTHONDONTWRITEBYTECODE": "turns bytecode files off",
    "PYTHONOPTIMIZE": "takes assert statements out",
    "PYTHONNOUSERSITE": "leaves the user's packages out",
    "PYTHONVERBOSE": "prints every import",
    "DISABLE_COLLECTSTATIC": "disables collectstatic",
}
_PYTHON = "https://docs.python.org/3/using/cmdline.html#environment-variables"
_COLLECT = "https://github.com/heroku/heroku-buildpack-python/blob/main/bin/steps/collectstatic"
_PIP = "https://pip.pypa.io/en/stable/topics/configuration/#environment-variables"


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each value that does not do what it says."""
    for placed in app.env:
        value = (placed.value or "").strip().lower()
        if not placed.targets or not value or _overridden(placed):
            continue
        if placed.name in _ANY_TEXT and value in _NO:
            yield _finding(placed, _ANY_TEXT[placed.name], _replace(placed, "0"))
        elif placed.name == "PYTHONUNBUFFERED" and not value.strip("0"):
            yield _finding(placed, "keeps output back until a buffer is full", _replace(placed, "1"))
        elif placed.name == "PIP_NO_CACHE_DIR" and value in (*_NO, "0"):
            yield _finding(
                placed, "turns pip's cache off, as 1 does", removal(placed, app, "pip then keeps its cache")
            )
        elif placed.name == "PIP_NO_CACHE_DIR" and value not in _YES and _sees_pip(placed):
            fix = removal(placed, app, "pip then keeps its cache")
            yield _finding(placed, "ends every pip command: invalid truth value", fix)._replace(
                severity=Severity.ERROR
            )


def _sees_pip(placed: Placed) -> bool:
    """Whether the setting certainly reaches pip on all platforms that read the file."""
    return placed.build and all(t.platform.holds("env.visible_to_build") for t in placed.targets)


def _overridden(placed: Placed) -> bool:
    if placed.origin == "command":
        return False
    facts = [t.platform.sets(placed.name) for t in placed.targets]
    return all(fact is not None and fact.mode == "always" for fact in facts)


def _replace(placed: Placed, value: str) -> Fix:
    span = placed.setting.value_span
    text = placed.source.text[slice(*span)]
    edit = Edit(placed.source.path, span, text.replace(text.strip("\"'"), value))
    return Fix(f"Write {value}", Safety.UNSAFE, (edit,), reason="the app then does what the line says")


def _finding(placed: Placed, effect: str, fix: Fix) -> Finding:
    urls = {"DISABLE_COLLECTSTATIC": _COLLECT, "PIP_NO_CACHE_DIR": _PIP}
    return META.found(
        placed.source,
        placed.setting.value_span,
        f"{shown(placed)} {effect}",
        help="remove it, or write what is meant",
        fix=fix,
        evidence=[Evidence("measurement", "tried", urls.get(placed.name, _PYTHON), "2026-11-24")],
        on=placed.targets,
    )

"""A plan that Heroku no longer offers.

## What it does

Finds add-ons at `hobby-dev`, `hobby-basic`, `mini` or `basic` of Heroku Postgres, `hobby-dev` of Heroku's
key-value store, and dynos of the sizes `free` and `hobby` in app.json.

## Why is this bad

Apps are made from app.json by the Heroku button and for review apps. Free plans ended on 2022-11-28, and
Postgres has had the essential tier in place of the small ones since; a plan that does not exist stops the
making of the app.

## Fix safety

Unsafe: the smallest plan of today takes its place, and costs money.

## References

- [Heroku Postgres: plans](https://devcenter.heroku.com/articles/heroku-postgres-plans)
- [Heroku: end of the free plans](https://help.heroku.com/RSBRUH58/removal-of-heroku-free-product-plans-faq)
- [Heroku: dyno types](https://devcenter.heroku.com/articles/dyno-types)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.documents.app_json import AppJson
    from bpopt.documents.view import Text

META = Rule("BP815", "retired-plan", "app_json", Severity.WARNING)

EXAMPLES = (
    bad(
        '{"addons": [«"heroku-postgresql:hobby-dev"»]}\n',
        fixed='{"addons": ["heroku-postgresql:essential-0"]}\n',
        safety="unsafe",
    ),
    bad(
        '{"addons": [{"plan": «"heroku-redis:hobby-dev"», "as": "CACHE"}]}\n',
        fixed='{"addons": [{"plan": "heroku-redis:mini", "as": "CACHE"}]}\n',
        safety="unsafe",
    ),
    bad(
        '{"formation": {"web": {"quantity": 1, "size": «"free"»}}}\n',
        fixed='{"formation": {"web": {"quantity": 1, "size": "eco"}}}\n',
        safety="unsafe",
    ),
    ok('{"addons": ["heroku-postgresql", "heroku-postgresql:essential-0", "heroku-redis:mini"]}\n'),
    ok('{"formation": {"web": {"quantity": 1, "size": "basic"}}}\n'),
    ok('{"addons": ["heroku-postgresql:hobby-dev"]}\n', on="dokku", title="Dokku has no add-ons"),
)

_ADDONS = {
    "heroku-postgresql:hobby-dev": "heroku-postgresql:essential-0",
    "heroku-postgresql:hobby-basic": "heroku-postgresql:essential-0",
    "heroku-postgresql:dev": "heroku-postgresql:essential-0",
    "heroku-postgresql:mini": "heroku-postgresql:essential-0",
    "heroku-postgresql:basic": "heroku-postgresql:essential-0",
    "heroku-redis:hobby-dev": "heroku-redis:mini",
}
_SIZES = {"free": "eco", "hobby": "basic"}


def check(manifest: AppJson, app: App) -> Iterator[Finding]:
    """Report each plan that is gone."""
    if not app.where(lambda t: t.platform.name == "heroku"):
        return
    for addon in manifest.addons:
        if addon.value in _ADDONS:
            yield _finding(manifest, addon, _ADDONS[addon.value])
    for formation in manifest.formation:
        size = formation.size
        if size is not None and size.value.lower() in _SIZES:
            yield _finding(manifest, size, _SIZES[size.value.lower()])


def _finding(manifest: AppJson, text: Text, today: str) -> Finding:
    source = manifest.tree.source
    edit = Edit(source.path, text.span, f'"{today}"')
    return META.found(
        source,
        text.span,
        f"Heroku no longer offers {text.value}",
        help=f"ask for {today}",
        fix=Fix(f"Ask for {today}", Safety.UNSAFE, (edit,), reason="it costs money"),
    )

"""A secret stands in a file of the repository.

## What it does

Finds passwords, tokens and keys among the settings of app.json, app specs, heroku.yml, .env files and
commands: by their shape (an AWS key, a GitHub token, an address with a password), or by a name that calls
for a secret and a value that is no placeholder. In every other file that bpopt reads, such as the address of
an index in requirements.txt, the shape has to tell. `EV[...]` is DigitalOcean's encrypted form and no finding;
neither are names that are public by design (`NEXT_PUBLIC_...`, publishable keys).

## Why is this bad

Who can read the repository, or a copy of it, has the secret, and it stays in the history after the line is
gone. Dokku copies `.env` into the image, too.

## Fix safety

Unsafe for a signing key in app.json: a `generator` makes one for each app instead. Otherwise there is no
fix: set the value in the platform's settings, take the line out, and replace the secret, as it is known
now.

## References

- [Heroku: app.json schema, generator](https://devcenter.heroku.com/articles/app-json-schema#env)
- [App Platform: environment variables and encryption](https://docs.digitalocean.com/products/app-platform/how-to/use-environment-variables/)
- [GitHub: secret scanning patterns](https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpopt.app import secrets
from bpopt.app.env import committed
from bpopt.app.suspect import shaped
from bpopt.finding import Edit, Finding, Fix, Safety, Severity
from bpopt.rules.base import Rule, bad, ok
from bpopt.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpopt.app import App
    from bpopt.app.env import Placed
    from bpopt.text import Source

META = Rule("BP604", "secret-in-file", "app", Severity.WARNING)

_SPEC = "services:\n- name: web\n  envs:\n  - key: {}\n    value: {}\n    type: SECRET\n"
_TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"  # shaped like a token, made up

EXAMPLES = (
    bad(
        {"app.json": '{"env": {«"DJANGO_SECRET_KEY"»: "k3#v9_q2xw7!m0zt4r8p"}}\n'},
        fixed={"app.json": '{"env": {"DJANGO_SECRET_KEY": {"generator": "secret"}}}\n'},
        safety="unsafe",
        severity="warning",
    ),
    bad({".env": f"«DEPLOY»={_TOKEN}\n"}, on="dokku", severity="error", message="a GitHub token"),
    bad({".do/app.yaml": _SPEC.format("«APP_KEY»", "base64:gZovGEGy41IsfPvWi8c2xavG=")}, on="digitalocean"),
    bad(
        {".env.production": "«DATABASE_URL»=postgres://shop:Xk29vTq8@db.shop.net:5432/shop\n"},
        message="password",
    ),
    bad(
        {"requirements.txt": "--extra-index-url «https://ci:Xk29vTq8@pypi.shop.net»/simple\nflask==3.1.3\n"},
        severity="error",
        message="an address with a password in it",
    ),
    bad({".buildpacks": f"https://«{_TOKEN}»@github.com/me/pack\n"}, on="dokku", severity="error"),
    ok({"requirements.txt": "git+https://${TOKEN}@github.com/me/lib.git\n"}, title="a variable"),
    ok({"requirements.txt": "-i https://user:password@pypi.example.com/simple\n"}, title="a placeholder"),
    ok(
        {".do/app.yaml": _SPEC.format("APP_KEY", "EV[1:W2u4FUXFXfqF9Soc:8cr71j0Pu2HiapwJK]")},
        on="digitalocean",
    ),
    ok(
        {".do/app.yaml": _SPEC.format("API_KEY", "your_api_key_here")},
        on="digitalocean",
        title="a placeholder",
    ),
    ok(
        {".do/app.yaml": _SPEC.format("DB_PASSWORD", "${db.PASSWORD}")},
        on="digitalocean",
        title="filled in there",
    ),
    ok({".env.example": "SECRET_KEY=change-me-please\nPASSWORD=\n"}, title="a template"),
    ok(
        {".env": "DATABASE_URL=postgres://postgres:postgres@localhost:5432/app\n"},
        title="a database on this machine",
    ),
    ok({"app.json": '{"env": {"SECRET_KEY": {"generator": "secret"}}}\n'}),
    ok({".env": f"DEPLOY={_TOKEN}\n", ".gitignore": ".env*\n!.env.example\n"}, title="not committed"),
    ok(
        {".env": "NEXT_PUBLIC_ANON_KEY=eyJhbGciOiJIUzI1NiJ9x1y2z3w4\nKEYCLOAK_REALM=Main12345678\n"},
        title="public names",
    ),
)

_TEMPLATES = (".example", ".sample", ".template", ".dist", ".defaults")
_SIGNING = ("SECRET_KEY", "SECRET_KEY_BASE", "JWT_SECRET", "SESSION_SECRET", "APP_SECRET")


def check(app: App, context: App) -> Iterator[Finding]:
    """Report each setting that holds a secret, without showing it."""
    for placed in app.env:
        value = placed.value or ""
        template = placed.source.path.endswith(_TEMPLATES)
        what = secrets.shape(value)
        if what is not None:
            yield _finding(
                placed, f"{placed.name} holds {what}", Severity.WARNING if template else Severity.ERROR
            )
        elif not template and (secrets.named(placed.name, value) or _marked(placed, value)):
            yield _finding(
                placed, f"{placed.name} holds a secret in a file of the repository", Severity.WARNING
            )
    if not shaped(app.lowered):
        return
    for path in sorted({path for paths in app.paths.values() for path in paths}):
        source = app.source(path)
        if source is not None and committed(app, path):
            yield from _outside(source, app)


def _outside(source: Source, app: App) -> Iterator[Finding]:
    """What stands outside of settings: addresses of indexes and buildpacks, arguments of commands."""
    settings = [placed.setting.value_span for placed in app.settings_of(source)]
    for start, end, what in secrets.shapes(source.text):
        if any(span.start <= start and end <= span.end for span in settings):
            continue
        template = source.path.endswith(_TEMPLATES)
        yield META.found(
            source,
            Span(start, end),
            f"{what} stands in this file",
            help="take it out of the file, and replace the secret itself, as it is known now",
            severity=Severity.WARNING if template else Severity.ERROR,
        )


def _marked(placed: Placed, value: str) -> bool:
    """Whether a setting that its file marks as a secret has a value in plain text."""
    return placed.setting.secret and secrets.plain(value)


def _finding(placed: Placed, message: str, severity: Severity) -> Finding:
    return META.found(
        placed.source,
        placed.setting.name_span,
        message,
        help="set it in the platform's settings, take it out of the file, and replace the secret itself",
        severity=severity,
        fix=_generator(placed),
    )


def _generator(placed: Placed) -> Fix | None:
    """Let Heroku or Dokku make the key, where the entry is `NAME: "value"`."""
    own = placed.setting
    if (
        placed.origin != "app_json"
        or not placed.name.endswith(_SIGNING)
        or own.entry_span.end != own.value_span.end
    ):
        return None
    edit = Edit(placed.source.path, own.value_span, '{"generator": "secret"}')
    return Fix(
        "Let the platform generate it",
        Safety.UNSAFE,
        (edit,),
        reason="what was signed with the old key is void",
    )

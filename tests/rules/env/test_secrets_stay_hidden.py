"""Whatever is found about a setting, its secret value is in no message and in no source that a report shows."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bpopt import baseline, diff, engine, fixer, settings
from bpopt.app import secrets
from bpopt.finding import Finding
from bpopt.output import FORMATS, Look, render
from tests.rules.apps import app_of, found

SECRET = "Zq7#pW2x" + "Lk9vTr4m"
TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
NAMES = st.sampled_from(
    [
        "SECRET_KEY",
        "API_TOKEN",
        "DB_PASSWORD",
        "PIP_INDEX_PASSWORD",
        "CACHE_DIR_TOKEN",
        "DEBUG",
        "PORT",
        "LANG",
    ]
)
PLATFORMS = st.sampled_from(["heroku", "dokku", "digitalocean", "scalingo", "heroku-fir"])
SOME = hypothesis_settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def visible(finding: Finding) -> str:
    """All that a report could show of a finding: its words and the lines of its places."""
    places = [(finding.source, finding.span), *((label.source, label.span) for label in finding.labels)]
    lines = []
    for source, span in places:
        first, last = source.position(span.start).line, source.position(span.end).line
        lines += [source.line_at(number) for number in range(first, last + 1)]
    return "\n".join([finding.message, finding.help, *lines])


@SOME
@given(st.lists(NAMES, min_size=1, max_size=4), st.sampled_from([SECRET, TOKEN]), PLATFORMS)
def test_no_secret_in_what_is_shown(names: list[str], value: str, platform: str) -> None:
    secretive = [n for n in names if secrets.looks_secret(n, value)]
    files = {
        ".env": "".join(f"{n}={value}\n" for n in names if n in secretive) + "A=1 # two\n",
        "app.json": '{{"env": {{{}}}}}'.format(", ".join(f'"{n}": "{value}"' for n in secretive)),
        ".do/app.yaml": "services:\n- name: web\n  envs:\n"
        + "".join(f"  - {{key: {n}, value: '{value}', scope: RUN_TIME}}\n" for n in secretive)
        + "  - {key: A, value: b}\n",
    }
    for finding in found(files, platform, select="env"):
        assert value not in visible(finding), (finding.code, finding.message)


def test_shapes_of_tokens() -> None:
    assert secrets.shape("AKIA" + "QX3ZJ7WLM5RT2VBN") == "an AWS access key"
    assert secrets.shape("postgres://u:Xk29vTq8@db.shop.net/x") == "an address with a password in it"
    for harmless in (
        "EV[1:abc:def]",
        "AKIAIOSFODNN7EXAMPLE",
        "${db.DATABASE_URL}",
        "postgres://u:p@localhost/x",
        "true",
    ):
        assert secrets.shape(harmless) is None


# A secret wherever one can stand, next to something that a rule finds or a fix changes.
PLAIN = SECRET.replace("#", "")
EVERYWHERE = {
    ".env": f"A=1 # note\nSECRET_KEY={SECRET}\nSECRET_KEY={SECRET}\n"
    f'API_TOKEN="{SECRET}" # behind\nB=2 # {TOKEN}\nDEBUG=on\n',
    "app.json": f'{{"env": {{"DJANGO_SECRET_KEY": "{SECRET}", "DEBUG": "True", "X": 1}}, "b": "{TOKEN}"}}',
    ".do/app.yaml": "services:\n- name: web\n  envs:\n  - key: API_TOKEN\n"
    f"    value: {PLAIN}\n    scope: RUN_TIM\n",
    "requirements.txt": f"--extra-index-url https://ci:{PLAIN}@pypi.shop.net/simple\n"
    f"git+https://{TOKEN}@github.com/me/lib.git\nflask==3.0.0 --no-deps\n./missing-{TOKEN}\n",
    "Procfile": f"web: API_TOKEN={PLAIN} DEBUG=1 gunicorn -b 127.0.0.1:8000 app:app --relod\n"
    f'worker: curl -H "Authorization: Bearer {TOKEN}" x; python run.py &\n',
    ".buildpacks": f"https://{TOKEN}@github.com/heroku/heroku-buildpack-apt\n",
    "Aptfile": f"libgl1-mesa-glx # {TOKEN}\n",
    "gunicorn.conf.py": f'raw_env = ["SECRET_KEY={PLAIN}"]\nrelod = True\n',
}


def leaks(text: str) -> list[str]:
    return [
        line
        for line in text.splitlines()
        if TOKEN in line or SECRET in line or SECRET.replace("#", "") in line
    ]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("platform", ["heroku", "dokku", "digitalocean"])
def test_no_format_prints_a_secret(form: str, platform: str) -> None:
    result = engine.check(app_of(EVERYWHERE, platform), settings.defaults(select=["ALL"]))
    assert result.counted
    text = "".join(render(form, [result], Look()))
    assert text
    assert not leaks(text)
    assert not leaks(baseline.render(baseline.entries(result)))


@pytest.mark.parametrize("platform", ["heroku", "dokku", "digitalocean"])
def test_no_diff_prints_a_secret_and_fixes_keep_them(platform: str) -> None:
    app = app_of(EVERYWHERE, platform)
    fixed = fixer.converge(app, settings.defaults(select=["ALL"]), True, engine.check)
    before = {path: app.files.read(path) for path in fixed.changes}
    text = "".join(diff.unified("", before, fixed.changes, app))
    assert "***" in text
    assert not leaks(text)
    whole = b"".join(raw for raw in fixed.changes.values() if raw)
    assert SECRET.encode() in whole or TOKEN.encode() in whole
    assert b"****" not in whole


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GOOGLE_APPLICATION_CREDENTIALS", "/app/keys/Account7.json"),
        ("TLS_PRIVATE_KEY", "certs/Server01.pem"),
        ("MAPBOX_ACCESS_TOKEN", "pk.eyJ1Ijoic2hvcCJ9.Qm7z"),
        ("SECRET_KEY", "changeme-changeme"),
        ("API_KEY", "your_api_key_here"),
        ("DB_PASSWORD", "${db.PASSWORD}"),
        ("API_TOKEN", "EV[1:W2u4FUXFXfqF9Soc:8cr71j0P]"),
        ("NEXT_PUBLIC_API_KEY", "Xk29vTq8Lm4w"),
        ("TOKEN_URL", "https://auth.shop.net/token"),
    ],
)
def test_what_only_looks_like_a_secret(name: str, value: str) -> None:
    assert not secrets.named(name, value)

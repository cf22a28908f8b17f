"""Fixes of both families on apps put together at random: they settle, none is refused, and no build ends that ran."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt import engine, fixer
from bpopt import settings as config
from tests.rules.apps import app_of

TEXTS = {
    ".python-version": ["3.13\n", "3.12.1\n", "python-3.13\n", "3.8\n", "", "\ufeff3.13\n", "3.13\n3.12\n"],
    "runtime.txt": ["python-3.12.1\n", "three\n", "python-3.8.20\n", "", "# c\n", "\ufeffpython-3.12\n"],
    "requirements.txt": ["flask==3\ngunicorn\n", "-e .\n"],
    "Pipfile": ["[packages]\n"],
    "Pipfile.lock": ['{"_meta": {"requires": {"python_version": "3.7"}}}', "{"],
    "uv.lock": ["x"],
    "setup.py": ["setup()"],
    "pyproject.toml": [
        '[project]\nrequires-python=">=3.12"\n',
        '[tool.poetry.dependencies]\npython="^3.12"\n',
    ],
    ".gitignore": [".python-version\n", "*.txt\n", "*\n!*.py\n"],
    ".slugignore": ["*\n", "!a\n_.pyc\n", "requirements.txt\ndocs\ndocs\n.git\n", "[\n"],
    "docs/a.md": ["x" * 150_000],
    "app.py": ["app = 1\n"],
    "Procfile": ["web: gunicorn app:app\n"],
}
APPS = st.fixed_dictionaries({}, optional={path: st.sampled_from(texts) for path, texts in TEXTS.items()})
PLATFORMS = st.sampled_from(
    [
        ("heroku",),
        ("digitalocean",),
        ("dokku",),
        ("scalingo",),
        ("heroku-fir",),
        ("heroku", "digitalocean"),
        (),
    ]
)
CHOSEN = config.defaults(select=["BP4", "BP5"])


@given(APPS, PLATFORMS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_fixes_of_what_ships_and_of_python_settle(
    files: dict[str, str], on: tuple[str, ...], unsafe: bool
) -> None:
    before = engine.check(app_of(files, *on), CHOSEN).counted
    fixed = fixer.converge(app_of(files, *on), CHOSEN, unsafe, engine.check)
    assert fixed.stable
    assert not fixed.refused
    errors = [
        [f.code for f in found if f.severity.value == "error"] for found in (before, fixed.remaining.counted)
    ]
    assert len(errors[1]) <= len(errors[0]), errors

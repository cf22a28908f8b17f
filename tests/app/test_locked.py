"""What an app installs from a lock: only what is certain."""

from __future__ import annotations

import time

import pytest

from bpopt.rules.base import lock
from tests.rules.apps import app_of

LOCK = lock("flask==3.1.3", "Pillow==12.0.0", "gunicorn==23.0.0")


def direct(pyproject: str, lock_file: str = "uv.lock", on: str = "heroku", **more: str) -> list[str] | None:
    locked = app_of({"pyproject.toml": pyproject, lock_file: LOCK, **more}, on).locked
    return None if locked is None else [entry.name for entry in locked.document.requirements]


def test_dependencies_stand_where_pyproject_names_them() -> None:
    text = "[project]\r\ndependencies = [\r\n  \"flask[async]>=3\",  # web\r\n  'pillow',\r\n]\r\n"
    locked = app_of({"pyproject.toml": text, "uv.lock": LOCK.replace("\n", "\r\n")}, "heroku").locked
    assert locked is not None
    spans = [text[slice(*entry.name_span)] for entry in locked.document.requirements]
    assert spans == ["flask", "pillow"]
    assert locked.versions == {"flask": "3.1.3", "pillow": "12.0.0", "gunicorn": "23.0.0"}
    assert locked.tool == "uv"


def test_poetry_names_them_in_two_places() -> None:
    text = (
        '[project]\ndependencies = ["flask", "gunicorn"]\n'
        '[tool.poetry.dependencies]\npython = "^3.12"\nPillow = "*"\n'
        'gunicorn = { version = "*", platform = "win32" }\n'
    )
    assert direct(text, "poetry.lock") == ["flask", "pillow"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[project]\ndependencies = ["django"]\n', []),  # not in the lock
        ('[project]\ndependencies = ["flask @ https://example.com/flask.whl"]\n', []),
        ('[project]\ndependencies = ["fl\\u0061sk"]\n', []),  # does not stand there as it is meant
        ('[project]\ndependencies = [1, {a = "flask"}]\n', []),
        ('[project]\ndependencies = "flask"\n', []),
        ('[project.optional-dependencies]\nweb = ["flask"]\n', []),
        ("[tool.poetry]\ndependencies = []\n", []),
        ("[project\n", None),
    ],
)
def test_what_is_not_certain_is_left_out(text: str, found: list[str] | None) -> None:
    assert direct(text) == found
    assert direct(text, "poetry.lock") == found


@pytest.mark.parametrize("other", ["requirements.txt", "Pipfile.lock", "poetry.lock"])
def test_a_second_list_leaves_open_what_is_installed(other: str) -> None:
    text = '[project]\ndependencies = ["flask"]\n'
    assert direct(text) == ["flask"]
    assert direct(text, **{other: ""}) is None


def test_only_platforms_that_read_the_lock_count() -> None:
    text = '[project]\ndependencies = ["flask"]\n'
    assert direct(text, on="digitalocean") is None
    app = app_of({"pyproject.toml": text, "uv.lock": LOCK}, "digitalocean", "dokku")
    assert app.locked is not None
    assert [target.platform.name for target in app.locked.on] == ["dokku"]


def test_a_large_lock_is_read_fast() -> None:
    wheel = '    { url = "https://example.com/a.whl", hash = "sha256:' + "0" * 64 + '" },\n'
    package = '[[package]]\nname = "p{}"\nversion = "1.0"\nwheels = [\n' + wheel * 30 + "]\n\n"
    text = "".join(package.replace("{}", str(at)) for at in range(700))
    app = app_of({"pyproject.toml": '[project]\ndependencies = ["p699"]\n', "uv.lock": text}, "heroku")
    start = time.process_time()
    assert app.locked is not None
    assert len(app.locked.versions) == 700
    assert len(text) > 2_000_000  # bytes
    assert time.process_time() - start < 0.5  # as TOML it takes seconds

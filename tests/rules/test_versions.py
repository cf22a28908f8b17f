from __future__ import annotations

import pytest

from bpopt.rules.versions import at_least, python_of
from tests.rules.apps import app_of

FLASKS = ("3.1.3", "3.0.3", "2.3.3")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("Flask==3.1.3", True),
        ("Flask==2.2.5", False),
        ("Flask", True),
        ("Flask>=2", True),
        ("Flask<3", True),
        ("Flask<2.3", False),
        ("Flask~=2.2.0", False),
        ("Flask==2.*", True),
        ("Flask @ https://example.org/Flask.zip", None),
        ("Flask==${VERSION}", None),
        ("django", None),
    ],
)
def test_the_version_that_pip_would_take(line: str, answer: bool | None) -> None:
    assert at_least(app_of({"requirements.txt": line + "\n"}, "heroku"), "flask", "2.3", FLASKS) is answer


@pytest.mark.parametrize(
    ("files", "platform", "answer"),
    [
        ({".python-version": "3.12\n"}, "heroku", ((3, 12), True)),
        ({".python-version": "3.12\n", "runtime.txt": "python-3.11.9\n"}, "heroku", ((3, 11), True)),
        ({".python-version": "3.12\n", "runtime.txt": "python-3.11.9\n"}, "heroku-fir", ((3, 12), True)),
        ({}, "heroku", ((3, 14), False)),
        ({}, "digitalocean", ((3, 13), False)),
        ({".python-version": "pypy3.10\n"}, "heroku", None),
        ({"Pipfile.lock": "{}"}, "heroku", None),
    ],
)
def test_the_python_of_a_platform(
    files: dict[str, str], platform: str, answer: tuple[tuple[int, int], bool] | None
) -> None:
    app = app_of(files, platform)
    found = python_of(app, app.targets[0])
    assert (None if found is None else tuple(found)) == answer

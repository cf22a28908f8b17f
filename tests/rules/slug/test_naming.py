"""What names a folder that .slugignore would take away: the fix must never break an app."""

from __future__ import annotations

import pytest

from tests.rules.apps import found, mended

APP = {
    "Procfile": "web: gunicorn app:app\n",
    "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
    "requirements.txt": "flask==3.1.3\ngunicorn==23.0.0\n",
    ".python-version": "3.13\n",
}
MUCH = "x" * 200_000


@pytest.mark.parametrize(
    "files",
    [
        {"Procfile": "web: voila app.ipynb --port=$PORT\n", "app.ipynb": MUCH},
        {"Procfile": "web: voila\n", "app.ipynb": MUCH},
        {"Procfile": "web: cd docs && python -m http.server $PORT\n", "docs/a.html": MUCH},
        {"Procfile": "web: gunicorn tests.app:app\n", "tests/app.py": "app = 1\n", "tests/b": MUCH},
        {"Procfile": "web: gunicorn --chdir docs app:app\n", "docs/app.py": "app = 1\n", "docs/b": MUCH},
        {"Procfile": "web: gunicorn app:app\nrelease: python -m tests.seed\n", "tests/seed.py": MUCH},
        {"Procfile": "web: gunicorn app:app\nrelease: pytest\n", "tests/test_app.py": MUCH},
        {
            "Procfile": "web: x\nrelease: make seed\n",
            "Makefile": "seed:\n\tcd tests && ./seed\n",
            "tests/seed": MUCH,
        },
        {
            "requirements.txt": "-r tests/requirements.txt\n",
            "tests/requirements.txt": "flask\n",
            "tests/b": MUCH,
        },
        {"requirements.txt": "-e ./docs # ours\n", "docs/setup.py": "x\n", "docs/b": MUCH},
        {"config/nginx.conf.erb": "root /app/docs;\n", "docs/b": MUCH},
        {"bin/post_compile": "mkdocs build -d site\n", "docs/b": MUCH},
        {"app.json": '{"scripts": {"postdeploy": "cd tests && python seed.py"}}\n', "tests/b": MUCH},
        {"app.py": "import app, docs\n", "docs/b": MUCH},
        {"app.py": "from tests.factories import make\n", "tests/b": MUCH},
        {"pyproject.toml": '[project]\nreadme = "docs/README.md"\n', "docs/b": MUCH},
    ],
)
def test_a_folder_that_is_named_is_needed(files: dict[str, str]) -> None:
    assert [f.message for f in found({**APP, **files}, "heroku", select="BP401")] == []


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "See docs/index.md and tests/.\n"},
        {"Makefile": "docs:\n\techo no\ntest:\n\tpytest tests\n"},
        {"scripts/check.sh": "pytest tests\nsphinx-build docs out\n"},
        {"app.py": "app = 1  # docs and tests\n# docs/index.md\n"},
        {"pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n'},
        {".readthedocs.yaml": "sphinx:\n  configuration: docs/conf.py\n"},
        {"requirements.txt": "flask==3.1.3 # see docs\npytest-docs\n"},
    ],
)
def test_a_folder_that_is_only_spoken_of_may_go(files: dict[str, str]) -> None:
    app = {**APP, **files, "docs/a.md": MUCH, "tests/b": MUCH}
    text = mended(app, "heroku", select="BP401", unsafe=False)[".slugignore"]
    assert text is not None
    assert {line for line in text.splitlines() if not line.startswith("#")} == {"/docs", "/tests"}


def test_code_too_large_to_look_through_makes_the_fix_unsafe() -> None:
    app = {**APP, "tests/b": MUCH, "big.py": "x = 1\n" * 400_000}
    (finding,) = found(app, "heroku", select="BP401")
    assert finding.fix is not None
    assert finding.fix.safety.value == "unsafe"
    assert "big.py" in finding.fix.reason


def test_pipelines_are_left_out_too() -> None:
    text = mended({**APP, "tests/b": MUCH, ".travis.yml": "x\n"}, "heroku", select="BP401")[".slugignore"]
    assert text is not None
    assert text.endswith("/.travis.yml\n")

"""Shapes of files that public repositories really have, each with what is said of it and nothing else of its family.

The run's, apt lists' and Procfiles' own shapes are elsewhere; here are the families BP4 to BP8.
"""

from __future__ import annotations

import pytest

from tests.rules.apps import found, mended

APP = {
    "Procfile": "web: gunicorn app:app\n",
    "app.py": "app = 1\n",
    "requirements.txt": "flask==3.1.3\ngunicorn==27.0.1\n",
    ".python-version": "3.13\n",
}

SHAPES = {
    "slugignore: a Python module": (
        {".slugignore": "import os\nfrom flask import Flask\n\napp = Flask(__name__)\n"},
        ["BP005"],
    ),
    "slugignore: a list for pip": ({".slugignore": "flask==1.0\ngunicorn==20.0\n"}, ["BP005"]),
    "slugignore: CRLF and blanks behind": ({".slugignore": "*.psd  \r\n/docs\r\n\r\n"}, []),
    "slugignore: a markdown formatter": (
        {".slugignore": "_.pyc\r\n**pycache**/\r\n\\*.log\r\n"},
        ["BP406"] * 3,
    ),
    "requirements: a byte order mark": ({"requirements.txt": "\ufeffflask==3.1.3\ngunicorn==27.0.1\n"}, []),
    "requirements: CRLF": ({"requirements.txt": "flask==3.1.3\r\ngunicorn==27.0.1\r\n"}, []),
    "requirements: --no-deps": (
        {"requirements.txt": "gunicorn==27.0.1\ngrad-cam==1.4.8 --no-deps\n"},
        ["BP711"],
    ),
    "requirements: a command": (
        {"requirements.txt": "gunicorn==27.0.1\npip install --no-deps grad-cam\n"},
        ["BP002"],
    ),
    "requirements: a wheel": (
        {"requirements.txt": "gunicorn==27.0.1\nhttps://example.org/a-1-py3-none-any.whl\n"},
        [],
    ),
    "requirements: a browser, maybe a remote one": (
        {"requirements.txt": "selenium==4.20.0\ngunicorn==27.0.1\n"},
        [],
    ),
    "runtime: words": ({"runtime.txt": "Python = 3.12.6\n"}, ["BP503"]),
    "runtime: backticks": ({"runtime.txt": "`python-3.12.6`\n"}, ["BP503"]),
    "runtime: a backslash and an n": ({"runtime.txt": "python-3.6.15\\naaaaaaa\n"}, ["BP503"]),
    "runtime: a table of a Pipfile": ({"runtime.txt": '[requires]\npython_version = "3.8"\n'}, ["BP005"]),
    "runtime: a list for pip": ({"runtime.txt": "flask==1.0\ngunicorn==20.0\n"}, ["BP005"]),
    "runtime: a banner": (
        {"runtime.txt": "Python: 3.11.13 (main, Jun  4 2025) [GCC 11.4.0]\nLinux\n"},
        ["BP503"],
    ),
    "runtime: seven blank lines": ({"runtime.txt": "python-3.12.14" + "\n" * 8}, ["BP501"]),
    "app spec: an encrypted value": (
        {
            ".do/app.yaml": "services:\n- name: web\n  run_command: gunicorn --worker-tmp-dir /dev/shm app:app\n"
            "  health_check:\n    http_path: /\n  envs:\n  - key: API_TOKEN\n    type: SECRET\n    value: EV[1:a:b]\n"
        },
        [],
    ),
    "settings: placeholders": (
        {"app.json": '{"env": {"SECRET_KEY": "changeme-changeme", "API_TOKEN": "your-token-here-123"}}\n'},
        [],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_said_of_it(name: str) -> None:
    files, expected = SHAPES[name]
    whole = {**APP, **files}
    if "runtime.txt" in files:
        del whole[".python-version"]
    on = "digitalocean" if ".do/app.yaml" in files else "heroku"
    own = sorted(f.code for f in found(whole, on) if f.code[:3] not in ("BP1", "BP2", "BP3"))
    assert own == expected
    mended(whole, on)


def test_an_apt_list_alone_says_nothing_of_python() -> None:
    assert [f.code for f in found({"Aptfile": "ffmpeg\n"}, "heroku") if f.code >= "BP4"] == []


def test_two_opencv_builds_are_a_warning_as_the_right_one_may_win() -> None:
    files = {"requirements.txt": "opencv-python==4.10.0.84\nopencv-python-headless==4.10.0.84\n"}
    assert {f.severity.value for f in found(files, "heroku") if f.code in ("BP701", "BP702")} == {"warning"}


def test_crlf_of_a_slugignore_is_kept() -> None:
    files = {**APP, ".slugignore": "# no drafts\r\n_.pyc\r\n/docs\r\n"}
    assert mended(files, "heroku", select="BP406") == {".slugignore": "# no drafts\r\n*.pyc\r\n/docs\r\n"}

"""What looks wrong and is right stays quiet; what people really paste into these files is told for what it is.

Both lists come from public repositories (collected 2026-11-23); the files are written anew here.
"""

from __future__ import annotations

import pytest

from tests.rules.apps import found

REQUIRED = {"requirements.txt": "flask==3.1.3\ngunicorn==27.0.1\n"}
SERVE = "gunicorn app:app --bind 0.0.0.0:8080 --worker-tmp-dir /dev/shm"
SPEC = f"services:\n- name: web\n  http_port: 8080\n  run_command: {SERVE}\n"
SECRET = SPEC + "  envs:\n  - key: SECRET_KEY\n    type: SECRET\n    value: EV[1:aGVsbG8:d29ybGQ]\n"


def worse(files: dict[str, str], *on: str) -> list[tuple[str, str]]:
    """Errors and warnings of the first four families."""
    findings = [f for f in found(files, *on) if f.severity.value in ("error", "warning")]
    return [(f.code, f.message) for f in findings if f.code.startswith(("BP0", "BP1", "BP2", "BP3"))]


TRAPS = [
    ("virtual names resolve", {"Aptfile": "libsndfile-dev\nlibasound-dev\nlibglu1\n"}, "heroku-24"),
    ("old names with one provider", {"Aptfile": "libglib2.0-0\nlibcups2\nlibatk1.0-0\n"}, "heroku-24"),
    ("several on a line, Heroku", {"Aptfile": "jq s3cmd wget\n"}, "heroku"),
    ("several on a line, Scalingo", {"Aptfile": "jq s3cmd wget\n"}, "scalingo"),
    ("no --bind where PORT is set", {"Procfile": "web: gunicorn app:app -w 1\n", **REQUIRED}, "heroku"),
    ("port 8080 on DigitalOcean", {".do/app.yaml": SPEC}, "digitalocean"),
    ("encrypted values", {".do/app.yaml": SECRET}, "digitalocean"),
    ("a factory", {"Procfile": "web: gunicorn -w 1 'app:create_app()'\n", **REQUIRED}, "heroku"),
    (
        "a factory in double quotes",
        {"Procfile": 'web: gunicorn -w 1 "app:create_app()"\n', **REQUIRED},
        "heroku",
    ),
    (
        "a configuration that is a module, and wrappers",
        {
            "Procfile": "web: bin/start-nginx newrelic-admin run-program gunicorn -c python:config.gunicorn app:app\n",
            "app.py": "app = 1\n",
            "config/gunicorn.py": "bind = 'unix:/tmp/nginx.socket'\n",
            "requirements.txt": "flask\ngunicorn\nnewrelic\n",
        },
        "heroku",
    ),
    (
        "another wrapper",
        {
            "Procfile": "web: opentelemetry-instrument gunicorn -w 1 app:app\n",
            "requirements.txt": "gunicorn\nopentelemetry-distro\n",
        },
        "heroku",
    ),
    ("an Aptfile says nothing of Python", {"Aptfile": "python3-numpy\nlibsm6\n"}, "heroku-22"),
    ("notes", {"Aptfile": "# Заметка\r\n# nothing else\r\njq\n"}, "heroku"),
    ("a blank first line", {"Procfile": "\r\nweb: gunicorn app:app -w 1\r\n", **REQUIRED}, "heroku"),
]


@pytest.mark.parametrize(("files", "platform"), [t[1:] for t in TRAPS], ids=[t[0] for t in TRAPS])
def test_a_trap_stays_quiet(files: dict[str, str], platform: str) -> None:
    assert worse(files, platform) == []


APT = [
    ("#!/bin/sh\napt-get install -y jq \\\n  curl\n", {"BP005", "BP110"}),
    ("apt-get install -y jq \\\n  curl\n", {"BP110"}),
    ('[packages]\nlibxcb1 = "*"\n', {"BP005"}),
    ("Flask==3.1.3\nnumpy==2.1.0\n", {"BP005"}),
    ("jq\nFlask==3.1.3\n", {"BP110"}),
    ("Skip to content\nSign up\nCode\nIssues\n", {"BP105", "BP123"}),
    ("heroku buildpacks:add --index 1 heroku-community/apt\n", {"BP110"}),
    ("*libarchive13*\n", {"BP119"}),
    ("jq --disable-debug\n", {"BP110"}),
    ("RUN apt-get install -y \\\n  jq curl \\\n  wget\n", {"BP110"}),
    ("# only\n# comments\n", set()),
    ("# Комментарий\r\njq\r\n", {"BP109"}),
    ("numpy\nface_recognition\n", {"BP105", "BP110"}),
]
WEB = "web: gunicorn app:app -w 1\n"
PROC = [
    ("services:\n  - type: web\n    name: x\n    startCommand: gunicorn app:app\n```\n", {"BP005"}),
    (WEB + ".listen(process.env.PORT || 5000)\n", {"BP203"}),
    (WEB + "web: gunicorn b:b -w 1\n", {"BP207"}),
    ("web:sh start.sh\n", {"BP202"}),
    ("web gunicorn app:app -w 1\n", {"BP201"}),
    ("web: gunicorn app:app \\\n  -w 1\n", {"BP218"}),
    ("web: python seed.py && python fill.py; gunicorn app:app -w 1\n", set()),
    ("web: python bot.py & gunicorn app:app -w 1 & wait -n\n", {"BP213"}),
    ("web: gunicorn pkg/pkg.wsgi -w 1\n", {"BP210"}),
    ("web: gunicorn app.py -w 1\n", {"BP210"}),
    ("web: gunicorn\n", {"BP210"}),
    ("web: gunicorn manage.py:main -w 1\n", {"BP210"}),
    ("web: gunicorn app:app -w 1 -b 0.0.0.0:5000\n", {"BP206"}),
]


@pytest.mark.parametrize(("text", "codes"), APT)
def test_what_is_pasted_into_an_aptfile(text: str, codes: set[str]) -> None:
    assert {code for code, _ in worse({"Aptfile": text}, "heroku-24")} == codes


@pytest.mark.parametrize(("text", "codes"), PROC)
def test_what_is_pasted_into_a_procfile(text: str, codes: set[str]) -> None:
    assert {code for code, _ in worse({"Procfile": text, **REQUIRED}, "heroku")} == codes

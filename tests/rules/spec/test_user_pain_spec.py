"""Deployments that failed for real, each in the smallest app that shows it; the threads are in the rules'
pages."""

from __future__ import annotations

import pytest

from tests.rules.apps import caught, found, mended

APT = "https://github.com/heroku/heroku-buildpack-apt"
PYTHON = "https://github.com/heroku/heroku-buildpack-python"


def test_row_01_a_buildpack_writes_a_second_list_of_packages() -> None:
    files = {
        ".buildpacks": f"https://github.com/moneymeets/python-poetry-buildpack\n{PYTHON}\n",
        "poetry.lock": "",
        "pyproject.toml": "[project]\nname = 'x'\n",
    }
    assert caught(files, "BP814", "dokku").severity.value == "error"


def test_row_03_health_check_asks_another_port() -> None:
    run = "gunicorn --bind 0.0.0.0:5000 app:app"
    files = {".do/app.yaml": f"services:\n- name: web\n  http_port: 8080\n  run_command: {run}\n"}
    finding = caught(files, "BP806", "digitalocean")
    assert finding.severity.value == "error"
    assert "5000" in finding.message
    assert "8080" in finding.message


def test_row_03_default_http_port_and_a_procfile() -> None:
    files = {
        ".do/app.yaml": "services:\n- name: web\n",
        "Procfile": "web: gunicorn -b 0.0.0.0:8000 app:app\n",
    }
    assert caught(files, "BP806", "digitalocean").path == "Procfile"


def test_row_18_could_not_find_an_aptfile() -> None:
    files = {"app.json": '{"buildpacks": [{"url": "heroku-community/apt"}, {"url": "heroku/python"}]}\n'}
    assert caught(files, "BP802", "heroku").severity.value == "error"
    assert not [f for f in found({**files, "Aptfile": "cmake\n"}, "heroku") if f.code == "BP802"]


def test_row_18_the_other_way_round() -> None:
    files = {"app.json": '{"buildpacks": [{"url": "heroku/python"}]}\n', "Aptfile": "libpq-dev\n"}
    assert "not installed" in caught(files, "BP803", "heroku").message


def test_row_19_apt_after_python() -> None:
    files = {".buildpacks": f"{PYTHON}\n{APT}\n", "Aptfile": "libpq-dev\n"}
    caught(files, "BP801", "dokku")
    assert mended(files, "dokku", select="BP801", unsafe=False) == {".buildpacks": f"{APT}\n{PYTHON}\n"}


def test_row_23_memory_of_the_plan() -> None:
    files = {
        "app.json": '{"formation": {"web": {"quantity": 1, "size": "basic"}}}\n',
        "requirements.txt": "face_recognition==1.3.0\nsetuptools<82\n",
    }
    assert caught(files, "BP810", "heroku").severity.value == "info"


@pytest.mark.parametrize(
    ("url", "severity"),
    [
        ("https://github.com/cloudfoundry/python-buildpack", "error"),
        ("https://github.com/Scalingo/python-buildpack", "warning"),
    ],
)
def test_row_40_buildpack_of_another_vendor(url: str, severity: str) -> None:
    finding = caught({".buildpacks": f"{url}\n"}, "BP811", "dokku")
    assert finding.severity.value == severity


def test_row_42_retired_stack() -> None:
    finding = caught({"app.json": '{"stack": "heroku-20"}\n'}, "BP804", "heroku")
    assert finding.severity.value == "error"
    assert mended({"app.json": '{"stack": "heroku-20"}\n'}, "heroku", select="BP804") == {
        "app.json": '{"stack": "heroku-24"}\n'
    }


def test_row_42_pinned_buildpack() -> None:
    files = {"app.json": f'{{"buildpacks": [{{"url": "{PYTHON}#v210"}}]}}\n'}
    assert "v210" in caught(files, "BP812", "heroku").message

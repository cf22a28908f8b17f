"""Deployments that really failed, each as the smallest app that shows it: what the Procfile rules say.

The numbers are those of the table in docs/ that names each failure with its thread.
"""

from __future__ import annotations

from tests.rules.apps import found as findings

GUNICORN = {"requirements.txt": "flask\ngunicorn\n"}
FLASK = "from flask import Flask\napp = Flask(__name__)\nif __name__ == '__main__':\n    app.run()\n"


def severities(files: dict[str, str], select: str, on: str) -> dict[str, str]:
    """What the rules of a family say, by code."""
    return {f.code: f.severity.value for f in findings(files, on, select=select)}


def test_row_02_r10_with_a_hard_coded_port() -> None:
    found = severities({"Procfile": "web: uwsgi --http :5000 --module app\n"}, "BP2", on="heroku")
    assert found == {"BP206": "error"}


def test_row_02_r10_with_localhost() -> None:
    found = severities(
        {"Procfile": "web: gunicorn -b 127.0.0.1:8000 app:app\n", **GUNICORN}, "BP2", on="heroku"
    )
    assert found == {"BP206": "error"}


def test_row_02_r10_with_app_run_in_the_procfile() -> None:
    found = severities({"Procfile": "web: python app.py\n", "app.py": FLASK, **GUNICORN}, "BP2", on="heroku")
    assert found == {"BP205": "error"}


def test_row_03_health_check_fails_on_localhost() -> None:
    spec = "services:\n- name: web\n  http_port: 8080\n  run_command: gunicorn -b localhost:8080 app:app\n"
    assert severities({".do/app.yaml": spec}, "BP206", on="digitalocean") == {"BP206": "error"}


def test_row_31_gunicorn_is_not_in_the_requirements() -> None:
    found = severities(
        {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "flask\n"}, "BP2", on="dokku"
    )
    assert found == {"BP209": "error"}


def test_row_33_a_merge_marker_and_a_duplicate_break_dokku() -> None:
    text = "web: gunicorn app:app\n=======\nweb: gunicorn app:app -w 2\n"
    assert severities({"Procfile": text, **GUNICORN}, "BP2", on="dokku") == {
        "BP203": "error",
        "BP207": "error",
    }


def test_row_33_cd_before_gunicorn_is_not_run_by_herokuish() -> None:
    files = {"Procfile": "web: cd src && gunicorn app:app\n", **GUNICORN}
    assert severities(files, "BP2", on="dokku") == {"BP214": "error"}
    assert severities(files, "BP2", on="heroku") == {}


def test_row_33_underscores_become_dashes_for_cloud_native_buildpacks() -> None:
    text = "web: gunicorn app:app\ncelery_beat: celery -A a beat\n"
    files = {"Procfile": text, "requirements.txt": "gunicorn\ncelery\n"}
    assert severities(files, "BP2", on="heroku-fir") == {"BP204": "info"}


def test_row_39_git_is_not_in_the_run_image_any_more() -> None:
    files = {"Procfile": "web: gunicorn app:app\nworker: git pull\n", **GUNICORN}
    assert severities(files, "BP2", on="heroku-24") == {"BP219": "error"}
    assert severities(files, "BP2", on="heroku-22") == {}


def test_row_02_r10_with_localhost_in_the_configuration_file() -> None:
    files = {
        "Procfile": "web: gunicorn app:app\n",
        "gunicorn.conf.py": "bind = '127.0.0.1:8000'\n",
        **GUNICORN,
    }
    assert severities(files, "BP206", on="heroku") == {"BP206": "error"}
    files["Procfile"] = "web: gunicorn -b 0.0.0.0:$PORT app:app\n"
    assert severities(files, "BP206", on="heroku") == {}


def test_row_33_a_procfile_with_a_byte_order_mark() -> None:
    files = {"Procfile": "\ufeffweb: gunicorn app:app\n", **GUNICORN}
    assert severities(files, "BP007", on="dokku") == {"BP007": "error"}


def test_row_39_dokku_runs_apps_in_the_build_image() -> None:
    files = {"Procfile": "web: gunicorn app:app\nworker: git pull\n", **GUNICORN}
    assert severities(files, "BP219", on="dokku") == {}

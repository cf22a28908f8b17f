"""Deployments that really failed, each as the smallest app that shows it: what the gunicorn rules say.

The numbers are those of the table in docs/ that names each failure with its thread. Rules that only make
suggestions (no threads, no renewal of workers, no preload) are left out of what is compared.
"""

from __future__ import annotations

from tests.rules.apps import found as findings

SUGGESTIONS = ("BP301", "BP302", "BP304")
WEB = {"Procfile": "web: gunicorn app:app\n", "requirements.txt": "gunicorn==27.0.1\n"}


def found(files: dict[str, str], on: str = "heroku") -> dict[str, str]:
    every = {f.code: f.severity.value for f in findings(files, on, select="BP3")}
    return {code: severity for code, severity in every.items() if code not in SUGGESTIONS}


def test_row_23_too_many_workers_for_the_memory() -> None:
    size = '{"formation": {"web": {"size": "basic"}}}\n'
    assert found({"Procfile": "web: gunicorn app:app -w 9\n", "app.json": size}) == {"BP321": "info"}


def test_row_24_worker_timeout_with_the_heartbeat_on_disk() -> None:
    assert found(WEB, on="digitalocean") == {"BP317": "warning"}


def test_row_24_a_long_timeout_for_slow_requests_of_sync_workers() -> None:
    assert found({"Procfile": "web: gunicorn app:app --timeout 300\n"}) == {"BP314": "warning"}


def test_row_25_boot_loop_as_the_import_outlasts_the_timeout() -> None:
    files = {"Procfile": "web: gunicorn app:app -t 5\n", "app.py": "import tensorflow\napp = 1\n"}
    assert found(files) == {"BP316": "info"}


def test_row_26_preload_shares_a_database_connection() -> None:
    text = (
        "from sqlalchemy import create_engine\nengine = create_engine('x')\ndb = engine.connect()\napp = 1\n"
    )
    files = {"Procfile": "web: gunicorn app:app -w 3 --preload\n", "app.py": text}
    assert found(files) == {"BP328": "warning"}


SCHEDULER = (
    "from apscheduler.schedulers.background import BackgroundScheduler\n"
    "jobs = BackgroundScheduler()\njobs.start()\napp = 1\n"
)


def test_row_27_preload_silences_the_scheduler() -> None:
    files = {"Procfile": "web: gunicorn app:app -w 3 --preload\n", "app.py": SCHEDULER}
    assert found(files) == {"BP328": "warning"}


def test_row_27_each_worker_runs_the_scheduler() -> None:
    files = {"Procfile": "web: gunicorn app:app -w 3\n", "app.py": SCHEDULER}
    assert found(files) == {"BP330": "warning"}


def test_row_28_the_control_socket_has_no_home() -> None:
    files = {
        "Procfile": "web: gunicorn app:app\n",
        "requirements.txt": "gunicorn\n",
        ".env": "HOME=/nonexistent\n",
    }
    assert "BP327" in found(files, on="dokku")


def test_row_29_a_flag_from_a_blog() -> None:
    files = {**WEB, "Procfile": "web: gunicorn app:app --control-socket-disable\n"}
    assert found(files) == {"BP305": "error"}


def test_row_29_the_right_flag_with_an_older_release() -> None:
    files = {
        "Procfile": "web: gunicorn app:app --no-control-socket\n",
        "requirements.txt": "gunicorn==23.0.0\n",
    }
    assert found(files) == {"BP305": "error"}


def test_row_30_eventlet_is_gone() -> None:
    files = {
        "Procfile": "web: gunicorn app:app -k eventlet -w 1\n",
        "requirements.txt": "eventlet\ngunicorn\n",
    }
    assert found(files) == {"BP309": "error"}


def test_row_36_digitalocean_wants_the_heartbeat_in_memory() -> None:
    spec = "services:\n- name: web\n  run_command: gunicorn app:app --workers 2\n"
    assert found({".do/app.yaml": spec}, on="digitalocean") == {"BP317": "warning"}


def test_row_43_http_behind_the_router() -> None:
    assert found(WEB, on="heroku-fir") == {"BP326": "info"}
    assert found(WEB, on="heroku") == {}


def test_row_43_http_behind_the_router_of_a_docker_build() -> None:
    files = {**WEB, "Dockerfile": "FROM python:3.13\n"}
    assert "BP326" in found(files, on="dokku")
    assert "BP326" not in found(WEB, on="dokku")

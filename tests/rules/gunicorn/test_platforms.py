"""One app on every platform: what the rules of the Procfile and of gunicorn say, and how sure they are."""

from __future__ import annotations

import pytest

from tests.rules.apps import found

FILES = {
    "Procfile": "release: python manage.py migrate\n"
    "web:gunicorn app:app --timeout 120 -b 0.0.0.0:8080\n"
    "celery_beat: celery -A a beat\n"
    "worker: cd src && celery -A a worker\n",
    "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    "requirements.txt": "flask\ngunicorn\ncelery\n",
}
EVERYWHERE = {"BP301": "info safe"}
SEVERAL_WORKERS = {"BP302": "info safe", "BP304": "info safe"}
EXPECTED = {
    "heroku": {
        "BP202": "error safe",  # no blank behind the colon
        "BP206": "error safe",  # 8080 is not $PORT
        "BP314": "warning display",  # 30 s at the router
        **SEVERAL_WORKERS,
    },
    "heroku-fir": {
        "BP204": "info unsafe",  # celery_beat becomes celery-beat
        "BP206": "error safe",
        "BP326": "info unsafe",  # nothing trusts the router
        **SEVERAL_WORKERS,
    },
    "digitalocean": {
        "BP216": "info display",  # a worker is a component of its own
        "BP317": "warning safe",  # 8080 is the http_port
        **SEVERAL_WORKERS,
    },
    "dokku": {
        "BP214": "error",  # cd is not run
        "BP314": "warning display",  # 60 s at nginx
        "BP320": "info unsafe",  # nothing sets WEB_CONCURRENCY
        "BP302": "info unsafe",  # one worker
    },
    "scalingo": {
        "BP204": "warning",  # letters and digits only
        "BP206": "error safe",
        "BP216": "warning display",  # release is called postdeploy
        "BP314": "warning display",
        **SEVERAL_WORKERS,
    },
}


@pytest.mark.parametrize("platform", EXPECTED)
def test_what_holds_where(platform: str) -> None:
    said = {
        f.code: f"{f.severity.value} {f.fix.safety.value if f.fix else ''}".strip()
        for family in ("BP2", "BP3")
        for f in found(FILES, platform, select=family)
    }
    assert said == EVERYWHERE | EXPECTED[platform]

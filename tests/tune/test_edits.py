"""What a configuration writes: into the command, WEB_CONCURRENCY or the app spec, and nothing beside it."""

from __future__ import annotations

import pytest

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.settings import ConfigError
from bpopt.tune import edits
from bpopt.tune.candidates import GEVENT, Candidate

SPEC = """\
services:
  - name: web
    # how it starts
    run_command: gunicorn app:app --workers 2  # keep me
    envs:
      - key: OTHER
        value: "1"
"""


def app(**files: str) -> App:
    named = {name.replace("__", "/").replace("_", ".", 1): text.encode() for name, text in files.items()}
    return App(MemoryFiles(named), "")


def written(made: App, candidate: Candidate) -> dict[str, str]:
    return {path: (raw or b"").decode() for path, raw in edits.changes(made, candidate).items()}


@pytest.mark.parametrize(
    ("command", "candidate", "wanted"),
    [
        ("gunicorn app:app", Candidate(3), "gunicorn app:app --workers 3"),
        ("gunicorn app:app -w 2", Candidate(3), "gunicorn app:app -w 3"),
        ("gunicorn --workers=2 app:app", Candidate(3, 4), "gunicorn --workers=3 app:app --threads 4"),
        ("gunicorn -w 2 --threads 4 app:app", Candidate(2), "gunicorn -w 2 app:app"),
        (
            "gunicorn app:app -w 2 --preload --log-level info",
            Candidate(2),
            "gunicorn app:app -w 2 --log-level info",
        ),
        (
            "gunicorn app:app -w 2 --timeout 120",
            Candidate(2, preload=True),
            "gunicorn app:app -w 2 --timeout 120 --preload",
        ),
        (
            "gunicorn app:app -w 2",
            Candidate(2, max_requests=500),
            "gunicorn app:app -w 2 --max-requests 500 --max-requests-jitter 50",
        ),
        (
            "gunicorn app:app -w 2 --max-requests 9 --max-requests-jitter 1",
            Candidate(2),
            "gunicorn app:app -w 2",
        ),
        (
            "gunicorn app:app -w 2 -k gthread --threads 8",
            Candidate(2, 4),
            "gunicorn app:app -w 2 -k gthread --threads 4",
        ),
        ("gunicorn app:app -w 2", Candidate(2, 1, GEVENT), "gunicorn app:app -w 2 --worker-class gevent"),
        ("gunicorn app:app -w 2 -k gevent", Candidate(2), "gunicorn app:app -w 2"),
        ("exec gunicorn -w 1 app:app", Candidate(2), "exec gunicorn -w 2 app:app"),
    ],
)
def test_the_command_is_changed_where_it_says_so(command: str, candidate: Candidate, wanted: str) -> None:
    made = app(Procfile=f"# the web\r\nweb: {command}\r\nworker: x\r\n")
    assert written(made, candidate) == {"Procfile": f"# the web\r\nweb: {wanted}\r\nworker: x\r\n"}
    after = made.with_changes(edits.changes(made, candidate))
    assert edits.current(after, edits.setups(after)[0]) == candidate
    assert edits.changes(after, candidate) == {}


def test_web_concurrency_is_changed_where_it_is_set() -> None:
    manifest = '{\n  "stack": "heroku-24",\n  "env": {"WEB_CONCURRENCY": {"value": "2"}}\n}\n'
    made = app(Procfile="web: gunicorn app:app\n", app_json=manifest)
    assert edits.current(made, edits.setups(made)[0]) == Candidate(2)
    assert written(made, Candidate(4)) == {"app.json": manifest.replace('"2"', '"4"')}


def test_the_app_spec_keeps_its_comments() -> None:
    made = app(_do__app_yaml=SPEC)
    made = App(MemoryFiles({".do/app.yaml": SPEC.encode()}), "")
    assert written(made, Candidate(2, preload=True)) == {
        ".do/app.yaml": SPEC.replace("--workers 2", "--workers 2 --preload")
    }


def test_a_configuration_file_is_overruled_by_the_command() -> None:
    made = app(Procfile="web: gunicorn app:app\n")
    made = App(
        MemoryFiles({"Procfile": b"web: gunicorn app:app\n", "gunicorn.conf.py": b"workers = 3\n"}), ""
    )
    assert edits.current(made, edits.setups(made)[0]).workers == 3
    assert written(made, Candidate(2)) == {"Procfile": "web: gunicorn app:app --workers 2\n"}


def test_what_cannot_be_taken_back_is_said() -> None:
    made = App(
        MemoryFiles({"Procfile": b"web: gunicorn app:app\n", "gunicorn.conf.py": b"preload_app = True\n"}), ""
    )
    assert edits.forced(edits.setups(made)[0])
    with pytest.raises(ConfigError, match="--preload is set outside"):
        edits.changes(made, Candidate(1))


@pytest.mark.parametrize(
    ("procfile", "said"),
    [
        ("worker: x\n", "no web command"),
        ("web: python app.py\n", "only gunicorn can be tuned, and this runs python"),
        ("web: gunicorn $OPTIONS app:app\n", "not all written there"),
    ],
)
def test_what_cannot_be_tuned_is_said(procfile: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        edits.setups(app(Procfile=procfile))

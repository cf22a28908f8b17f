"""What an app and a plan allow: hazards in the source, requirements, memory and processors."""

from __future__ import annotations

import sys

import pytest

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.targets import told
from bpopt.settings import ConfigError
from bpopt.tune import edits, permitting, resources
from bpopt.tune.permitting import Permits
from bpopt.verify import machine

MB = 2**20
PLAIN = "def app(environ, start_response):\n    return []\n"
DETECTOR = (
    "import face_recognition\nfrom flask import Flask\napp = Flask(__name__)\n"
    "@app.post('/')\ndef find():\n    return face_recognition.face_locations(1)\n"
)
CONNECTED = "import psycopg2\nc = psycopg2.connect('')\n" + PLAIN


def permits(source: str, command: str = "gunicorn app:app -w 2", requirements: str = "gunicorn\n") -> Permits:
    files = {"Procfile": f"web: {command}\n", "app.py": source, "requirements.txt": requirements}
    made = App(MemoryFiles({name: text.encode() for name, text in files.items()}), "")
    return permitting.read(made, edits.setups(made)[0], sys.executable)


def test_a_plain_app_allows_all_but_what_is_not_installed() -> None:
    assert permits(PLAIN) == Permits(True, True, False, ())
    pytest.importorskip("gevent", reason="gevent is what is looked for")
    assert permits(PLAIN, requirements="gunicorn\ngevent\n").gevent
    assert permits(PLAIN, requirements="gunicorn[gevent]\n").gevent


def test_hazards_take_away_what_they_are_hazards_for() -> None:
    found = permits(DETECTOR, requirements="gunicorn\ngevent\n")
    assert (found.threads, found.preload, found.gevent) == (False, True, False)
    assert found.why[0].startswith("no threads: app.py:6 uses face_recognition's one detector")
    found = permits(CONNECTED)
    assert (found.threads, found.preload) == (True, False)
    assert found.why[0].startswith("no --preload: app.py:2 opens a PostgreSQL connection")


def test_other_workers_have_no_threads() -> None:
    assert not permits(PLAIN, "gunicorn app:app -k uvicorn.workers.UvicornWorker").threads
    assert not permits(PLAIN, "gunicorn app:app -k gevent").preload


def app(platform: str = "heroku", plan: str | None = None) -> App:
    return App(
        MemoryFiles({"Procfile": b"web: gunicorn app:app\n"}), "", told((platform,), None, plan, "test")
    )


def test_a_plan_has_memory_and_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 4)
    has = resources.of(app(plan="performance-m"), None, None)
    assert (has.memory, has.cores, has.notes) == (2560 * MB, 2, ())
    assert has.title == "2560 MB on 2 cores"
    has = resources.of(app(plan="basic"), None, None)
    assert (has.memory, has.cores) == (512 * MB, 4)
    assert "is not known: measured on the 4 of this machine" in has.notes[0]
    has = resources.of(app(), 256 * MB, 0.5)
    assert (has.memory, has.cores) == (256 * MB, 1)
    assert "0.5 of a processor cannot be given here" in has.notes[0]
    has = resources.of(app(), None, 8)
    assert (has.memory, has.cores) == (None, 4)
    assert "no plan is known" in has.notes[0]
    assert "this machine has only 4 of the plan's 8 processors" in has.notes[1]
    assert resources.of(app(plan="basic"), -1, None).memory is None


@pytest.mark.parametrize("text", ["0", "-1", "many", "5000"])
def test_no_number_of_processors(text: str) -> None:
    with pytest.raises(ConfigError, match="no number of processors"):
        resources.number(text)


def test_an_unknown_plan_says_what_was_meant() -> None:
    with pytest.raises(ConfigError, match="did you mean 'standard-1x'"):
        resources.of(app(plan="standard-1xx"), None, None)

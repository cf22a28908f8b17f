"""The mission's web command, on the bundled app that was written to be safe and on one that was not."""

from __future__ import annotations

from bpopt import engine, fixer, settings
from bpopt.app import App
from bpopt.app.files import DiskFiles, MemoryFiles
from bpopt.finding import Safety

PROCFILE = "web: gunicorn app:app --workers 2 --timeout 120"
OPTIONS = "--threads 4 --max-requests 1000 --max-requests-jitter 100 --preload"
NAIVE = """\
import face_recognition
import psycopg2
from flask import Flask

app = Flask(__name__)
db = psycopg2.connect("")

@app.post("/")
def find():
    return face_recognition.face_locations(1)
"""


def web_line(app: App, unsafe: bool) -> str:
    chosen = settings.defaults(select=["BP2", "BP3"])
    changes = fixer.converge(app, chosen, unsafe, engine.check).changes
    text = (changes.get("Procfile") or app.files.read("Procfile") or b"").decode()
    return next(line for line in text.splitlines() if line.startswith("web:"))


def test_safe_fixes_add_exactly_the_missions_options() -> None:
    assert web_line(App(DiskFiles("sample_app")), unsafe=False) == f"{PROCFILE} {OPTIONS}"


def test_they_are_unsafe_on_a_naive_app_and_name_the_lines() -> None:
    files = {
        "app.py": NAIVE.encode(),
        "Procfile": f"{PROCFILE}\n".encode(),
        "requirements.txt": b"gunicorn\n",
    }
    app = App(MemoryFiles(files))
    assert web_line(app, unsafe=False) == PROCFILE
    assert web_line(app, unsafe=True) == f"{PROCFILE} {OPTIONS}"
    found = engine.check(app, settings.defaults(select=["BP301", "BP302", "BP304"])).counted
    assert {f.fix.safety for f in found if f.fix} == {Safety.UNSAFE}
    messages = {f.code: f.message for f in found}
    assert "app.py:10 uses face_recognition's one detector" in messages["BP301"]
    assert "app.py:6 opens a PostgreSQL connection" in messages["BP304"]

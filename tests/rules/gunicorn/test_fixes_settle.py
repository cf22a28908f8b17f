"""Whatever the options: fixes settle, what they leave parses, and safe ones change only what they say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bpopt import engine, fixer
from bpopt import settings as options
from tests.rules.apps import app_of

OPTIONS = st.sampled_from(
    [
        "--workers 2",
        "-w 1",
        "--workers=0",
        "--threads 4",
        "--thread 2",
        "-k gthread",
        "-k gevent",
        "-k uvicorn.workers.UvicornWorker",
        "-k eventlet",
        "--timeout 120",
        "-t 30s",
        "--timeout 0",
        "--keepalive 5",
        "--keep-alive 5",
        "--max-requests 500",
        "--max-requests-jitter 5",
        "--preload",
        "--preload=true",
        "--reload",
        "--daemon",
        "--bind 127.0.0.1:8000",
        "-b 0.0.0.0:$PORT",
        "-b $PORT",
        "--log-file -",
        "--access-logfile -",
        "--worker-tmp-dir /dev/shm",
        "--no-control-socket",
        "--fast",
        "$OPTIONS",
        "--worker 3",
    ]
)
SOURCES = st.sampled_from(
    [
        "from flask import Flask\napp = Flask(__name__)\n",
        "from fastapi import FastAPI\napp = FastAPI()\n",
        "import torch, psycopg2\nfrom flask import Flask\napp = Flask(__name__)\ndb = psycopg2.connect('')\n",
        "import face_recognition as fr\n@app.get('/')\ndef f():\n    return fr.face_locations(1)\n",
        "",
    ]
)
REQUIREMENTS = st.sampled_from(
    ["gunicorn\n", "gunicorn==20.1.0\n", "gunicorn<26\nuvicorn-worker\n", "flask\n", ""]
)
PLATFORMS = st.sampled_from(["heroku", "heroku-fir", "digitalocean", "dokku", "scalingo"])


@given(st.lists(OPTIONS, max_size=5), SOURCES, REQUIREMENTS, PLATFORMS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_fixes_settle(words: list[str], source: str, requirements: str, platform: str, unsafe: bool) -> None:
    files = {"Procfile": f"# serve\nweb: gunicorn app:app {' '.join(words)}  # here\nworker: python w.py\n"}
    files |= {"app.py": source} if source else {}
    files |= {"requirements.txt": requirements} if requirements else {}
    chosen = options.defaults(select=["BP2", "BP3"])
    app = app_of(files, platform)
    fixed = fixer.converge(app, chosen, unsafe, engine.check)
    assert fixed.stable
    assert not fixed.refused, [(f.code, f.message) for f in fixed.refused]
    after = app.with_changes(fixed.changes)
    again = fixer.converge(after, chosen, unsafe, engine.check)
    assert not again.changes
    text = (after.files.read("Procfile") or b"").decode()
    lines = text.splitlines()
    assert (lines[0], lines[2], len(lines)) == ("# serve", "worker: python w.py", 3)
    assert lines[1].endswith("  # here"), "the comment stays where it was"
    (web,) = after.webs
    assert not web.script.errors

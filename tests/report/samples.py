"""Apps in memory for the tests of this room, and snapshots of text."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from bpopt import engine, settings
from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.targets import told
from bpopt.engine import AppResult
from bpopt.settings import Settings

SNAPSHOTS = Path(__file__).parent / "snapshots"
SPEC = """\
name: faces
services:
  - name: web
    http_port: 8080
    instance_size_slug: apps-s-1vcpu-0.5gb
    envs:
      # never show the debugger
      - key: FLASK_ENV
        value: production
        scope: RUN_TIME
      - key: CMAKE_CXX_FLAGS
        value: "-O3"
        scope: BUILD_TIME
"""
FACES = {
    "Procfile": "web: gunicorn app:app --workers 2 --timeout 120\n",
    "Aptfile": "cmake\nlibopenblas-dev\ncmake\n",
    "requirements.txt": "Flask==3.1.3\ngunicorn==27.0.1\ndlib==20.0.1\n",
    ".do/app.yaml": SPEC,
    ".python-version": "3.13\n",
    "app.py": 'import os\nKEY = os.environ["UPLOAD_KEY"]\nLEVEL = os.environ.get("LEVEL", "1")\n',
}


def app(files: dict[str, str], *platforms: str) -> App:
    contents = {path: text.encode() for path, text in files.items()}
    return App(MemoryFiles(contents), ".", told(platforms, None, None, "test"), date(2026, 11, 24))


def chosen(*rules: str) -> Settings:
    """The defaults with these rules only, so that new rules change no snapshot."""
    return settings.defaults(select=list(rules))


def checked(of: App, *rules: str) -> AppResult:
    return engine.check(of, chosen(*rules) if rules else settings.defaults())


def same(name: str, text: str) -> None:
    """Compare with a stored text; UPDATE_SNAPSHOTS=1 stores it."""
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")

"""Advice that breaks an app, seen end to end: the command that runs it says so and names what it saw."""

from __future__ import annotations

import json
import shutil
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bpopt.verify import boot
from bpopt.verify.model import FAILED, Silent
from bpopt.verify.sides import bundled_sample
from tests.verify.planted import APPS, COMMAND, UNABLE, leftovers, pair, plan

FACES = find_spec("face_recognition") is not None
needs_faces = pytest.mark.skipif(not FACES, reason="face_recognition is not installed")
pytestmark = pytest.mark.skipif(UNABLE is not None, reason=str(UNABLE))

TRAFFIC = """
[verify]
health = "/health"
[[verify.request]]
name = "names"
path = ["/name/1", "/name/2", "/name/3", "/name/4", "/name/5", "/name/6"]
"""


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert leftovers(tmp_path) == []


def verify(*arguments: object) -> tuple[int, dict[str, Any]]:
    """The exit code of `bpopt verify` and its report."""
    done = subprocess.run(
        [sys.executable, "-m", "bpopt", "verify", *map(str, arguments), "-q", "--output-format", "json"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def stage(report: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(stage for stage in report["stages"] if stage["name"] == name)
    return found


class Database(socketserver.ThreadingTCPServer):
    """Answers each line with itself, a little later."""

    allow_reuse_address = daemon_threads = True


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            time.sleep(0.002)
            self.wfile.write(b"row of " + line)


@pytest.fixture
def database() -> Iterator[int]:
    with Database(("127.0.0.1", 0), Session) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_preload_of_a_database_opened_at_import_breaks_as_the_rule_warned(
    tmp_path: Path, database: int
) -> None:
    app = tmp_path / "app"
    app.mkdir()
    shutil.copy(APPS / "shared_database.py", app / "app.py")
    for name, text in (("Procfile", f"web: {COMMAND}\n"), ("requirements.txt", "gunicorn\n")):
        (app / name).write_text(text)
    (app / "bpopt.toml").write_text(TRAFFIC)
    asked = ("--select", "BP304", "--only", "boot,probe", "--budget", "20s", "--platform", "dokku")
    given = (app, *asked, "--env", f"DATABASE_PORT={database}")
    code, report = verify(*given)
    assert (code, report["fixes"]) == (0, [])  # not applied unasked
    code, report = verify(*given, "--unsafe")
    assert code == 1
    assert [fix["unsafe"] for fix in report["fixes"]] == ["app.py:9 opens a socket"]
    probe = stage(report, "probe")
    assert (probe["status"], probe["details"]["changed"]) == ("failed", {})  # one at a time all is well
    assert "with different requests in flight together" in probe["reason"]
    assert probe["details"]["in_flight"]["before"]["wrong"] == 0
    assert probe["details"]["in_flight"]["after"]["wrong"] > 0


def as_documented(folder: Path, command: str) -> Path:
    """The sample app as face_recognition's documentation would have it: the detector that all threads share."""
    sample = bundled_sample()
    assert sample is not None
    shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("tests", "__pycache__", "instance"))
    for name, old, new in (
        ("faces.py", "return _own.detector", "return face_recognition.api.face_detector"),
        ("looking.py", "_one_thread().submit(_look, data, at_most).result()", "_look(data, at_most)"),
    ):
        text = (folder / name).read_text()
        assert text.count(old) == 1
        (folder / name).write_text(text.replace(old, new))
    (folder / "Procfile").write_text(f"web: {command}\n")
    return folder


@pytest.mark.rare
@needs_faces
def test_shared_detector_of_the_sample_app_under_threads_is_found_and_named(tmp_path: Path) -> None:
    """dlib lets go of the GIL in the detector: https://github.com/ageitgey/face_recognition/issues/1409."""
    before = as_documented(tmp_path / "before", COMMAND)
    after = as_documented(tmp_path / "after", f"{COMMAND} --threads 4")
    code, report = verify(before, "--after", after, "--only", "probe", "--budget", "60s")
    assert code == 1
    probe = stage(report, "probe")
    assert (probe["status"], probe["details"]["changed"]) == ("failed", {})
    then, now = (probe["details"]["in_flight"][name] for name in ("before", "after"))
    assert (then["wrong"], then["failed"], then["crashed"]) == (0, 0, 0)
    assert now["wrong"] + now["failed"] > 0
    assert now["crashed"] + now["wrong"] > 0, probe["reason"]  # which of the two comes first is chance
    assert "with different requests in flight together" in probe["reason"]
    assert "crashed (SIG" in probe["reason"] or " wrong" in probe["reason"]


@pytest.mark.rare
@needs_faces
@pytest.mark.parametrize("preload", [False, True])
def test_face_recognition_without_pkg_resources_boots_for_ever(tmp_path: Path, preload: bool) -> None:
    """What setuptools 82 leaves of face_recognition_models 0.3.0: face_recognition prints, and quits with status 0."""
    command = f"{COMMAND} --preload" if preload else COMMAND
    one, two = pair(tmp_path, "steady", "quitting", (COMMAND, command))
    root = Path(two.root)
    (root / "pkg_resources.py").write_text("raise ModuleNotFoundError(\"No module named 'pkg_resources'\")\n")
    (root / "face_recognition_models.py").write_text("from pkg_resources import resource_filename\n")
    (root / "app.py").write_text("import face_recognition\n")
    result = boot.run(one, two, plan(tmp_path, one, deadline=60.0), Silent())
    assert result.status == FAILED
    assert result.details["after"]["kind"] == ("exited" if preload else "loop")
    assert ("exit status 0, which says that all is well" if preload else "starts for ever") in result.reason
    assert "setuptools<82" in result.reason

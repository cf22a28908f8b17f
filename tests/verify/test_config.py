"""The config stage with real gunicorn: command lines it takes and those it refuses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.app.targets import told
from bpopt.settings import Settings, defaults
from bpopt.verify import config, sides
from bpopt.verify.model import FAILED, PASSED, Plan, Silent, StageResult

pytest.importorskip("gunicorn", reason="gunicorn runs the apps")

APP = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'ok']\n"
GOOD = "web: gunicorn app:app\n"


def run(
    tmp_path: Path, before: str, after: str | None, source: str = APP, settings: Settings | None = None
) -> StageResult:
    for name, procfile in (("one", before), ("two", after)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Procfile").write_text(procfile or before)
        (tmp_path / name / "app.py").write_text(source)
    app = App(DiskFiles(str(tmp_path / "one")), "one", told(("heroku",), None, None, "test"))
    other = None if after is None else str(tmp_path / "two")
    made = sides.make(app, settings or defaults(), str(tmp_path / "scratch"), after=other)
    (tmp_path / "work").mkdir()
    plan = Plan(str(tmp_path / "work"), sys.executable, deadline=15, settings=settings)
    return config.run(made.before, made.after, plan, Silent())


def test_both_accepted(tmp_path: Path) -> None:
    result = run(tmp_path, GOOD, GOOD.replace("\n", " --threads 2 --preload\n"))
    assert (result.status, result.reason) == (PASSED, "")
    assert result.details["gunicorn"] == {"before": "accepted", "after": "accepted"}
    assert list((tmp_path / "work").glob("s*")) == []


def test_an_option_that_gunicorn_refuses_fails_after(tmp_path: Path) -> None:
    result = run(tmp_path, GOOD, "web: gunicorn app:app --thread-count 4\n")
    assert result.status == FAILED
    assert "--thread-count" in result.reason


def test_an_app_that_cannot_be_imported_before_is_a_note(tmp_path: Path) -> None:
    result = run(tmp_path, GOOD, GOOD, "import no_such_module_at_all\n")
    assert result.status == PASSED
    assert "no_such_module_at_all" in result.notes[0]


def test_an_app_that_never_finishes_loading_is_ended(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    for name in ("one",):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Procfile").write_text(GOOD)
        (tmp_path / name / "app.py").write_text("import time\ntime.sleep(600)\n")
    app = App(DiskFiles(str(tmp_path / "one")), "one", told(("heroku",), None, None, "test"))
    made = sides.make(app, defaults(select=["BP104"]), str(tmp_path / "scratch"))
    assert "no answer within 1 s" in config.accepted(
        made.before, Plan(str(tmp_path / "work"), sys.executable, deadline=1)
    )


def test_fixes_that_settle_are_stable(tmp_path: Path) -> None:
    result = run(tmp_path, GOOD, None, settings=defaults())
    assert (result.status, result.reason) == (PASSED, "")


def test_a_file_that_no_longer_parses_fails(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Procfile").write_text("web: sleep 1\n")
    (tmp_path / "two" / "app.json").write_text("{")
    app = App(DiskFiles(str(tmp_path / "one")), "one", told(("heroku",), None, None, "test"))
    made = sides.make(app, defaults(), str(tmp_path / "scratch"), after=str(tmp_path / "two"))
    (tmp_path / "work").mkdir()
    result = config.run(made.before, made.after, Plan(str(tmp_path / "work"), sys.executable), Silent())
    assert result.status == FAILED
    assert "app.json" in result.reason

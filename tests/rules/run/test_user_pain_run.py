"""Deployments that failed for real, each in the smallest app that shows it; the threads are in the rules'
pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpopt import engine, fixer, settings
from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.app.targets import told
from tests.rules.apps import caught, found, mended

WEB = "web: gunicorn app:app\n"
MISSPELLED = (
    " .python-version", ". python-version", ".python_version.txt", ".python_version",
    ".python-version ", ",python-version", ".python-version.", ".python-version.py",
    ".python-version.rtf", ".python-version.txt", ".python-version.TXT", ".Python-version",
    ".python.version", ".pythonversion", "'.python-version'", "python_version.txt",
    "python_version", "python-version.", "python-version.txt", "python-version",
)  # fmt: skip


def test_row_17_misspelt_requirements() -> None:
    files = {"requirment.txt": "flask\n", "requirments.txt": "flask==3.1.3\n", "Procfile": WEB}
    finding = caught(files, "BP004", "heroku")
    assert finding.path == "requirments.txt"
    assert finding.severity.value == "error"


@pytest.mark.parametrize("name", ["ProcFile", "procfile", "Procfile.txt"])
@pytest.mark.parametrize("platform", ["heroku", "dokku", "scalingo", "digitalocean"])
def test_row_32_procfile_by_another_name(name: str, platform: str) -> None:
    finding = caught({name: WEB, "requirements.txt": "gunicorn==27.0.1\n"}, "BP004", platform)
    assert finding.severity.value == "error"
    assert mended({name: WEB}, platform, select="BP004", unsafe=False) == {name: None, "Procfile": WEB}


@pytest.mark.parametrize("name", MISSPELLED)
def test_the_twenty_spellings_of_python_version(name: str) -> None:
    finding = caught({name: "3.13\n", "Procfile": WEB}, "BP004", "heroku")
    assert finding.severity.value == "error"
    assert not [
        f for f in found({name: "3.13\n", "runtime.txt": "python-3.13.1\n"}, "heroku") if f.code == "BP004"
    ]


@pytest.mark.parametrize("name", ["Procfile", "Aptfile", "requirements.txt"])
def test_utf_16_is_written_again_as_utf_8(tmp_path: Path, name: str) -> None:
    text = {"Procfile": WEB, "Aptfile": "ffmpeg\r\n", "requirements.txt": "flask==3.1.3\r\n"}[name]
    (tmp_path / name).write_bytes(text.encode("utf-16"))
    app = App(DiskFiles(str(tmp_path)), "", told(("heroku",), None, None, "test"))
    own = list(engine.check(app, settings.defaults(select=["BP003"])).counted)
    assert [f.severity.value for f in own] == ["warning" if name == "requirements.txt" else "error"]
    fixed = fixer.converge(app, settings.defaults(select=["BP003"]), True, engine.check)
    assert fixed.changes == {name: text.encode()}
    assert not fixed.remaining.counted


def test_half_a_utf_16_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_bytes(WEB.encode("utf-16") + b"\0")
    app = App(DiskFiles(str(tmp_path)), "", told(("heroku",), None, None, "test"))
    fixed = fixer.converge(app, settings.defaults(select=["BP003"]), True, engine.check)
    assert not fixed.changes
    assert len(fixed.remaining.counted) == 1

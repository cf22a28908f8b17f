"""Deployments that failed over what they ship, each in the smallest app that shows it."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import pytest

from bpopt import engine, settings
from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.app.targets import told
from bpopt.finding import Finding
from tests.rules.apps import caught, found, mended


def on_disk(root: Path, platform: str, code: str) -> list[Finding]:
    """What a rule finds in a folder."""
    app = App(DiskFiles(str(root)), "", told((platform,), None, None, "test"), datetime.date(2026, 11, 24))
    return [f for f in engine.check(app, settings.defaults(select=[code])).counted if f.code == code]


def committed(root: Path, files: dict[str, str]) -> None:
    """A repository with these files in its index."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    subprocess.run(["git", "add", "--force", "."], cwd=root, check=True)


def test_row_04_slug_size_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web: gunicorn app:app\n")
    with (tmp_path / "weights.h5").open("wb") as file:
        file.truncate(530_000_000)
    (finding,) = on_disk(tmp_path, "heroku", "BP408")
    assert (finding.path, finding.severity.value) == ("weights.h5", "warning")
    assert "530.0 MB" in finding.message
    (tmp_path / ".slugignore").write_text("*.h5\n")
    assert on_disk(tmp_path, "heroku", "BP408") == []
    assert len(on_disk(tmp_path, "dokku", "BP408")) == 1


@pytest.mark.parametrize("folder", [".venv", "venv"])
def test_row_34_existing_venv_directory(tmp_path: Path, folder: str) -> None:
    committed(tmp_path, {"Procfile": "web: x\n", f"{folder}/pyvenv.cfg": "home = /usr/bin\n"})
    (finding,) = on_disk(tmp_path, "heroku", "BP409")
    assert (finding.path, finding.severity.value) == (f"{folder}/pyvenv.cfg", "error")
    assert [f.severity.value for f in on_disk(tmp_path, "digitalocean", "BP409")] == ["warning"]


def test_row_34_a_venv_that_is_not_in_git(tmp_path: Path) -> None:
    committed(tmp_path, {"Procfile": "web: x\n"})
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    assert on_disk(tmp_path, "heroku", "BP409") == []


def test_row_35_existing_heroku_python_directory(tmp_path: Path) -> None:
    committed(tmp_path, {"Procfile": "web: x\n", ".heroku/python/bin/python": "x"})
    (finding,) = on_disk(tmp_path, "heroku", "BP409")
    assert finding.severity.value == "error"


def test_row_41_large_slugs_boot_slowly() -> None:
    files = {
        "Procfile": "web: gunicorn app:app\n",
        "app.py": "app = 1\n",
        "tests/faces.txt": "face " * 30_000,
    }
    assert caught(files, "BP401", "heroku").severity.value == "info"
    fixed = mended(files, "heroku", select="BP401", unsafe=False)[".slugignore"]
    assert fixed is not None
    assert [line for line in fixed.splitlines() if not line.startswith("#")] == ["/tests"]


def test_the_same_slugignore_on_each_platform() -> None:
    files = {
        ".slugignore": "requirements.txt\n*.psd\n!a.psd\n",
        "requirements.txt": "flask==3.1.3\n",
        "art/a.psd": "x",
        ".python-version": "3.13\n",
    }
    codes = {
        platform: {f.code for f in found(files, platform, select="slug")}
        for platform in ("heroku", "scalingo", "dokku", "digitalocean", "heroku-fir")
    }
    assert codes["heroku"] == {"BP402", "BP404"}
    assert codes["scalingo"] == {"BP404", "BP407"}
    assert codes["dokku"] == codes["digitalocean"] == codes["heroku-fir"] == {"BP403"}


def test_row_17_requirements_that_git_leaves_out(tmp_path: Path) -> None:
    committed(tmp_path, {"Procfile": "web: gunicorn app:app\n", "app.py": "app = 1\n"})
    (tmp_path / ".gitignore").write_text("requirements.txt\n")
    (tmp_path / "requirements.txt").write_text("flask\n")
    (finding,) = on_disk(tmp_path, "heroku", "BP411")
    assert (finding.path, finding.severity.value) == (".gitignore", "error")
    subprocess.run(["git", "add", "--force", "requirements.txt"], cwd=tmp_path, check=True)
    assert on_disk(tmp_path, "heroku", "BP411") == []


def test_row_18_an_aptfile_that_is_not_committed() -> None:
    files = {"Aptfile": "cmake\n", ".gitignore": "Aptfile\n", "Procfile": "web: x\n"}
    assert "Aptfile is not pushed" in caught(files, "BP411", "heroku").message

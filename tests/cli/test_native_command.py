"""`bpopt native` as a user calls it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import bpopt


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("pyodbc==5.3.0\npillow\nsomething-else\n")
    return tmp_path


def states(folder: Path, *arguments: str) -> dict[str, str]:
    done = bpopt(folder, "native", "--stack", "heroku-24", "--format", "json", *arguments)
    return {need["name"]: need["state"] for need in json.loads(done.stdout)["needs"]}


def test_what_is_missing_comes_first_and_counts(app: Path) -> None:
    done = bpopt(app, "native", "--stack", "heroku-24")
    assert done.returncode == 1
    assert done.stdout.index("libodbc.so.2") < done.stdout.index("libstdc++.so.6")
    assert "libodbc2" in done.stdout
    assert "nothing is known of something-else" in done.stderr


def test_the_apt_list_counts(app: Path) -> None:
    assert states(app)["libodbc.so.2"] == "missing"
    (app / "Aptfile").write_text("unixodbc\n")
    assert states(app)["libodbc.so.2"] == "listed"
    assert bpopt(app, "native", "--stack", "heroku-24").returncode == 0


def test_an_environment_is_read_from_its_binaries(app: Path) -> None:
    pytest.importorskip("elftools")
    found = states(app, "--env", sys.prefix)
    assert found["libgcc_s.so.1"] == "image"
    assert "libodbc.so.2" not in found


def test_nothing_to_look_at(tmp_path: Path) -> None:
    done = bpopt(tmp_path, "native")
    assert (done.returncode, done.stdout) == (3, "")

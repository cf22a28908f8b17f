"""What the rules of apt lists, slugs and Python make of the bundled app: the mission's edits and no more."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bpopt import engine, fixer, settings
from bpopt.app import App
from bpopt.app.files import DiskFiles

SAMPLE = Path(__file__).resolve().parents[3] / "sample_app"
FAMILIES = ["apt", "slug", "python"]


@pytest.fixture
def app() -> App:
    return App(DiskFiles(str(SAMPLE)), "", today=datetime.date(2026, 11, 24))


@pytest.fixture
def fixed(app: App) -> fixer.Fixed:
    return fixer.converge(app, settings.defaults(select=FAMILIES), False, engine.check)


def test_exactly_four_files_change(fixed: fixer.Fixed) -> None:
    assert fixed.stable
    assert sorted(fixed.changes) == [".python-version", ".slugignore", "Aptfile", "runtime.txt"]
    assert {f.code for f in fixed.applied} == {"BP101", "BP102", "BP401", "BP501"}


def test_three_packages_go_and_every_comment_stays(fixed: fixer.Fixed) -> None:
    before = (SAMPLE / "Aptfile").read_text().splitlines()
    after = fixed.changes["Aptfile"]
    assert after is not None
    lines = after.decode().splitlines()
    gone = {"libatlas-base-dev", "libsm6", "libice6"}
    assert lines == [line for line in before if line not in gone]
    assert len(before) - len(lines) == 3


def test_the_same_version_of_python(fixed: fixer.Fixed) -> None:
    assert fixed.changes["runtime.txt"] is None
    said = (SAMPLE / "runtime.txt").read_text().strip().removeprefix("python-")
    assert fixed.changes[".python-version"] == f"{said}\n".encode()


def test_slugignore_is_for_heroku_and_says_so_of_digitalocean(app: App, fixed: fixer.Fixed) -> None:
    raw = fixed.changes[".slugignore"]
    assert raw is not None
    lines = raw.decode().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["/tests", "/docs"]
    assert "DigitalOcean does nothing with this file" in raw.decode()
    (finding,) = [f for f in fixed.applied if f.code == "BP401"]
    assert finding.platforms == ("heroku",)
    assert app.knows_target


def test_nothing_that_the_app_needs_is_left_out(app: App, fixed: fixer.Fixed) -> None:
    after = engine.check(app.with_changes(fixed.changes), settings.defaults(select=FAMILIES))
    assert not [f for f in after.counted if f.code.startswith("BP4")]
    assert not [f for f in after.counted if f.fix is not None and f.fix.safety.value == "safe"]

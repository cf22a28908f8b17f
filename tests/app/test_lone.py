"""What is said of a document alone is said in each app that has it; what depends on more is not kept."""

from __future__ import annotations

import pytest

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.lone import Lone, WantsMore
from bpopt.app.targets import told
from bpopt.engine import check
from bpopt.settings import Settings

APTFILE = b"ffmpeg\nffmpeg\nlibatlas-base-dev\n"


def codes(files: dict[str, bytes], platform: str = "heroku", root: str = "") -> list[tuple[str, str]]:
    app = App(MemoryFiles(files), root, told((platform,), None, None, "test"))
    return [(finding.code, finding.path) for finding in check(app, Settings({}, {})).findings]


def test_document_is_there_and_all_else_is_not() -> None:
    targets = told(("dokku",), None, None, "test")
    whole = App(MemoryFiles({"Aptfile": APTFILE}), told=targets)
    lone = Lone("aptfile", whole.aptfile, targets, True)
    assert lone.aptfile is whole.aptfile
    assert lone.targets == targets
    assert lone.knows_target
    assert lone.reading("aptfile") == whole.reading("aptfile")
    for ask in (
        lambda: lone.procfile,
        lambda: lone.has("Procfile"),
        lambda: lone.source("Aptfile"),
        lambda: lone.files.exists("x"),
        lambda: lone.files.walk(),
        lambda: lone.env,
        lambda: lone.root,
        lambda: lone.base,
        lambda: lone.today,
        lambda: lone.requirement("dlib"),
    ):
        with pytest.raises(WantsMore):
            ask()


def test_each_app_has_its_own_place_and_platform() -> None:
    files = {"Aptfile": APTFILE}
    assert ("BP104", "one/Aptfile") in codes(files, root="one")
    assert ("BP104", "two/Aptfile") in codes(files, root="two")
    assert "BP118" in dict(codes(files, "heroku-fir"))
    assert "BP118" not in dict(codes(files))


def test_what_depends_on_another_file_is_asked_again() -> None:
    aptfile = b"libopenblas0\n"
    alone = codes({"Aptfile": aptfile})
    mended = codes({"Aptfile": aptfile, ".profile": b"export LD_LIBRARY_PATH=/app\n"})
    assert "BP116" in dict(alone)
    assert "BP116" not in dict(mended)
    assert codes({"Aptfile": aptfile}) == alone

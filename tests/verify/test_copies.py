"""Working copies come back to the files of their side, whatever a run did to them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpopt.verify.copies import refresh


@pytest.fixture
def pristine(tmp_path: Path) -> Path:
    root = tmp_path / "pristine"
    (root / "data").mkdir(parents=True)
    (root / "app.py").write_text("app = 1\n")
    (root / "data" / "rows").write_bytes(bytes(range(256)))
    (root / "run").write_text("#!/bin/sh\n")
    (root / "run").chmod(0o755)
    (root / "link").symlink_to("app.py")
    (root / "dead").symlink_to("nowhere")
    return root


def listing(root: Path) -> dict[str, tuple[str, int, bytes]]:
    found = {}
    for path in sorted(root.rglob("*")):
        name, mode = str(path.relative_to(root)), path.lstat().st_mode
        if path.is_symlink():
            found[name] = ("link", 0, os.readlink(path).encode())
        else:
            found[name] = ("file", mode, path.read_bytes()) if path.is_file() else ("folder", 0, b"")
    return found


ACTS = (
    lambda w: (w / "app.py").write_text("app = 2\n"),  # of the same length
    lambda w: (w / "app.py").unlink(missing_ok=True),
    lambda w: (w / "new").write_text("new"),
    lambda w: (w / "data" / "deep").mkdir(exist_ok=True, parents=True),
    lambda w: shutil.rmtree(w / "data", ignore_errors=True),
    lambda w: (w / "run").chmod(0o600) if (w / "run").exists() else None,
    lambda w: ((w / "link").unlink(missing_ok=True), (w / "link").write_text("a file now")),
    lambda w: ((w / "dead").unlink(), (w / "dead").mkdir()) if (w / "dead").is_symlink() else None,
    lambda w: (w / "link2").symlink_to("/etc") if not (w / "link2").is_symlink() else None,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(range(len(ACTS))), max_size=6))
def test_any_run_is_undone(pristine: Path, acts: list[int]) -> None:
    work = pristine.parent / "work"
    before = listing(pristine)
    refresh(str(pristine), str(work))
    for index in acts:
        ACTS[index](work)
    refresh(str(pristine), str(work))
    assert listing(work) == before == listing(pristine)


def test_compiled_files_stay(pristine: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    refresh(str(pristine), str(work))
    (work / "__pycache__").mkdir()
    (work / "__pycache__" / "app.pyc").write_bytes(b"compiled")
    refresh(str(pristine), str(work))
    assert (work / "__pycache__" / "app.pyc").exists()


def test_what_is_no_file_is_left_out(pristine: Path, tmp_path: Path) -> None:
    os.mkfifo(pristine / "pipe")
    refresh(str(pristine), str(tmp_path / "work"))
    assert not (tmp_path / "work" / "pipe").exists()

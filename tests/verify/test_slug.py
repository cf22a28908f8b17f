"""The slug stage on small real folders."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from random import Random

from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.app.targets import told
from bpopt.settings import defaults
from bpopt.verify import shipping, sides, slug
from bpopt.verify.model import FAILED, PASSED, Plan, Silent, StageResult

FILES = {
    "Procfile": b"web: gunicorn app:app\n",
    "requirements.txt": b"gunicorn\n",
    "app.py": b"app = 1\n",
    "docs/manual.txt": b"lorem ipsum " * 5000,
    "docs/deep/more.txt": Random(1).randbytes(10240),
}


def run(tmp_path: Path, slugignore: bytes, platform: str = "heroku") -> StageResult:
    for name, extra in (("one", {}), ("two", {".slugignore": slugignore})):
        for path, raw in {**FILES, **extra}.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_bytes(raw)
    app = App(DiskFiles(str(tmp_path / "one")), "one", told((platform,), None, None, "test"))
    made = sides.make(app, defaults(), str(tmp_path / "scratch"), after=str(tmp_path / "two"))
    return slug.run(made.before, made.after, Plan(str(tmp_path), "python"), Silent())


def values(result: StageResult) -> dict[str, tuple[float, float]]:
    return {m.key: (m.before[0], m.after[0]) for m in result.measures}


def test_bytes_and_folders_are_counted(tmp_path: Path) -> None:
    result = run(tmp_path, b"docs/deep\n")
    whole = sum(map(len, FILES.values()))
    assert result.status == PASSED
    assert values(result)["slug.bytes"] == (whole, whole - 10240 + len(b"docs/deep\n"))
    assert values(result)["slug.files"] == (5, 5)
    assert result.details["directories"]["docs"] == [70240, 60000]


def test_compressed_bytes_are_those_of_a_real_tar(tmp_path: Path) -> None:
    result = run(tmp_path, b"docs\n")
    before, after = values(result)["slug.compressed"]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=6) as archive:
        for path in FILES:
            archive.add(tmp_path / "one" / path, path)
    assert 0.9 < before / len(buffer.getvalue()) < 1.1
    assert after < before / 2


def test_dropping_what_the_build_needs_fails(tmp_path: Path) -> None:
    result = run(tmp_path, b"*.txt\n")
    assert result.status == FAILED
    assert "requirements.txt no longer ships" in result.reason


def test_a_platform_that_does_not_read_it_ships_all_and_that_is_said(tmp_path: Path) -> None:
    result = run(tmp_path, b"docs\n", "dokku")
    assert values(result)["slug.files"] == (5, 6)
    assert "does not read .slugignore" in result.notes[0]


def test_what_takes_too_long_to_compress_has_no_size(tmp_path: Path) -> None:
    run(tmp_path, b"docs\n")
    app = App(DiskFiles(str(tmp_path / "one")), "one", told(("heroku",), None, None, "test"))
    ship = shipping.shipped(app, app.targets[0], sides.all_files(str(tmp_path / "one")))
    assert slug.compressed(str(tmp_path / "one"), ship, 0.0) is None

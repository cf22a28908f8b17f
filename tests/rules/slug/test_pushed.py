"""What git has in its index, as git itself says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bpopt.app import App
from bpopt.app.env import committed
from bpopt.app.files import DiskFiles
from bpopt.app.index import tracked
from bpopt.rules.slug import pushed

FILES = ("a.py", "docs/ä.md", "a" * 200 + ".txt", "long/way/down/to/b.txt", "x y.csv")


def repository(root: Path, *init: str) -> App:
    for path in FILES:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x\n")
    subprocess.run(["git", "init", "-q", *init, "."], cwd=root, check=True)
    subprocess.run(["git", "add", *FILES[:-1]], cwd=root, check=True)
    return App(DiskFiles(str(root)))


def listed(root: Path) -> frozenset[str]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True).stdout
    return frozenset(path.decode() for path in told.split(b"\0") if path)


def test_the_index_holds_what_git_lists(tmp_path: Path) -> None:
    app = repository(tmp_path)
    assert tracked(app) == listed(tmp_path) == frozenset(FILES[:-1])


def test_an_entry_with_more_flags(tmp_path: Path) -> None:
    app = repository(tmp_path)
    subprocess.run(["git", "add", "--intent-to-add", FILES[-1]], cwd=tmp_path, check=True)
    assert tracked(app) == listed(tmp_path) == frozenset(FILES)


@pytest.mark.parametrize(
    "change", [["update-index", "--index-version", "4"], ["update-index", "--split-index"]]
)
def test_another_kind_of_index_is_not_read(tmp_path: Path, change: list[str]) -> None:
    app = repository(tmp_path)
    subprocess.run(["git", *change], cwd=tmp_path, check=True)
    assert tracked(app) is None


def test_longer_hashes_are_not_read(tmp_path: Path) -> None:
    assert tracked(repository(tmp_path, "--object-format=sha256")) is None


def test_what_git_leaves_out(tmp_path: Path) -> None:
    app = repository(tmp_path)
    (tmp_path / ".gitignore").write_text("# *.py\n*.csv\n/requirements.txt\n*.txt\n!kept.txt\n")
    named = ("a.py", "x y.csv", "requirements.txt", "other.txt", "kept.txt")
    answers = {name: pushed.left_out(App(app.files), name) for name in named}
    ignored = subprocess.run(["git", "check-ignore", *named], cwd=tmp_path, capture_output=True, text=True)
    assert {name for name, out in answers.items() if out} == set(
        ignored.stdout.replace('"', "").split("\n")
    ) - {""}


def test_what_was_added_before_it_was_ignored_is_still_deployed(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text(".env\n.env.production\n")
    for name in (".env", ".env.production"):
        (tmp_path / name).write_text("A=1\n")
    repository(tmp_path)
    subprocess.run(["git", "add", "--force", ".env"], cwd=tmp_path, check=True)
    app = App(DiskFiles(str(tmp_path)))
    assert committed(app, ".env")
    assert not committed(app, ".env.production")

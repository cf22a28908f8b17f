"""The hooks under the real pre-commit, from a clone of this very repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of what git knows of this working tree, committed, so that pre-commit can clone and install it."""
    copy = tmp_path / "bpopt"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    git(copy, "init", "-q")
    git(copy, "add", "-A")
    git(copy, "commit", "-qm", "bpopt")
    return copy


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_both_hooks_in_a_real_pre_commit_run(tmp_path: Path, repository: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    git(app, "init", "-q")
    (app / "Aptfile").write_text("# images\nlibjpeg-dev\nlibjpeg-dev\n")
    (app / "main.py").write_text("print()\n")
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=repository, check=True, capture_output=True, text=True
    ).stdout.strip()
    (app / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {repository}\n  rev: {revision}\n  hooks:\n"
        "  - id: bpopt-fix\n    args: [--select, duplicate-package]\n"
        "  - id: bpopt-check\n    args: [--select, duplicate-package]\n"
    )
    git(app, "add", "-A")
    first = run_hooks(app, tmp_path)
    assert "files were modified by this hook" in first.stdout, first.stdout + first.stderr
    assert (app / "Aptfile").read_text() == "# images\nlibjpeg-dev\n"
    git(app, "add", "-A")
    second = run_hooks(app, tmp_path)
    assert second.returncode == 0, second.stdout + second.stderr
    (app / "Aptfile").write_text("cmake\ncmake\n")
    git(app, "add", "-A")
    third = run_hooks(app, tmp_path, "bpopt-check")
    assert third.returncode == 1
    assert "cmake is listed twice" in third.stdout


def test_the_hooks_ask_for_every_file_that_bpopt_reads() -> None:
    """A file that no hook passes on is one whose mistakes reach the deploy."""
    import re

    import yaml

    from bpopt.documents.kinds import PATHS, kind_of

    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    others = ("requirements.txt", "requirements-dev.txt", "requirements/prod.txt", ".env", ".env.example")
    for hook in hooks:
        wanted = re.compile(hook["files"])
        for path in (*PATHS, *others):
            assert kind_of(path)
            assert wanted.search(path), path
            assert wanted.search(f"services/api/{path}"), path
        assert not wanted.search("app.py")
        assert not wanted.search("docs/Procfile.md")


def run_hooks(app: Path, cache: Path, *hooks: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(cache / "cache"), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", *hooks]
    return subprocess.run(command, cwd=app, env=environment, capture_output=True, text=True, check=False)

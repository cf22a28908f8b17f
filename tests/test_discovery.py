"""Which folders are apps, and which files belong to them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bpopt.discovery import Excluded, Ignored, NotThere, places


def make(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x\n")


def roots(
    root: Path, *paths: str, gitignore: bool = True, exclude: tuple[str, ...] = (), base: Path | None = None
) -> list[str]:
    left_out = Ignored([Excluded(str(base or root), exclude)], gitignore)
    found = places([str(root / p) for p in paths] or [str(root)], lambda top: left_out)
    return [str(Path(place.root).relative_to(root)) for place in found]


def test_a_monorepo_is_walked_in_order(tmp_path: Path) -> None:
    make(
        tmp_path,
        "web/Procfile",
        "api/Aptfile",
        "api/deep/er/runtime.txt",
        "lib/requirements.txt",
        "README.md",
    )
    assert roots(tmp_path) == ["api", "api/deep/er", "web"]


def test_the_given_folder_needs_no_marker(tmp_path: Path) -> None:
    make(tmp_path, "requirements.txt", "sub/requirements.txt")
    assert roots(tmp_path) == ["."]
    assert roots(tmp_path, "sub") == ["sub"]


def test_a_folder_without_deployment_files_is_no_app(tmp_path: Path) -> None:
    make(tmp_path, "main.py", "pyproject.toml")
    assert roots(tmp_path) == []


def test_files_map_to_their_app_once(tmp_path: Path) -> None:
    make(tmp_path, "a/Procfile", "a/.do/app.yaml", "a/requirements/prod.txt", "b/Aptfile")
    assert roots(tmp_path, "a/Procfile", "a/.do/app.yaml", "a/requirements/prod.txt", "b/Aptfile", "a") == [
        "a",
        "b",
    ]


def test_environments_caches_and_ignored_folders_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, "Procfile", "node_modules/x/Procfile", "my/pyvenv.cfg", "my/Procfile", ".git/Procfile")
    make(tmp_path, "build/Procfile", "keep/Procfile", "keep/out/Procfile")
    (tmp_path / ".gitignore").write_text("build/\n")
    (tmp_path / "keep" / ".gitignore").write_text("/out\n")
    assert roots(tmp_path) == [".", "keep"]
    assert roots(tmp_path, gitignore=False) == [".", "build", "keep", "keep/out"]


def test_exclude_leaves_out(tmp_path: Path) -> None:
    make(tmp_path, "a/Procfile", "b/Procfile", "b/c/Procfile", "d/b/Procfile", "old/a/Procfile")
    assert roots(tmp_path, exclude=("b/",)) == ["a", "old/a"]
    assert roots(tmp_path, exclude=("/b", "old/*")) == ["a", "d/b"]


def test_exclude_counts_from_the_folder_of_its_configuration(tmp_path: Path) -> None:
    make(tmp_path, "services/a/Procfile", "services/b/Procfile")
    assert roots(tmp_path, "services", exclude=("/services/b",)) == ["services/a"]


def test_a_file_of_an_excluded_app_is_passed_over_as_pre_commit_gives_it(tmp_path: Path) -> None:
    make(tmp_path, "a/Procfile", "b/Procfile", "b/.do/app.yaml")
    assert roots(tmp_path, "a/Procfile", "b/Procfile", "b/.do/app.yaml", exclude=("b/",)) == ["a"]
    assert roots(tmp_path, "b", exclude=("b/",)) == ["b"]


GITIGNORES = {
    ".gitignore": "build/\n*/dist\n/top/*\n!/top/keep\nlog*\n",
    "apps/.gitignore": "!logs\n/api/old\nProcfile\n!/web/Procfile\n",
}
APPS = (
    "build/x",
    "apps/dist",
    "top/a",
    "top/keep",
    "apps/logs",
    "logs",
    "apps/api/old",
    "apps/api/new",
    "apps/web",
)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("top", ["", "apps"])
def test_gitignore_files_of_every_level_are_read_as_git_reads_them(tmp_path: Path, top: str) -> None:
    """Git itself says which Procfiles it would take."""
    make(tmp_path, *(f"{app}/Procfile" for app in APPS))
    for path, text in GITIGNORES.items():
        (tmp_path / path).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    command = ["git", "ls-files", "--others", "--exclude-standard", "--", f"{top}/**/Procfile".lstrip("/")]
    listed = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", *command[1:]],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    taken = sorted(line.rpartition("/")[0] for line in listed.stdout.split())
    assert 1 < len(taken) < len(APPS) or top
    assert sorted(roots(tmp_path, *filter(None, [top]))) == taken


def test_without_a_repository_no_gitignore_above_is_read(tmp_path: Path) -> None:
    make(tmp_path, "home/apps/a/Procfile")
    (tmp_path / "home/.gitignore").write_text("*\n")
    assert roots(tmp_path, "home/apps") == ["home/apps/a"]


def test_a_repository_in_a_repository_knows_no_gitignore_above(tmp_path: Path) -> None:
    make(tmp_path, "sub/a/Procfile", "sub/.git", "b/a/Procfile")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("a\n")
    assert roots(tmp_path) == ["sub/a"]


def test_a_given_folder_is_looked_at_even_if_git_ignores_it(tmp_path: Path) -> None:
    make(tmp_path, "build/Procfile", "build/a/Procfile")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("build\n")
    assert roots(tmp_path) == []
    assert roots(tmp_path, "build") == ["build", "build/a"]


def test_links_in_circles_end(tmp_path: Path) -> None:
    make(tmp_path, "a/Procfile")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert roots(tmp_path) == ["a"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotThere):
        list(places([str(tmp_path / "nope")]))

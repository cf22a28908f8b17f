"""Which folders are apps, and which files belong to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpopt.discovery import NotThere, places


def make(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x\n")


def roots(root: Path, *paths: str, **options: bool) -> list[str]:
    found = places([str(root / p) for p in paths] or [str(root)], **options)  # type: ignore[arg-type]
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
    make(tmp_path, "a/Procfile", "b/Procfile")
    assert [p.root for p in places([str(tmp_path)], ["b/"])] == [str(tmp_path / "a")]


def test_links_in_circles_end(tmp_path: Path) -> None:
    make(tmp_path, "a/Procfile")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert roots(tmp_path) == ["a"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotThere):
        list(places([str(tmp_path / "nope")]))

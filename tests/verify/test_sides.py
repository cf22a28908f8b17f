"""Scratch copies: what is in them, that fixes and revisions arrive, and that the user's tree stays as it is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.app.targets import Target, told
from bpopt.settings import ConfigError, Settings, defaults
from bpopt.verify import sides

PROCFILE = "web: gunicorn app:app --workers 2\n"


def make_app(folder: Path, **files: str) -> App:
    folder.mkdir(exist_ok=True)
    everything = {
        "Procfile": PROCFILE,
        "app.py": "app = 1\n",
        "requirements.txt": "gunicorn==23.0.0\n",
        **files,
    }
    for path, text in everything.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return App(DiskFiles(str(folder)), "app")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def targets(name: str) -> tuple[Target, ...]:
    return told((name,), None, None, "test")


def settings(**values: object) -> Settings:
    return defaults(platform=["heroku"], **values)


def test_after_has_the_fixes_and_the_users_tree_is_untouched(tmp_path: Path) -> None:
    app = make_app(tmp_path / "app")
    there = tree(tmp_path / "app")
    made = sides.make(app, settings(), str(tmp_path / "scratch"))
    assert tree(tmp_path / "app") == there
    assert Path(made.before.root, "Procfile").read_text() == PROCFILE
    assert "--preload" in Path(made.after.root, "Procfile").read_text()
    assert made.changed == ("Procfile",)
    assert "+web: gunicorn app:app --workers 2" in made.diff
    assert {f.code for f in made.applied} >= {"BP304"}
    assert made.after.app.source("Procfile") != made.before.app.source("Procfile")


def test_select_chooses_which_fixes_after_has(tmp_path: Path) -> None:
    app = make_app(tmp_path / "app")
    made = sides.make(app, settings(select=["BP304"]), str(tmp_path / "scratch"))
    assert Path(made.after.root, "Procfile").read_text() == PROCFILE.replace("2\n", "2 --preload\n")


def test_one_fix_alone_can_be_applied(tmp_path: Path) -> None:
    app = make_app(tmp_path / "app")
    applied = sides.make(app, settings(), str(tmp_path / "all")).applied
    one = tuple(f for f in applied if f.code == "BP304")
    made = sides.make(app, settings(), str(tmp_path / "one"), only=one)
    assert [f.code for f in made.applied] == ["BP304"]


def test_another_folder_can_be_after(tmp_path: Path) -> None:
    app = make_app(tmp_path / "app")
    make_app(tmp_path / "other", Procfile="web: gunicorn app:app --workers 3\n", **{"sub/new.py": "x = 1\n"})
    made = sides.make(app, settings(), str(tmp_path / "scratch"), after=str(tmp_path / "other"))
    assert made.changed == ("Procfile", "sub/new.py")
    assert not made.applied
    assert made.titles == ("as it is", str(tmp_path / "other"))


def test_a_git_revision_of_an_app_in_a_subfolder_can_be_after(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    (repository / "api").mkdir(parents=True)
    app = make_app(repository / "api")
    git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "one")
    (repository / "api" / "Procfile").write_text("web: gunicorn app:app --workers 9\n")
    index = (repository / ".git" / "index").read_bytes()
    made = sides.make(app, settings(), str(tmp_path / "scratch"), after="HEAD")
    assert Path(made.before.root, "Procfile").read_text() == "web: gunicorn app:app --workers 9\n"
    assert Path(made.after.root, "Procfile").read_text() == PROCFILE
    assert (repository / ".git" / "index").read_bytes() == index
    assert (repository / "api" / "Procfile").read_text() == "web: gunicorn app:app --workers 9\n"
    made = sides.make(app, settings(), str(tmp_path / "other"), before="HEAD", after=str(repository / "api"))
    assert Path(made.before.root, "Procfile").read_text() == PROCFILE


@pytest.mark.parametrize("wish", ["no-such-thing", "--upload-pack=x", "HEAD"])
def test_what_is_neither_folder_nor_revision_is_said(tmp_path: Path, wish: str) -> None:
    app = make_app(tmp_path / "app")
    with pytest.raises(ConfigError, match=r"neither|no folder"):
        sides.make(app, settings(), str(tmp_path / "scratch"), after=wish)


def test_ignored_files_are_not_copied_and_untracked_ones_are(tmp_path: Path) -> None:
    app = make_app(tmp_path / "app", **{".gitignore": "big/\n", "big/data": "x", "new.py": "y = 1\n"})
    git(tmp_path / "app", "init", "-q")
    made = sides.make(app, settings(), str(tmp_path / "scratch"))
    assert not os.path.exists(os.path.join(made.before.root, "big"))
    assert os.path.exists(os.path.join(made.before.root, "new.py"))
    assert not os.path.exists(os.path.join(made.before.root, ".git"))


def test_links_inside_stay_and_links_outside_are_left_out(tmp_path: Path) -> None:
    app = make_app(tmp_path / "app")
    (tmp_path / "secret").write_text("s")
    (tmp_path / "app" / "outside").symlink_to(tmp_path / "secret")
    (tmp_path / "app" / "inside").symlink_to("app.py")
    os.mkfifo(tmp_path / "app" / "pipe")
    made = sides.make(app, settings(), str(tmp_path / "scratch"))
    assert made.left_out == ("outside",)
    assert os.readlink(os.path.join(made.before.root, "inside")) == "app.py"
    assert not os.path.lexists(os.path.join(made.before.root, "pipe"))


def test_what_the_platform_drops_is_not_there_to_run_but_the_rules_see_it(tmp_path: Path) -> None:
    app = make_app(tmp_path / "app", **{".slugignore": "docs\n*.psd\n", "docs/a.md": "a", "art/x.psd": "p"})
    heroku = App(app.files, "app", targets("heroku"))
    made = sides.make(heroku, settings(), str(tmp_path / "one"))
    assert not os.path.exists(os.path.join(made.before.root, "docs"))
    assert not os.path.exists(os.path.join(made.before.root, "art", "x.psd"))
    assert made.before.app.files.exists("docs/a.md")
    elsewhere = App(app.files, "app", targets("dokku"))
    made = sides.make(elsewhere, settings(), str(tmp_path / "two"))
    assert os.path.exists(os.path.join(made.before.root, "docs", "a.md"))


def test_the_bundled_sample_app_is_found() -> None:
    folder = sides.bundled_sample()
    assert folder is not None
    assert os.path.isfile(os.path.join(folder, "requirements.txt"))

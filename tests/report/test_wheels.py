"""`bpopt wheels` with the real pip, on a small source distribution of our own: no network is needed."""

from __future__ import annotations

import io
import json
import os
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import bpopt.cli
from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.report import measured, wheel_build, wheel_plan, wheel_use
from tests.report.samples import app

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"
# A build backend that needs nothing: it writes a wheel with one module, or fails if the sdist says so.
BACKEND = """
import os, zipfile
INFO = "Metadata-Version: 2.1\\nName: tiny-thing\\nVersion: 1.5\\n"
TAGS = "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
def build_wheel(folder, config_settings=None, metadata_directory=None):
    if os.path.exists("fails"):
        raise SystemExit("fatal error: ffi.h: No such file or directory")
    name = "{tag}"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("tiny_thing.py", "X = 1\\n")
        wheel.writestr("tiny_thing-1.5.dist-info/METADATA", INFO)
        wheel.writestr("tiny_thing-1.5.dist-info/WHEEL", TAGS)
        wheel.writestr("tiny_thing-1.5.dist-info/RECORD", "")
    return name
"""
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
INFO = "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.5\n"
WHEEL = "tiny_thing-1.5-py3-none-any.whl"


def sdist(folder: Path, fails: bool = False) -> None:
    files = {"pyproject.toml": PYPROJECT, "backend.py": BACKEND.replace("{tag}", WHEEL), "PKG-INFO": INFO}
    if fails:
        files["fails"] = "yes"
    with tarfile.open(folder / "tiny-thing-1.5.tar.gz", "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"tiny-thing-1.5/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    index = tmp_path / "index"
    index.mkdir()
    sdist(index)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    home = tmp_path / "app"
    home.mkdir()
    (home / "Procfile").write_text("web: python app.py\n", encoding="utf-8")
    (home / "requirements.txt").write_text("# things\nTiny_Thing>=1 # small\n", encoding="utf-8")
    (home / ".python-version").write_text(f"{MINOR}\n", encoding="utf-8")
    monkeypatch.chdir(home)
    return home


def run(*arguments: str) -> int:
    return bpopt.cli.run(["wheels", "--isolated", "--platform", "heroku", *arguments])


def test_wheels_are_built_noted_and_used(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == 0
    assert "Tiny_Thing>=1  has no wheel" in capsys.readouterr().out
    assert run() == 0
    assert (folder / "wheelhouse" / WHEEL).is_file()
    assert (
        folder / "requirements.txt"
    ).read_text() == "# things\n--find-links wheelhouse\nTiny_Thing==1.5 # small\n"
    (wheel,) = measured.built(App(DiskFiles(str(folder))))
    assert (wheel.name, wheel.version, wheel.python, wheel.file) == ("tiny-thing", "1.5", MINOR, WHEEL)
    assert wheel.build_seconds > 0
    assert wheel.install_seconds > 0
    assert wheel.sha256 == wheel_build.sha256(str(folder / "wheelhouse" / WHEEL))
    out = capsys.readouterr().out
    assert "whenever it is installed anew" in out
    assert "tiny-thing.log" in out


def test_second_run_builds_and_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "wheelhouse").iterdir()}
    requirements = (folder / "requirements.txt").read_bytes()
    capsys.readouterr()
    assert run() == 0
    assert f"{WHEEL} is there" in capsys.readouterr().out
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "wheelhouse").iterdir()} == before
    assert (folder / "requirements.txt").read_bytes() == requirements


def test_pip_then_takes_the_wheel(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import subprocess

    assert run() == 0
    monkeypatch.delenv("PIP_FIND_LINKS")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--target",
        str(tmp_path / "t"),
        "-r",
        "requirements.txt",
    ]
    assert subprocess.run(command, check=False).returncode == 0
    assert (tmp_path / "t/tiny_thing.py").is_file()


def test_failed_build_is_explained_and_leaves_the_app_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sdist(folder.parent / "index", fails=True)
    before = (folder / "requirements.txt").read_bytes()
    assert run() == 1
    assert (folder / "requirements.txt").read_bytes() == before
    assert list((folder / "wheelhouse").iterdir()) == []
    error = capsys.readouterr().err
    assert "could not be built" in error
    assert "cause[header-missing]" in error


def test_dlib_that_no_line_names_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wheel = folder.parent / "index" / "face_recognition-1.3.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        info = "Metadata-Version: 2.1\nName: face-recognition\nVersion: 1.3.0\nRequires-Dist: dlib\n"
        file.writestr("face_recognition-1.3.0.dist-info/METADATA", info)
        tags = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        file.writestr("face_recognition-1.3.0.dist-info/WHEEL", tags)
        file.writestr("face_recognition-1.3.0.dist-info/RECORD", "")
    (folder / "requirements.txt").write_text("face_recognition==1.3.0\n")
    assert run("--list") == 0
    out, err = capsys.readouterr()
    assert "every requirement has a wheel" in out
    assert "face_recognition requires dlib" in err


def test_kept_requirements(folder: Path) -> None:
    before = (folder / "requirements.txt").read_bytes()
    assert run("--keep-requirements") == 0
    assert (folder / "requirements.txt").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "files", "says"),
    [
        (("--python", "3.1"), {}, "there is no python3.1 here"),
        (("--python", "newest"), {}, "a minor version such as 3.13 is wanted"),
        ((), {"requirements.txt": None, "uv.lock": ""}, "there is no requirements.txt"),
    ],
)
def test_what_cannot_be_is_said(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    files: dict[str, str | None],
    says: str,
) -> None:
    for path, text in files.items():
        if text is None:
            (folder / path).unlink()
        else:
            (folder / path).write_text(text, encoding="utf-8")
    assert run(*arguments) == 2
    assert says in capsys.readouterr().err


# ---------------------------------------------------------------------------------------------- without pip

BUILT = measured.Built(
    "dlib", "20.0.1", "dlib.whl", 4, "ab" * 32, 374.0, 0.5, "3.13", "2 processors", "2026-11-24", "2.38"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("dlib\n", "--find-links wheelhouse\ndlib==20.0.1\n"),
        ("dlib==20.0.1\n", "--find-links wheelhouse\ndlib==20.0.1\n"),
        (
            "dlib[x]>=19 ; python_version > '3' # why\n",
            "--find-links wheelhouse\ndlib[x]==20.0.1 ; python_version > '3' # why\n",
        ),
        ("-f ./wheelhouse\ndlib==20.0.1\n", "-f ./wheelhouse\ndlib==20.0.1\n"),
        ("# head\n\r\nflask\r\ndlib", "# head\n\r\n--find-links wheelhouse\nflask\r\ndlib==20.0.1"),
        (
            f"dlib==20.0.1 --hash=sha256:{'0' * 64}\n",
            f"--find-links wheelhouse\ndlib==20.0.1 --hash=sha256:{'0' * 64} --hash=sha256:{'ab' * 32}\n",
        ),
    ],
)
def test_requirements_are_changed_in_place(before: str, after: str) -> None:
    changed = wheel_use.changes(app({"requirements.txt": before}, "heroku"), [BUILT], "wheelhouse")
    assert changed.get("requirements.txt", before.encode()).decode() == after
    again = wheel_use.changes(app({"requirements.txt": after}, "heroku"), [BUILT], "wheelhouse")
    assert again == {}


def test_included_file_is_changed_too() -> None:
    of = app(
        {"requirements.txt": "-r requirements/base.txt\n", "requirements/base.txt": "dlib>=19\n"}, "heroku"
    )
    changed = wheel_use.changes(of, [BUILT], "wheelhouse")
    assert changed["requirements.txt"] == b"--find-links wheelhouse\n-r requirements/base.txt\n"
    assert changed["requirements/base.txt"] == b"dlib==20.0.1\n"


def test_newer_glibc_than_the_stack_is_an_obstacle() -> None:
    of = app({"requirements.txt": "dlib\n", ".python-version": "3.13\n"}, "heroku-22")
    where = wheel_plan.Place((3, 13), "python", (2, 35), True, of.targets)
    (said,) = wheel_use.obstacles(of, [BUILT], where, "wheelhouse")
    assert "needs glibc 2.38, the stack has 2.35" in said
    assert not list(wheel_use.obstacles(of, [BUILT._replace(glibc="2.34")], where, "wheelhouse"))


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        (".gitignore", "*.whl\n", "wheelhouse/dlib.whl is left out by .gitignore"),
        (".slugignore", "# x\nwheelhouse\n", ".slugignore:2 takes the wheelhouse out"),
    ],
)
def test_file_that_takes_the_wheelhouse_out_is_an_obstacle(path: str, text: str, says: str) -> None:
    of = app({"requirements.txt": "dlib\n", path: text}, "heroku-24")
    where = wheel_plan.Place((3, 13), "python", (2, 39), True, of.targets)
    assert any(says in said for said in wheel_use.obstacles(of, [BUILT], where, "wheelhouse"))


def test_python_that_no_file_asks_for_is_an_obstacle() -> None:
    of = app({"requirements.txt": "dlib\n"}, "heroku-24")
    where = wheel_plan.Place((3, 13), "python", (2, 39), False, of.targets)
    assert any(
        "no file asks for Python 3.13" in said
        for said in wheel_use.obstacles(of, [BUILT], where, "wheelhouse")
    )


def test_glibc_of_a_wheel_is_the_newest_that_it_asks_for(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as wheel:
        wheel.writestr("a.so", b"\x7fELF GLIBC_2.2.5\0 GLIBC_2.34\0 GLIBC_2.17\0")
        wheel.writestr("a.txt", b"GLIBC_9.9")
    assert wheel_build.glibc(str(tmp_path / "a.whl")) == (2, 34)


def test_glibc_of_stacks_comes_from_the_catalog() -> None:
    found = {stack: wheel_plan.glibc_of(app({}, stack).targets[0]) for stack in ("heroku-22", "heroku-24")}
    assert found == {"heroku-22": (2, 35), "heroku-24": (2, 39)}


def test_tags_go_down_from_the_glibc_of_the_stack() -> None:
    tags = wheel_plan.tags((2, 35))
    assert tags[0] == "manylinux_2_35_x86_64"
    assert "manylinux_2_36_x86_64" not in tags
    assert {"manylinux2014_x86_64", "manylinux_2_17_x86_64", "linux_x86_64"} <= set(tags)


def test_record_comes_back_as_it_was_written() -> None:
    assert measured.parse(measured.render((BUILT,))) == (BUILT,)
    assert json.loads(measured.render((BUILT,)))[0]["build_seconds"] == 374.0


def test_progress_shows_the_last_line_with_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("[ 42%] Building CXX object\nremark:\n   12 | x = y\n      |     ^\n\n")
    assert wheel_build._last_line(str(log), 0) == "12 | x = y"

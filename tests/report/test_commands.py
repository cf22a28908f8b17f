"""The commands of this room as they are typed: exit codes, what is printed, what is written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bpopt.cli
from bpopt.cli.main import COMMANDS
from tests.report.samples import FACES, SPEC

SAMPLE = Path(__file__).parents[2] / "sample_app"
OURS = ("env", "status", "report", "doctor", "wheels")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in FACES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    return bpopt.cli.run(list(arguments))


@pytest.mark.parametrize("name", OURS)
def test_help_says_what_the_list_of_commands_says_and_gives_examples(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert name in COMMANDS
    assert run(name, "--help") == 0
    out = capsys.readouterr().out
    assert "Examples:" in out
    assert f"bpopt {name}" in out


@pytest.mark.parametrize("name", [name for name in OURS if name != "doctor"])
def test_nothing_to_look_at_is_3(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(name, "--isolated") == 3


@pytest.mark.parametrize("name", [name for name in OURS if name != "doctor"])
def test_missing_path_is_2(name: str, folder: Path) -> None:
    assert run(name, "--isolated", "no-such-folder") == 2


def test_env_writes_exactly_the_missing_lines_of_the_sample_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "app"
    shutil.copytree(SAMPLE, home, ignore=shutil.ignore_patterns("__pycache__", ".*cache", "tests"))
    monkeypatch.chdir(home)
    before = (home / ".do/app.yaml").read_text(encoding="utf-8")
    manifest = (home / "app.json").read_bytes()
    assert run("env", "--isolated", "--diff", "--platform", "digitalocean") == 1
    assert (home / ".do/app.yaml").read_text(encoding="utf-8") == before
    assert run("env", "--isolated", "--write", "--platform", "digitalocean") == 0
    indent = "      "
    added = f'{indent}- key: CMAKE_BUILD_PARALLEL_LEVEL\n{indent}  value: "4"\n{indent}  scope: BUILD_TIME\n'
    assert (home / ".do/app.yaml").read_text(encoding="utf-8") == before + added
    assert (home / "app.json").read_bytes() == manifest
    capsys.readouterr()
    assert run("env", "--isolated", "--write", "--platform", "digitalocean") == 0
    assert "nothing is missing" in capsys.readouterr().err
    assert (home / ".do/app.yaml").read_text(encoding="utf-8") == before + added


def test_env_of_several_apps_says_which(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("api", "site"):
        (folder / name).mkdir()
        (folder / name / "Procfile").write_text("web: gunicorn a:a\n")
        (folder / name / "requirements.txt").write_text("gunicorn\n")
    common = ("env", "--isolated", "api", "site", "--platform", "dokku")
    assert run(*common, "--format", "json") == 1
    assert {row["app"] for row in json.loads(capsys.readouterr().out)} == {"api", "site"}
    assert run(*common, "--format", "dokku") == 1
    assert [line for line in capsys.readouterr().out.splitlines() if line in ("# api", "# site")] == [
        "# api",
        "# site",
    ]
    assert run(*common) == 1
    assert {"api", "site"} <= set(capsys.readouterr().out.splitlines())


def test_env_exit_code_and_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("env", "--isolated", "--format", "json") == 1
    rows = json.loads(capsys.readouterr().out)
    assert {"platform", "name", "scope", "state", "value", "why", "source", "date"} <= rows[0].keys()
    assert run("env", "--isolated", "--platform", "heroku") == 0


@pytest.mark.parametrize(
    ("form", "says"),
    [("heroku", "heroku config:set"), ("dokku", "dokku config:"), ("scalingo", "scalingo --app")],
)
def test_env_commands_of_a_platform_that_no_file_shows(
    folder: Path, capsys: pytest.CaptureFixture[str], form: str, says: str
) -> None:
    run("env", "--isolated", "--format", form)
    assert says in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
@pytest.mark.parametrize("form", ["heroku", "doctl", "dokku", "scalingo", "dotenv"])
def test_env_commands_are_valid_shell(folder: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    run("env", "--isolated", "--format", form)
    script = capsys.readouterr().out
    done = subprocess.run(["bash", "-n"], input=script.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_env_refuses_a_spec_that_it_cannot_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".do/app.yaml").write_text("services:\n- {name: web}\n", encoding="utf-8")
    assert run("env", "--isolated", "--write") == 1
    assert "cannot be changed in place" in capsys.readouterr().err
    assert (folder / ".do/app.yaml").read_text(encoding="utf-8") == "services:\n- {name: web}\n"


def test_status_badge_and_limit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "--isolated", "--badge", "badge.svg") == 0
    first = (folder / "badge.svg").read_text(encoding="utf-8")
    assert run("status", "--isolated", "--badge", "badge.svg", "--format", "json") == 0
    assert (folder / "badge.svg").read_text(encoding="utf-8") == first
    out = capsys.readouterr().out
    now = json.loads(out[out.index("[\n") :])[0]["stages"][0]["percent"]
    assert f">{now}%<" in first
    assert run("status", "--isolated", "--fail-under", "100") == 1
    assert run("status", "--isolated", "--fail-under", "0") == 0
    assert (folder / ".do/app.yaml").read_text(encoding="utf-8") == SPEC


def test_doctor_from_a_file_and_from_standard_input(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = "E: Unable to locate package libopenblas-dev\n"
    (folder / "x.log").write_text(log, encoding="utf-8")
    assert run("doctor", "x.log") == 1
    text = capsys.readouterr().out
    assert "cause[package-unknown]" in text
    assert "Aptfile:2: libopenblas-dev" in text
    command = [sys.executable, "-m", "bpopt", "doctor", "--format", "json"]
    done = subprocess.run(
        command, input=log.encode(), capture_output=True, check=False, env={"PYTHONPATH": str(SAMPLE.parent)}
    )
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert data["causes"][0]["place"] == {"path": "Aptfile", "number": 2, "text": "libopenblas-dev"}


def test_doctor_exit_codes(folder: Path) -> None:
    (folder / "empty.log").write_bytes(b"\n \n")
    (folder / "fine.log").write_bytes(b"all is well\n")
    assert run("doctor", "empty.log") == 3
    assert run("doctor", "fine.log") == 0
    assert run("doctor", "none.log") == 2


def test_check_imports_nothing_of_this_room() -> None:
    code = "import sys; from bpopt.cli import run; run(['check', '.'])\n"
    code += "print([m for m in sys.modules if m.startswith('bpopt.report')])"
    command, env = [sys.executable, "-c", code], {"PYTHONPATH": str(SAMPLE.parent)}
    done = subprocess.run(command, capture_output=True, check=False, cwd=SAMPLE, env=env)
    assert done.stdout.decode().splitlines()[-1] == "[]"


def test_badge_into_a_folder_is_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("status", "--isolated", "--badge", ".") == 2
    assert "is a folder" in capsys.readouterr().err


def test_report_where_its_folder_is_a_file_is_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "docs").write_text("mine")
    assert run("report", "--isolated") == 2
    assert "docs is a file" in capsys.readouterr().err
    assert (folder / "docs").read_text() == "mine"


def test_log_that_is_a_folder_is_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("doctor", ".") == 2
    assert "is a folder" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse names that are no UTF-8")
def test_report_on_names_that_are_no_utf8(folder: Path) -> None:
    os.makedirs(os.fsencode(folder) + b"/d\xfe")
    for name in (b"/d\xfe/f", b"/new\nline", b"/<b>|`"):
        with open(os.fsencode(folder) + name, "w") as file:
            file.write("x")
    assert run("report", "--isolated") == 0
    assert "`d\\xfe/`" in (folder / "docs/OPTIMIZATION_ANALYSIS.md").read_text(encoding="utf-8")
    assert run("report", "--isolated", "--check") == 0


def test_report_is_the_same_from_another_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "api").mkdir()
    (folder / "api/Procfile").write_text("web: gunicorn a:a -w 2\n")
    assert run("report", "--isolated", "api", "--platform", "heroku") == 0
    monkeypatch.chdir(folder / "api")
    assert run("report", "--isolated", "--check", "--platform", "heroku") == 0


def test_report_is_the_same_in_another_process(folder: Path) -> None:
    """Sets have another order there."""
    (folder / "runtime.txt").write_text("python-3.12.14\n")
    (folder / ".python-version").unlink()
    (folder / "requirements.txt").write_bytes("Flask==3.1.3\r\ngunicorn==27.0.1\r\n".encode("utf-16"))
    assert run("report", "--isolated", "--platform", "heroku-fir") == 0
    text = (folder / "docs/DEPLOYMENT.md").read_text(encoding="utf-8")
    assert "git add .python-version Aptfile Procfile requirements.txt runtime.txt" in text
    for seed in ("1", "2", "3"):
        command = [sys.executable, "-m", "bpopt", "report", "--isolated", "--check"]
        command += ["--platform", "heroku-fir"]
        done = subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, check=False)
        assert done.returncode == 0

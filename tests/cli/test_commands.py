"""The real command in a real folder: exit codes, formats, standard input, baseline, configuration."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DUPLICATE = "# images\nlibjpeg-dev\nlibjpeg-dev\n"


def bpopt(folder: Path, *arguments: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[str]:
    """Run bpopt in a folder; text comes back with undecodable bytes escaped."""
    environment = {
        k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")
    } | env
    done = subprocess.run(
        [sys.executable, "-m", "bpopt", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env=environment,
        check=False,
    )
    decode = ("utf-8", "backslashreplace")
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(*decode), done.stderr.decode(*decode)
    )


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "Aptfile").write_text(DUPLICATE)
    return tmp_path


ONLY = ("--select", "BP104")


@pytest.mark.parametrize(
    "form", ["full", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"]
)
def test_exit_codes_do_not_depend_on_the_format(tmp_path: Path, form: str) -> None:
    findings, clean, nothing = (tmp_path / n for n in ("findings", "clean", "nothing"))
    for folder in (findings, clean, nothing):
        folder.mkdir()
    (findings / "Aptfile").write_text(DUPLICATE)
    (clean / "Aptfile").write_text("libjpeg-dev\n")
    codes = [bpopt(f, "check", *ONLY, "--output-format", form).returncode for f in (findings, clean, nothing)]
    assert codes == [1, 0, 3]
    assert bpopt(findings, "check", *ONLY, "--exit-zero", "--output-format", form).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("check", "--select", "redundant-bla"),
            "unknown rule 'redundant-bla', did you mean 'redundant-blas'",
        ),
        (("check", "--platform", "herokuu"), "did you mean 'heroku'"),
        (("check", "--stack", "heroku-42"), "did you mean 'heroku-2"),
        (("check", "nowhere"), "no such file or folder"),
        (("chek",), "did you mean 'check'"),
        (("explain", "BP10"), "there is no rule"),
        (("check", "-"), "--stdin-filename"),
        (("check", "--no-such-option"), "No such option"),
    ],
)
def test_usage_errors_exit_2_and_say_what_was_meant(app: Path, arguments: tuple[str, ...], told: str) -> None:
    done = bpopt(app, *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_fix_mends_and_a_second_run_changes_nothing(app: Path) -> None:
    assert bpopt(app, "fix", *ONLY).returncode == 0
    assert (app / "Aptfile").read_text() == "# images\nlibjpeg-dev\n"
    before = (app / "Aptfile").stat()
    assert bpopt(app, "fix", *ONLY).returncode == 0
    assert (app / "Aptfile").stat().st_mtime_ns == before.st_mtime_ns


def test_diff_prints_exits_1_and_writes_nothing(app: Path) -> None:
    done = bpopt(app, "fix", *ONLY, "--diff")
    assert done.returncode == 1
    assert (
        done.stdout
        == "--- a/Aptfile\n+++ b/Aptfile\n@@ -1,3 +1,2 @@\n # images\n libjpeg-dev\n-libjpeg-dev\n"
    )
    assert (app / "Aptfile").read_text() == DUPLICATE
    (app / "Aptfile").write_text("libjpeg-dev\n")
    assert bpopt(app, "fix", *ONLY, "--diff").returncode == 0


def test_the_diff_is_one_that_git_applies(app: Path) -> None:
    (app / "Aptfile").write_bytes(b"# caf\xe9\r\ncmake\r\ncurl\r\ncmake")
    done = subprocess.run(
        [sys.executable, "-m", "bpopt", "fix", *ONLY, "--diff"], cwd=app, capture_output=True, check=False
    )
    subprocess.run(["git", "init", "-q"], cwd=app, check=True)
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=app, input=done.stdout, check=True)
    assert (app / "Aptfile").read_bytes() == b"# caf\xe9\r\ncmake\r\ncurl"


def test_show_diff_writes_and_prints(app: Path) -> None:
    done = bpopt(app, "fix", *ONLY, "--show-diff")
    assert "-libjpeg-dev" in done.stdout
    assert (app / "Aptfile").read_text() == "# images\nlibjpeg-dev\n"


def test_standard_input_is_checked_and_fixed_as_the_file_it_names(app: Path) -> None:
    (app / "Aptfile").write_text("cmake\n")
    checked = bpopt(
        app,
        "check",
        *ONLY,
        "-",
        "--stdin-filename",
        "Aptfile",
        "--output-format",
        "json",
        stdin=DUPLICATE.encode(),
    )
    assert checked.returncode == 1
    assert [f["path"] for f in json.loads(checked.stdout)["findings"]] == ["Aptfile"]
    fixed = bpopt(app, "fix", *ONLY, "-", "--stdin-filename", "Aptfile", stdin=DUPLICATE.encode())
    assert fixed.stdout == "# images\nlibjpeg-dev\n"
    assert (app / "Aptfile").read_text() == "cmake\n"


def test_standard_input_keeps_to_its_file(tmp_path: Path) -> None:
    """A fix that needs other files is none for standard input: its text must not be lost."""
    fix = ("fix", "-", "--stdin-filename")
    kept = bpopt(tmp_path, *fix, "runtime.txt", "--select", "BP501", stdin=b"python-3.12.1\n")
    assert (kept.stdout, kept.returncode) == ("python-3.12.1\n", 1)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "Aptfile").write_text(DUPLICATE)
    (tmp_path / "Procfile").write_text("on disk\n")
    text = b"web: gunicorn app:app --max-requests 1000\n"
    select = ("--select", "BP104,BP303")
    mended = bpopt(tmp_path, *fix, "Procfile", *select, stdin=text)
    assert mended.stdout == "web: gunicorn app:app --max-requests 1000 --max-requests-jitter 100\n"
    assert (tmp_path / "Aptfile").read_text() == DUPLICATE
    shown = bpopt(tmp_path, *fix, "Procfile", *select, "--diff", stdin=text)
    assert shown.returncode == 1
    assert shown.stdout.startswith("--- a/Procfile\n+++ b/Procfile\n")


@pytest.mark.parametrize("folder", ["my app", "caf\u00e9", 'a"b', "a\\b", "a\tb", "a\nb", "\udcff"])
def test_git_applies_the_diff_whatever_the_folder_is_called(tmp_path: Path, folder: str) -> None:
    """Created, changed and removed files, with CRLF and no final newline; checked against the fix itself."""
    copies = tmp_path / "diff" / folder, tmp_path / "fix" / folder
    for copy in copies:
        copy.mkdir(parents=True)
        (copy / "Aptfile").write_bytes(b"libjpeg-dev\r\nzip\r\nlibjpeg-dev")
        (copy / "runtime.txt").write_bytes(b"python-3.12.1\r\n")
    options = ("--select", "BP104,BP501", "--exit-zero")
    command = [sys.executable, "-m", "bpopt", "fix", *options]
    done = subprocess.run([*command, "--diff"], cwd=tmp_path / "diff", capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    subprocess.run(["git", "init", "-q"], cwd=tmp_path / "diff", check=True)
    apply = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(apply, cwd=tmp_path / "diff", input=done.stdout, check=True)
    subprocess.run(command, cwd=tmp_path / "fix", capture_output=True, check=True)
    applied, fixed = ({p.name: p.read_bytes() for p in copy.iterdir()} for copy in copies)
    assert applied == fixed
    assert sorted(fixed) == [".python-version", "Aptfile"]


def test_a_baseline_hides_what_was_known_and_only_shrinks(app: Path) -> None:
    check = ("check", *ONLY, "--output-format", "concise")
    assert bpopt(app, *check, "--write-baseline", "base.json").returncode == 0
    assert bpopt(app, *check, "--baseline", "base.json").returncode == 0
    (app / "Aptfile").write_text("# moved\n\n" + DUPLICATE + "zip\nzip\n")
    done = bpopt(app, *check, "--baseline", "base.json")
    assert done.returncode == 1
    assert "zip" in done.stdout
    assert "libjpeg-dev is" not in done.stdout
    shrunk = bpopt(app, *check, "--write-baseline", "base.json")
    assert "1 new finding not added" in shrunk.stderr
    assert len(json.loads((app / "base.json").read_text())["findings"]) == 1
    (app / "Aptfile").write_text("cmake\n")
    assert "1 finding in base.json is mended" in bpopt(app, *check, "--baseline", "base.json").stderr


def test_suppressions_silence_and_say_when_they_are_of_no_use(app: Path) -> None:
    (app / "Aptfile").write_text("cmake\n# bpopt: ignore[BP104] wanted\ncmake\n")
    assert bpopt(app, "check", "--select", "BP104,BP001").returncode == 0
    (app / "Aptfile").write_text("cmake\n# bpopt: ignore[BP104] wanted\ncurl\n")
    done = bpopt(app, "check", "--select", "BP104,BP001", "--output-format", "concise")
    assert done.returncode == 1
    assert "BP001" in done.stdout


def test_the_closest_configuration_wins_and_unknown_keys_are_errors(app: Path) -> None:
    (app / "pyproject.toml").write_text('[tool.bpopt]\nignore = ["duplicate-package"]\n')
    assert bpopt(app, "check", "--select", "apt").returncode == 0
    inner = app / "api"
    inner.mkdir()
    (inner / "Aptfile").write_text(DUPLICATE)
    (inner / "bpopt.toml").write_text('select = ["BP104"]\n')
    done = bpopt(app, "check", "--output-format", "concise")
    assert "api/Aptfile" in done.stdout
    (inner / "bpopt.toml").write_text("selct = []\n")
    broken = bpopt(app, "check")
    assert broken.returncode == 2
    assert "did you mean 'select'" in broken.stderr


def test_severity_and_per_file_ignores(app: Path) -> None:
    (app / "bpopt.toml").write_text('select = ["BP104"]\n[severity]\nduplicate-package = "error"\n')
    done = bpopt(app, "check", "--output-format", "json")
    assert [f["severity"] for f in json.loads(done.stdout)["findings"]] == ["error"]
    (app / "bpopt.toml").write_text('select = ["BP104"]\n[per-file-ignores]\n"Apt*" = ["apt"]\n')
    assert bpopt(app, "check").returncode == 0


def test_show_files_and_statistics(app: Path) -> None:
    (app / "Procfile").write_text("web: gunicorn app:app\n")
    assert bpopt(app, "check", "--show-files").stdout.split() == ["Aptfile", "Procfile"]
    assert "BP104  duplicate-package" in bpopt(app, "check", *ONLY, "--statistics").stdout


def test_color_follows_the_environment(app: Path) -> None:
    assert "\x1b[" not in bpopt(app, "check", *ONLY).stdout
    assert "\x1b[" in bpopt(app, "check", *ONLY, FORCE_COLOR="1").stdout
    assert "\x1b[" not in bpopt(app, "check", *ONLY, NO_COLOR="1", FORCE_COLOR="").stdout
    assert "\x1b[" in bpopt(app, "check", *ONLY, "--color", "always", NO_COLOR="1").stdout


def test_help_version_and_completion(tmp_path: Path) -> None:
    assert "Exit codes" in bpopt(tmp_path, "--help").stdout
    assert bpopt(tmp_path, "--version").stdout.startswith("bpopt, version ")
    assert "_BPOPT_COMPLETE" in bpopt(tmp_path, "completion", "bash").stdout
    completed = bpopt(tmp_path, _BPOPT_COMPLETE="bash_complete", COMP_WORDS="bpopt che", COMP_CWORD="1")
    assert "check" in completed.stdout


COMPLETED = [
    ("check --output-format s", "sarif"),
    ("explain redun", "redundant-blas"),
    ("check --select BP104,dupl", "BP104,duplicate-package"),
    ("check --platform digi", "digitalocean"),
    ("check --stack heroku-26", "heroku-26"),
]


@pytest.mark.parametrize(("typed", "meant"), COMPLETED, ids=[typed for typed, _ in COMPLETED])
def test_bash_completes_what_is_typed(app: Path, typed: str, meant: str) -> None:
    """A real bash sources the script and asks it as it would at the press of the key."""
    own = Path(sys.executable).parent / "bpopt"
    script = (
        f"source <({own} completion bash)\n"
        f"COMP_WORDS=(bpopt {typed})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n"
        f'_bpopt_completion {own}\nprintf "%s\\n" "${{COMPREPLY[@]}}"\n'
    )
    done = subprocess.run(["bash", "-c", script], cwd=app, capture_output=True, text=True, check=False)
    assert meant in done.stdout.splitlines(), done.stdout + done.stderr


@pytest.mark.parametrize("typed", ["check Ap", "fix Ap", "check --baseline Ap", "check --config b"])
def test_the_shell_is_told_where_a_path_is_due(app: Path, typed: str) -> None:
    words = f"bpopt {typed}".split()
    asked = bpopt(
        app,
        _BPOPT_COMPLETE="bash_complete",
        COMP_WORDS="\n".join(words),
        COMP_CWORD=str(len(words) - 1),
    )
    assert asked.stdout.startswith("file,")


def test_a_closed_pipe_is_no_error(app: Path) -> None:
    (app / "Aptfile").write_text("cmake\n" * 3000)
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m bpopt check {' '.join(ONLY)} | head -1"],
        cwd=app,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""


def test_unreadable_names_and_bytes_are_told_without_a_traceback(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/\xff\xfe"
    os.mkdir(folder)
    with open(folder + b"/Aptfile", "wb") as file:
        file.write(b"caf\xe9\ncaf\xe9\ncmake\ncmake\n")
    for form in ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"):
        done = bpopt(tmp_path, "check", "--output-format", form)
        assert done.returncode == 1, (form, done.stderr)
        assert "Traceback" not in done.stderr
        assert "internal error" not in done.stderr


@pytest.mark.parametrize("columns", [80, 140])
def test_the_list_of_rules_fits_the_terminal(tmp_path: Path, columns: int) -> None:
    """In a terminal, where the table would leave its last column a word a line."""
    import pty

    main, end = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    command = [sys.executable, "-m", "bpopt", "rules", "--select", "spec"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=end, stderr=end, env=environment) as process:
        os.close(end)
        shown = _read_all(main)
    assert process.returncode == 0
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown.splitlines()]
    assert any("retired-stack" in line for line in lines)
    assert all(len(line) <= columns for line in lines)
    assert len(lines) < 70  # two lines a rule at the most


def _read_all(descriptor: int) -> str:
    """What comes until the other end closes, which a pseudo-terminal tells by an error."""
    text = b""
    try:
        while chunk := os.read(descriptor, 65536):
            text += chunk
    except OSError:
        pass
    os.close(descriptor)
    return text.decode()

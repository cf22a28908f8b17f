"""`bpopt verify` as a user runs it, on small real apps under real gunicorn."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bpopt.cli.running import require, seconds
from bpopt.settings import ConfigError

pytest.importorskip("gunicorn", reason="gunicorn runs the apps")

APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
"""
FAST = ("--budget", "8s", "--deadline", "20s", "--platform", "dokku", "-q")


def make(folder: Path, source: str = APP, procfile: str = "web: gunicorn app:app --workers 2\n") -> Path:
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(source)
    (folder / "Procfile").write_text(procfile)
    (folder / "requirements.txt").write_text("gunicorn\n")
    return folder


def run(*arguments: object, scratch: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "80", **({"TMPDIR": str(scratch)} if scratch else {})}
    return subprocess.run(
        [sys.executable, "-m", "bpopt", "verify", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
        env=environment,
    )


def test_the_whole_way_on_a_small_app(tmp_path: Path) -> None:
    app, scratch = make(tmp_path / "app"), tmp_path / "scratch"
    scratch.mkdir()
    done = run(app, *FAST, "--skip", "memory,load", scratch=scratch)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ App starts" in done.stdout
    assert "Startup" in done.stdout
    assert not any(scratch.iterdir())
    assert sorted(p.name for p in app.iterdir()) == ["Procfile", "app.py", "requirements.txt"]


def test_an_app_that_does_not_start_after_fails_and_says_why(tmp_path: Path) -> None:
    app = make(tmp_path / "app")
    other = make(tmp_path / "other", "import module_that_is_missing\n")
    done = run(app, *FAST, "--after", other, "--only", "boot,probe,load,memory")
    assert done.returncode == 1
    assert "module_that_is_missing" in done.stdout
    assert "probe skipped: after does not come up" in done.stdout
    assert "\nFailed: boot: after does not come up" in done.stdout


def test_other_answers_fail(tmp_path: Path) -> None:
    app = make(tmp_path / "app")
    other = make(tmp_path / "other", APP.replace("hello", "goodbye"))
    done = run(app, *FAST, "--after", other, "--only", "boot,probe")
    assert done.returncode == 1
    assert "probe failed" in done.stdout


def test_a_gate_of_the_configuration_decides(tmp_path: Path) -> None:
    app = make(tmp_path / "app")
    (app / "bpopt.toml").write_text("[verify.gates]\nmax_boot_seconds = 0.001\n")
    done = run(app, *FAST, "--only", "boot")
    assert done.returncode == 1
    assert "gate max_boot_seconds broken" in done.stdout
    (app / "bpopt.toml").write_text("[verify.gates]\nmax_boot_seconds = 30\n")
    assert run(app, *FAST, "--only", "boot").returncode == 0


def test_a_stored_result_can_be_compared_with(tmp_path: Path) -> None:
    app = make(tmp_path / "app")
    stored = tmp_path / "result.json"
    done = run(app, *FAST, "--only", "slug", "--output-format", "json", "--output", stored)
    assert done.returncode == 0
    assert json.loads(stored.read_text())["stages"][0]["name"] == "slug"
    (app / "big.bin").write_bytes(os.urandom(100_000))
    done = run(app, *FAST, "--only", "slug", "--compare", stored)
    assert done.returncode == 1
    assert "worse: Bytes that ship" in done.stdout


def test_a_missing_requirement_skips_what_runs_the_app_and_names_it(tmp_path: Path) -> None:
    app = make(tmp_path / "app")
    (app / "requirements.txt").write_text("gunicorn\nno-such-distribution==1\n")
    done = run(app, *FAST, "--only", "boot,slug")
    assert done.returncode == 0
    assert "no no-such-distribution: give the Python" in " ".join(done.stdout.split())
    assert run(app, *FAST, "--only", "boot").returncode == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "bot"), "did you mean 'boot'"),
        (("--budget", "soon"), "is no time"),
        (("--memory", "much"), "no amount of memory"),
        (("--env", "X"), "has no value"),
        (("--after", "no-such-state"), "no-such-state"),
        (("--python", "/no/python"), "/no/python is no Python"),
        (("--select", "BP9999"), "unknown rule"),
        (("--traffic", "none.toml"), "none.toml"),
        (("--compare", "none.json"), "none.json"),
        (("--output-format", "xml"), "xml"),
    ],
)
def test_mistakes_are_usage_errors(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    app = make(tmp_path / "app")
    done = run(app, "--only", "slug", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_an_app_is_nothing(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 3
    assert "nothing to verify" in done.stderr


def test_several_apps_in_a_folder_have_to_be_told_apart(tmp_path: Path) -> None:
    make(tmp_path / "all" / "one")
    make(tmp_path / "all" / "two")
    done = run(tmp_path / "all")
    assert done.returncode == 2
    assert "holds several apps" in done.stderr


def test_interrupting_leaves_nothing_behind(tmp_path: Path) -> None:
    app, scratch = make(tmp_path / "app"), tmp_path / "scratch"
    scratch.mkdir()
    order = [sys.executable, "-m", "bpopt", "verify", str(app), "-q", "--only", "boot,memory"]
    process = subprocess.Popen(order, env={**os.environ, "TMPDIR": str(scratch)}, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not any(scratch.glob("*/run/s*/log")) and time.monotonic() < until:
        time.sleep(0.05)
    marker = str(next(scratch.iterdir()))
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    until = time.monotonic() + 20
    while (_mentions(marker) or any(scratch.iterdir())) and time.monotonic() < until:
        time.sleep(0.1)
    assert _mentions(marker) == []
    assert not any(scratch.iterdir())


def _mentions(text: str) -> list[str]:
    """The processes that have a text in their command line or working folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().decode(errors="replace")
            place = os.readlink(entry / "cwd")
        except OSError:
            continue
        if text in line or text in place:
            found.append(f"{entry.name}: {line}")
    return found


@pytest.mark.parametrize(
    ("text", "value"), [("90", 90), ("90s", 90), ("1.5m", 90), ("2 min", 120), ("1h", 3600)]
)
def test_times(text: str, value: float) -> None:
    assert seconds(text, "--budget") == value


@pytest.mark.parametrize("text", ["", "0", "-1s", "1d", "s"])
def test_no_times(text: str) -> None:
    with pytest.raises(ConfigError):
        seconds(text, "--budget")


def test_what_is_not_installed_is_told_before_the_work() -> None:
    require("verify", "scipy")
    with pytest.raises(ConfigError, match=r"no_such_module not installed: pip install 'bpopt\[verify\]'"):
        require("verify", "no_such_module")

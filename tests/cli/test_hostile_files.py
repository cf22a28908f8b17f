"""Files that are none, or that nobody could read: a clear finding each, in bounded time."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.test_commands import bpopt


def found(folder: Path) -> list[tuple[str, str]]:
    done = bpopt(folder, "check", "--select", "BP003", "--output-format", "json")
    assert done.returncode == 1, done.stderr
    return [(finding["path"], finding["message"]) for finding in json.loads(done.stdout)["findings"]]


def test_what_stands_where_a_file_should_is_told(tmp_path: Path) -> None:
    (tmp_path / "Procfile").mkdir()
    os.mkfifo(tmp_path / "Aptfile")
    (tmp_path / ".slugignore").symlink_to("nowhere")
    (tmp_path / "runtime.txt").symlink_to("runtime.txt")
    (tmp_path / "app.json").symlink_to(".")
    assert found(tmp_path) == [
        (".slugignore", ".slugignore cannot be read: it is a link that leads nowhere"),
        ("Aptfile", "Aptfile cannot be read: it is a named pipe"),
        ("Procfile", "Procfile cannot be read: it is a folder"),
        ("app.json", "app.json cannot be read: it is a folder"),
        ("runtime.txt", "runtime.txt cannot be read: it is a link that leads nowhere"),
    ]


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "Procfile").touch(0)
    assert found(tmp_path) == [("Procfile", "Procfile cannot be read: its permissions do not let bpopt")]


@pytest.mark.parametrize(
    ("name", "size", "most"),
    [
        ("Procfile", 300_000, "65,536"),
        ("requirements.txt", 10_000_000, "4,194,304"),
        (".env", 10_000_000, "4,194,304"),
    ],
)
def test_a_file_of_no_sane_size_is_not_read(tmp_path: Path, name: str, size: int, most: str) -> None:
    (tmp_path / name).write_bytes(b"web: x\n" * (size // 7) + b"x" * (size % 7))
    said = f"{name} cannot be read: it has {size:,} bytes, and no such file has more than {most}"
    assert found(tmp_path) == [(name, said)]


def test_standard_input_of_no_sane_size_is_not_read_either(tmp_path: Path) -> None:
    done = bpopt(tmp_path, "check", "-", "--stdin-filename", "Procfile", stdin=b"a: b\n" * 60_000)
    assert "it has 300,000 bytes" in done.stdout


def test_a_line_of_no_sane_length_is_quoted_in_part(tmp_path: Path) -> None:
    (tmp_path / "Aptfile").write_text("- " * 30_000 + "x\n")
    done = bpopt(tmp_path, "check", "--select", "BP110", "--output-format", "json")
    (finding,) = json.loads(done.stdout)["findings"]
    assert len(finding["message"]) < 600
    assert finding["message"].startswith("- - -")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Aptfile", "lib{}\n"),
        ("Procfile", "web{}: gunicorn a:a --bogus\n"),
        (".slugignore", "a{}*\n"),
        ("runtime.txt", "- "),
    ],
)
def test_a_file_as_long_as_one_may_be_takes_seconds_and_not_minutes(
    tmp_path: Path, name: str, line: str
) -> None:
    """The bound is far above what it takes; before there was one, these took minutes and more."""
    import resource
    import subprocess
    import sys

    lines = (line.format(number) for number in range(65_536 // (len(line) + 4)))
    (tmp_path / name).write_text("".join(lines))
    command = [sys.executable, "-m", "bpopt", "check", "--output-format", "concise"]
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (20, 20))  # noqa: E731
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, preexec_fn=limit)
    assert done.returncode in (0, 1), done.stderr

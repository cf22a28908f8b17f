"""Writing: whole files or none, modes and links kept, and what a crash leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bpopt import writing


def test_writes_creates_and_removes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"gone")
    writing.write(
        str(tmp_path), {"a": b"new", "b": None, "c": b"fresh"}, {"a": b"old", "b": b"gone", "c": None}
    )
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a": b"new", "c": b"fresh"}


def test_mode_and_symlink_stay(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link = tmp_path / "Procfile"
    link.symlink_to("real")
    writing.write(str(tmp_path), {"Procfile": b"new"}, {"Procfile": b"old"})
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_new_file_gets_the_mode_that_the_umask_allows(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        writing.write(str(tmp_path), {"a": b"x"}, {"a": None})
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_nothing_is_written_if_a_file_changed_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"changed by someone")
    with pytest.raises(writing.WriteError, match="changed while bpopt"):
        writing.write(str(tmp_path), {"a": b"2", "b": b"2"}, {"a": b"1", "b": b"1"})
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]
    assert (tmp_path / "a").read_bytes() == b"1"


def test_all_or_none_when_a_later_rename_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(b"old")
    real_replace = os.replace

    def failing(source: str, target: str) -> None:
        if target.endswith("/c"):
            raise OSError(28, "No space left on device", target)
        real_replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(writing.WriteError, match="No space left"):
        writing.write(str(tmp_path), dict.fromkeys("abc", b"new"), dict.fromkeys("abc", b"old"))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == dict.fromkeys("abc", b"old")


@pytest.mark.parametrize("delay", [0.0, 0.002, 0.005, 0.01, 0.02])
def test_killed_at_any_moment_each_file_is_old_or_new(tmp_path: Path, delay: float) -> None:
    old, new = b"old\n" * 20_000, b"new!\n" * 20_000
    for name in "abcdef":
        (tmp_path / name).write_bytes(old)
    code = textwrap.dedent(
        """
        import sys
        from bpopt import writing
        old, new = b"old\\n" * 20_000, b"new!\\n" * 20_000
        print("go", flush=True)
        while True:
            writing.write(sys.argv[1], dict.fromkeys("abcdef", new), dict.fromkeys("abcdef", old))
            old, new = new, old
        """
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(delay + 0.001)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    for name in "abcdef":
        assert (tmp_path / name).read_bytes() in (old, new)

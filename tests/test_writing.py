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


def test_a_link_that_is_to_go_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    real = tmp_path / "shared.txt"
    real.write_bytes(b"python-3.12.1\n")
    link = tmp_path / "runtime.txt"
    link.symlink_to("shared.txt")
    writing.write(str(tmp_path), {"runtime.txt": None}, {"runtime.txt": real.read_bytes()})
    assert not link.is_symlink()
    assert real.read_bytes() == b"python-3.12.1\n"


def test_a_removed_link_comes_back_if_a_later_step_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "other").write_bytes(b"old")
    real_unlink = os.unlink

    def failing(path: str) -> None:
        if path.endswith("/other"):
            raise OSError(5, "Input/output error", path)
        real_unlink(path)

    monkeypatch.setattr(os, "unlink", failing)
    changes = {"link": None, "other": None}
    with pytest.raises(writing.WriteError, match="Input/output error"):
        writing.write(str(tmp_path), changes, dict.fromkeys(changes, b"old"))
    assert os.readlink(tmp_path / "link") == "real"


def test_new_files_come_first_and_removals_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that stops between runtime.txt and .python-version must not have lost the version."""
    for name in ("gone", "kept"):
        (tmp_path / name).write_bytes(b"old")
    order: list[str] = []
    commit = writing._commit

    def watched(step: writing._Step) -> None:
        order.append(os.path.basename(step.target))
        commit(step)

    monkeypatch.setattr(writing, "_commit", watched)
    changes = {"gone": None, "kept": b"new", "fresh": b"new"}
    writing.write(str(tmp_path), changes, {"gone": b"old", "kept": b"old", "fresh": None})
    assert order == ["fresh", "kept", "gone"]


def test_an_interrupt_between_two_renames_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"old")
    real_replace = os.replace

    def interrupted(source: str, target: str) -> None:
        if target.endswith("/b"):
            raise KeyboardInterrupt
        real_replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writing.write(str(tmp_path), dict.fromkeys("ab", b"new"), dict.fromkeys("ab", b"old"))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == dict.fromkeys("ab", b"old")


def test_a_disk_that_takes_no_more_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """The system itself refuses here: no file may grow beyond 40 bytes."""
    apt, procfile = b"cmake\ncmake\n", b"web: gunicorn app:app --max-requests 1000\n"
    (tmp_path / "Aptfile").write_bytes(apt)
    (tmp_path / "Procfile").write_bytes(procfile)
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40)); from bpopt.cli import run; "
        "sys.exit(run(['fix', '--select', 'BP104,BP303', '.']))"
    )
    command = [sys.executable, "-B", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].endswith("Procfile: File too large; nothing was changed in .")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"Aptfile": apt, "Procfile": procfile}


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(writing.WriteError, match="cannot write beside it: Permission denied"):
            writing.write(str(tmp_path), {"a": b"new"}, {"a": b"old"})
    finally:
        tmp_path.chmod(0o700)
    assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.skipif(os.getuid() != 0, reason="only root may give files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    os.chown(tmp_path / "a", 1234, 1234)
    writing.write(str(tmp_path), {"a": b"new"}, {"a": b"old"})
    assert (tmp_path / "a").stat().st_uid == 1234


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


REWRITE = textwrap.dedent(
    """
    import sys
    from bpopt import writing
    old, new = b"old\\n" * 20_000, b"new!\\n" * 20_000
    print("go", flush=True)
    while True:
        writing.write(sys.argv[1], dict.fromkeys("abc", new), dict.fromkeys("abc", old))
        old, new = new, old
    """
)


def test_killed_at_any_moment_each_file_is_old_or_new(tmp_path: Path) -> None:
    """What a kill leaves is what a reader sees at that moment: thousands of looks, then a real kill."""
    old, new = b"old\n" * 20_000, b"new!\n" * 20_000
    for name in "abc":
        (tmp_path / name).write_bytes(old)
    command = [sys.executable, "-c", REWRITE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seen = set()
        for look in range(100_000):
            seen |= {(tmp_path / name).read_bytes() for name in "abc"}
            if look > 4000 and len(seen) > 1:
                break
        process.send_signal(signal.SIGKILL)
    assert seen == {old, new}
    assert {(tmp_path / name).read_bytes() for name in "abc"} <= {old, new}

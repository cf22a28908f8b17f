"""What small files say is parsed once for all apps; nothing else is kept."""

from __future__ import annotations

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.documents import kept


def test_same_file_in_two_apps_is_parsed_once() -> None:
    one, two = (App(MemoryFiles({"Aptfile": b"ffmpeg\n"})) for _ in range(2))
    assert one.aptfile is not None
    assert one.aptfile is two.aptfile
    assert one.source("Aptfile") is two.source("Aptfile") is one.aptfile.source


def test_other_bytes_and_other_paths_are_other_files() -> None:
    first = kept.source("Aptfile", b"ffmpeg\n")
    assert kept.source("Aptfile", b"ffmpeg\r\n").text == "ffmpeg\r\n"
    assert kept.source("apt.txt", b"ffmpeg\n").path == "apt.txt"
    assert kept.document("apt_txt", first).packages == kept.document("aptfile", first).packages
    assert kept.document("procfile", first).unparsed != ()


def test_large_file_is_not_kept() -> None:
    raw = b"#" * (kept.SMALL + 1)
    source = kept.source("Aptfile", raw)
    assert kept.source("Aptfile", raw) is not source
    assert kept.document("aptfile", source) is not kept.document("aptfile", source)


def test_what_is_no_text_has_no_document() -> None:
    assert kept.document("aptfile", kept.source("Aptfile", b"\xff\xfef\0")) is None


def test_number_of_files_is_bounded() -> None:
    first = kept.source("Aptfile", b"first\n")
    for number in range(kept.KEPT):
        kept.source("Aptfile", str(number).encode())
    assert kept.source("Aptfile", b"first\n") is not first

"""What small files say is parsed once for all apps; nothing else is kept."""

from __future__ import annotations

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.documents import kept


def test_file_that_apps_share_is_parsed_once_from_the_second_app_on() -> None:
    first, second, third = (App(MemoryFiles({"Aptfile": b"shared-by-three\n"})) for _ in range(3))
    assert first.aptfile is not None
    assert second.aptfile is not None
    assert first.aptfile is not second.aptfile
    assert second.aptfile is third.aptfile
    assert second.source("Aptfile") is third.source("Aptfile") is third.aptfile.source


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
    first = [kept.source("Aptfile", b"first\n") for _ in range(3)]
    assert first[1] is first[2]
    for number in range(kept.KEPT):
        for _ in range(2):
            kept.source("Aptfile", f"number-{number}".encode())
    assert kept.source("Aptfile", b"first\n") is not first[1]

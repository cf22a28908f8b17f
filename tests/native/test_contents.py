"""File lists: what is read out of a Contents index, and found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpopt.native import contents, libraries

LINES = b"""\
usr/lib/x86_64-linux-gnu/libGL.so.1                         libs/libgl1
usr/lib/x86_64-linux-gnu/libGL.so.1.7.0                     libs/libgl1
usr/lib/x86_64-linux-gnu/libGL.so                           libdevel/libgl-dev
usr/lib/x86_64-linux-gnu/blas/libblas.so.3                  libs/libblas3
lib/x86_64-linux-gnu/libaio.so.1t64                         libs/libaio1t64
usr/lib/libshared.so.2                                      universe/libs/libone,libs/libtwo
usr/lib/x86_64-linux-gnu/libbfd-2.42-system.so              devel/libbinutils
usr/lib/x86_64-linux-gnu/libnvidia.so.1                     multiverse/libs/libnvidia
usr/lib32/libz.so.1                                         libs/lib32z1
usr/bin/tesseract                                           universe/graphics/tesseract-ocr
usr/bin/unrelated                                           utils/unrelated
usr/share/doc/x/lib.so.1                                    doc/x
""".splitlines(keepends=True)


def forget() -> None:
    for cached in (libraries._data, libraries.packages, libraries.contents):
        cached.cache_clear()


def read() -> dict[str, tuple[str, ...]]:
    return contents.read(LINES, frozenset({"bin/tesseract", "libGL.so"}))


def test_what_the_loader_finds_and_the_programs_asked_for() -> None:
    assert read() == {
        "libGL.so": ("libgl-dev",),
        "libGL.so.1": ("libgl1",),
        "libaio.so.1t64": ("libaio1t64",),
        "libshared.so.2": ("libone", "libtwo"),
        "libbfd-2.42-system.so": ("libbinutils",),
        "bin/tesseract": ("tesseract-ocr",),
    }


def test_a_list_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contents.write("noble", "2026-01-02", read(), str(tmp_path))
    monkeypatch.setattr(libraries, "FOLDER", str(tmp_path))
    forget()
    try:
        assert libraries.packages("libGL.so.1", "noble") == ("libgl1",)
        assert libraries.packages("libGL.so", "noble") == ("libgl-dev",)
        assert libraries.packages("lib*", "noble") == (
            "libgl-dev",
            "libgl1",
            "libaio1t64",
            "libbinutils",
            "libone",
            "libtwo",
        )
        assert libraries.packages("libGL.so.1", "jammy") is None
        assert libraries.contents("libone", "noble") == ("libshared.so.2",)
        assert libraries.date("noble") == "2026-01-02"
    finally:
        forget()


@pytest.mark.parametrize("suite", ["jammy", "noble", "resolute", "bookworm"])
def test_the_shipped_lists(suite: str) -> None:
    assert libraries.packages("libc.so.6", suite) == ("libc6",)
    assert libraries.packages("libGL.so.1", suite) == ("libgl1",)
    assert libraries.packages("bin/ffmpeg", suite) == ("ffmpeg",)
    assert libraries.date(suite).startswith("20")


@pytest.mark.parametrize("name", ["", "\n", "libGL", "../../etc/passwd", "#"])
def test_odd_names_are_in_no_package(name: str) -> None:
    assert libraries.packages(name, "noble") == ()
    assert libraries.packages("libc.so.6", f"../{name}") is None

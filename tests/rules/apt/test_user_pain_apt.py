"""Deployments that failed over their apt list, each in the smallest app that shows it."""

from __future__ import annotations

import pytest

from tests.rules.apps import caught, found, mended


@pytest.mark.parametrize("package", ["libblas3", "liblapack3", "libopenblas0", "gdal-bin"])
def test_row_07_libblas_cannot_be_opened(package: str) -> None:
    assert caught({"Aptfile": f"{package}\n"}, "BP116", "heroku").severity.value == "warning"


@pytest.mark.parametrize(
    ("old", "new", "stack"),
    [("libgl1-mesa-glx", "libgl1", "heroku-24"), ("libasound2", "libasound2t64", "heroku-24")],
)
def test_row_08_unable_to_locate_package_after_a_stack_upgrade(old: str, new: str, stack: str) -> None:
    files = {"Aptfile": f"# graphics\n{old}\n"}
    assert caught(files, "BP105", stack).severity.value == "error"
    assert not [f for f in found(files, "heroku-22") if f.code == "BP105"]
    assert mended(files, stack, select="BP105", unsafe=False) == {"Aptfile": f"# graphics\n{new}\n"}


def test_row_09_libatlas_has_no_installation_candidate() -> None:
    files = {"Aptfile": "libatlas-base-dev\n"}
    assert caught(files, "BP105", "heroku-26").severity.value == "error"
    assert not [f for f in found(files, "heroku-24") if f.code == "BP105"]


def test_row_20_an_empty_aptfile() -> None:
    assert caught({"Aptfile": "# for later\n\n"}, "BP117", "heroku").severity.value == "info"


def test_row_38_obsolete_names_of_pango_and_gdk_pixbuf() -> None:
    assert caught({"Aptfile": "libpango1.0-0\n"}, "BP105", "heroku-24").severity.value == "error"
    finding = caught({"Aptfile": "libgdk-pixbuf2.0-0\n"}, "BP105", "heroku-26")
    assert finding.severity.value == "error"
    assert mended({"Aptfile": "libgdk-pixbuf2.0-0\n"}, "heroku-26", select="BP105", unsafe=False) == {
        "Aptfile": "libgdk-pixbuf-2.0-0\n"
    }


def test_row_38_what_weasyprint_needs_is_in_the_image() -> None:
    files = {"Aptfile": "libpango-1.0-0\nlibcairo2\n"}
    own = [f for f in found(files, "heroku-24") if f.code == "BP103"]
    assert [f.source.text[slice(*f.span)] for f in own] == ["libpango-1.0-0", "libcairo2"]


def test_row_08_names_that_the_next_stack_refuses_are_told_before() -> None:
    finding = caught({"Aptfile": "libgl1-mesa-glx\n"}, "BP106", "heroku-22")
    assert (finding.severity.value, finding.fix is not None) == ("info", True)


def test_inline_comment_several_names_and_carriage_return_by_platform() -> None:
    files = {"Aptfile": "cmake curl\r\nlibpq-dev # db\r\n"}
    codes = {
        p: {f.code for f in found(files, p) if f.severity.value == "error"}
        for p in ("heroku", "digitalocean")
    }
    assert codes["heroku"] == {"BP107", "BP109"}
    assert codes["digitalocean"] == {"BP107", "BP108", "BP109"}
    fixed = mended(files, "heroku", "digitalocean", select="apt", unsafe=False)
    assert fixed == {"Aptfile": "cmake\ncurl\n# db\nlibpq-dev\n"}


@pytest.mark.parametrize(
    ("stack", "library"), [("heroku-22", "libblas.so.3"), ("heroku-26", "libpulsecommon")]
)
def test_row_07_ffmpeg_from_an_apt_list(stack: str, library: str) -> None:
    finding = caught({"Aptfile": "ffmpeg\n"}, "BP116", stack)
    assert (finding.severity.value, library in finding.message) == ("warning", True)
    assert "pulseaudio" in finding.help


def test_row_09_libatlas_in_the_lists_of_other_platforms() -> None:
    streamlit = {"packages.txt": "libatlas-base-dev\n", "requirements.txt": "streamlit\n"}
    assert caught(streamlit, "BP127", "heroku").severity.value == "info"
    binder = {"binder/apt.txt": "libgl1-mesa-glx\n"}
    assert caught(binder, "BP127", "heroku").severity.value == "error"
    assert not [f for f in found({"packages.txt": "libatlas-base-dev\n"}, "heroku") if f.code == "BP127"]


@pytest.mark.parametrize(
    ("text", "severity"), [("ibsm6\n", "warning"), ("alsa-lib\n", "warning"), ("django\n", "error")]
)
def test_row_08_a_name_that_no_stack_has_is_told_without_a_platform(text: str, severity: str) -> None:
    assert caught({"Aptfile": text}, "BP105").severity.value == severity
    assert not [f for f in found({"Aptfile": "libgl1-mesa-glx\n"}) if f.severity.value == "error"]

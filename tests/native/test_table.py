"""What the shipped table answers, held against facts that were found by other means."""

from __future__ import annotations

import pytest

from bpopt import rules
from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.targets import Target, told
from bpopt.native import curated, rows, table
from bpopt.native.rows import Need


def app(requirements: str, **files: str) -> App:
    contents = {"requirements.txt": requirements.encode(), **{k: v.encode() for k, v in files.items()}}
    return App(MemoryFiles(contents), "")


def target(stack: str) -> Target:
    (only,) = told((stack,), None, None, "test")
    return only


def missing(requirements: str, stack: str = "heroku-24", **files: str) -> list[tuple[str, str, str]]:
    found = table.missing(app(requirements, **files), target(stack))
    return [(item.through[-1], item.need.soname, item.package) for item in found]


@pytest.mark.parametrize("stack", ["heroku-22", "heroku-24", "heroku-26"])
@pytest.mark.parametrize("version", ["4.5.5.64", "4.10.0.84", "4.14.0.94", "5.0.0.93"])
def test_opencv_with_windows_lacks_libgl_and_the_headless_one_nothing(stack: str, version: str) -> None:
    assert missing(f"opencv-python=={version}\n", stack) == [("opencv-python", "libGL.so.1", "libgl1")]
    assert not missing(f"opencv-python-headless=={version}\n", stack)


def test_what_the_apt_list_brings_is_not_missing() -> None:
    assert not missing("opencv-python\n", Aptfile="libgl1\n")
    assert not missing("opencv-python\n", Aptfile="libgtk-3-dev\n"), "it brings libgl1 along"
    assert missing("opencv-python\n", Aptfile="libsm6\n")
    assert not missing("opencv-python\n", Aptfile="https://example.org/a.deb\n"), "who knows what is in it"
    assert not missing("opencv-python\n", Aptfile="no-such-package\n"), "apt refuses that: nothing works"


def test_x_session_libraries_are_needed_by_a_plugin_alone() -> None:
    parts = {need.soname: need.part for need in table.needs("opencv-python", "5.0.0.93")}
    assert parts["libGL.so.1"] == ""
    assert parts["libSM.so.6"].startswith("libQt5XcbQpa")
    assert parts["libICE.so.6"].startswith("libQt5XcbQpa")


@pytest.mark.parametrize(
    ("name", "soname", "package"),
    [("pyodbc", "libodbc.so.2", "libodbc2"), ("pytesseract", "tesseract", "tesseract-ocr")],
)
def test_what_is_in_no_run_image(name: str, soname: str, package: str) -> None:
    assert missing(f"{name}\n") == [(name, soname, package)]
    assert not missing(f"{name}\n", Aptfile=f"{package}\n")


@pytest.mark.parametrize(
    "name",
    [
        "psycopg2-binary",
        "psycopg2",
        "python-magic",
        "weasyprint",
        "lxml",
        "pillow",
        "scipy",
        "numpy",
        "pandas",
    ],
)
def test_the_run_image_has_what_these_need(name: str) -> None:
    assert table.certainty(name) != "unknown"
    assert not missing(f"{name}\n")


def test_a_limit_of_versions() -> None:
    assert missing("soundfile==0.10.3.post1\n") == [("soundfile", "libsndfile.so.1", "libsndfile1-dev")]
    assert not missing("soundfile==0.14.0\n")
    assert [need.soname for need in table.needs("soundfile", "0.10.3.post1")] == ["libsndfile.so.1"]
    assert not table.needs("soundfile", "0.12.1")
    assert not table.needs("soundfile")


def test_find_library_needs_the_link_name_of_what_an_apt_list_unpacks() -> None:
    """Measured with CPython 3.11 to 3.13: ldconfig's cache does not have it, and `ld -lzbar` wants libzbar.so."""
    assert missing("pyzbar\n") == [("pyzbar", "libzbar.so.0", "libzbar-dev")]
    assert missing("pyzbar\n", Aptfile="libzbar0t64\n")
    assert not missing("pyzbar\n", Aptfile="libzbar-dev\n")
    assert table.given(Need("libmagic.so.1", "find", "", ""), "heroku-24"), (
        "the image's own library is in the cache"
    )


def test_needs_come_through_what_is_required() -> None:
    found = table.missing(app("pocketsphinx\n"), target("heroku-24"))
    assert [(item.through, item.need.soname) for item in found] == [
        (("pocketsphinx", "sounddevice"), "libportaudio.so.2")
    ]


def test_unknown_is_not_nothing() -> None:
    assert table.certainty("no-such-distribution") == "unknown"
    assert table.needs("no-such-distribution") == ()
    assert table.loads(app("no-such-distribution\n")).unknown == ("no-such-distribution",)


def test_certainty_tells_a_wheel_that_was_read_from_its_neighbours() -> None:
    assert table.certainty("pyodbc", "5.3.0") == "exact"
    assert table.certainty("pyodbc", "5.2.0") == "near"
    assert table.certainty("pyaudio", "0.2.14") == "read"


def test_images_of_relatives_are_not_exact() -> None:
    (item,) = table.missing(app("pyodbc\n"), target("digitalocean"))
    assert not item.exact
    (item,) = table.missing(app("pyodbc\n"), target("heroku-22"))
    assert item.exact


def test_a_stack_without_lists_answers_nothing() -> None:
    assert table.given(Need("libGL.so.1", "link", "", ""), "heroku-20") is None
    assert not missing("pyodbc\n", "heroku-20")
    assert table.provider("libGL.so.1", "no-such-stack") is None


def test_providers_on_the_stacks() -> None:
    assert table.provider("libzbar.so.0", "heroku-22") == "libzbar0"
    assert table.provider("libzbar.so.0", "heroku-24") == "libzbar0t64"
    assert table.provider("libMagickWand-*", "heroku-26") == "libmagickwand-7.q16-10"
    assert table.provider("ffmpeg", "heroku-24", via="program") == "ffmpeg"
    assert table.provider("libblas.so.3", "heroku-24") is None, (
        "behind alternatives: not where the loader looks"
    )


def test_a_line_that_nothing_loads_is_told_only_when_all_is_known() -> None:
    there = target("heroku-24")
    known = app("psycopg2==2.9.10\n", Aptfile="libgsl27\nlibpq5\n")
    assert not table.loads(known).unknown
    assert table.wanted_by(known, there, 0) == ()
    assert table.wanted_by(known, there, 1) == ("libpq.so.5",)
    unknown = app("psycopg2==2.9.10\nsomething\n", Aptfile="libgsl27\n")
    assert table.wanted_by(unknown, there, 0) is None
    bundle = app("pyodbc\n", Aptfile="unixodbc\n")
    assert "libodbc.so.2" in (table.wanted_by(bundle, there, 0) or ()), "it brings libodbc2 along"


def test_the_table_is_as_large_as_it_is_said_to_be() -> None:
    read = [rows.parse(line) for line in rows.table().split("\n")[1:] if line]
    native = {row.name for row in read if row.by_hand or not row.origin.endswith("none-any.whl")}
    assert len(native) >= 150
    assert len(read) == len(set(read))
    assert rows.checked().startswith("20")


def test_every_row_is_found_by_its_name() -> None:
    for line in rows.table().split("\n")[1:]:
        if line:
            row = rows.parse(line)
            assert row in rows.of(row.name)
            assert rows.render(row) == line


def test_the_table_holds_what_is_written_by_hand() -> None:
    for entry in curated.entries():
        for name in entry.names:
            by_hand = {need.soname for row in rows.of(name) if row.by_hand for need in row.needs}
            assert {need.partition(":")[2] for need in entry.needs + entry.may} <= by_hand, (
                f"make the table anew: {name}"
            )
            assert entry.source.startswith("https://")


def test_the_rule_is_asked_wherever_the_table_knows_something_missing() -> None:
    """`words` of the registry spare the import of the rule; they must name all that leads to a finding."""
    words = rules.index()["BP718"].words
    names = {line.partition("\t")[0] for line in rows.table().split("\n")[1:] if line}
    for name in sorted(names):
        for stack in ("heroku-22", "heroku-24", "heroku-26"):
            for version in (None, "0.0.1"):
                needs = [need for need in table.needs(name, version) if not need.part]
                lacks = [need for need in needs if table.given(need, stack) is False]
                compiled = table.certainty(name) == "read" and all(need.via == "link" for need in lacks)
                if lacks and not compiled and not name.startswith("opencv"):
                    assert any(word in name for word in words), name

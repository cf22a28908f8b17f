"""The shipped catalogs: look-ups, odd names, and that the table of renamed names agrees with them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpopt.apt import build, catalog, images, names, resolved, stacks, update
from bpopt.apt.catalog import Catalog

SUITES = ("bookworm", "jammy", "noble", "resolute", "trixie")


def shipped(suite: str) -> Catalog:
    return Catalog(os.path.join(catalog.SHIPPED, f"{suite}.sqlite"))


@pytest.mark.parametrize("suite", SUITES)
def test_a_shipped_catalog_says_where_it_comes_from(suite: str) -> None:
    found = shipped(suite)
    assert found.suite == suite
    assert found.meta["verified"] == "signature"
    assert found.date >= "2026-11-01"
    assert len(found) > 50_000
    assert all(url.startswith("http://") for url in found.meta["source"].split())


def test_the_shipped_catalogs_are_small_in_a_wheel() -> None:
    packed = sum(len(zlib.compress(Path(shipped(suite).path).read_bytes())) for suite in SUITES)
    assert packed < 8_000_000


def test_look_ups() -> None:
    noble = shipped("noble")
    assert noble.exists("libgl1")
    assert not noble.exists("libgl1-mesa-glx")
    assert noble.exists("librust-serde-dev")
    assert noble.package("librust-serde-dev") is None
    assert noble.resolve("libasound-dev") == "libasound2-dev"
    assert noble.resolve("libasound2") is None
    assert set(noble.provided("libasound2")) == {"libasound2t64", "liboss4-salsa-asound2"}
    assert ("libice6",) in noble.depends("libsm6")
    package = noble.package("libgtk-3-dev")
    assert package is not None
    assert package.development
    assert not package.transitional
    assert package.size > 100_000
    assert noble.at(package.number) is package


@pytest.mark.parametrize("suite", SUITES)
def test_what_an_image_has_stands_in_the_catalog_as_its_names_say(suite: str, tmp_path: Path) -> None:
    found = shipped(suite)
    place = {name: number for number, name in enumerate(found.names())}
    listed = [images.image(stack.name, "build") for stack in stacks.all_stacks() if stack.suite == suite]
    named = {image.packages for image in listed if image is not None}
    query = "SELECT digest, data FROM image ORDER BY digest"
    with closing(sqlite3.connect(tmp_path / "again.sqlite")) as written:
        build.put_images(written, suite, list(place))
        made = written.execute(query).fetchall()
    with closing(sqlite3.connect(found.path)) as kept:
        assert kept.execute(query).fetchall() == made
    assert len(made) == len(named)
    for packages in named:
        assert found.present(packages) == {place[name] for name in packages if name in place}


def test_a_list_that_is_no_image_is_looked_up() -> None:
    assert shipped("noble").present(frozenset({"libsm6", "no-such-package"})) == {
        shipped("noble").number("libsm6")
    }


def test_names_are_all_found_again() -> None:
    noble = shipped("noble")
    everything = list(noble.names())
    assert everything == sorted(everything)
    assert len(everything) == len(noble)
    for number in range(0, len(noble), 499):
        assert noble.number(everything[number]) == number
        assert noble.at(number).name == everything[number]


@given(st.one_of(st.text(), st.from_regex(r"[a-z0-9][a-z0-9+.:=/*?-]{0,20}", fullmatch=True)))
def test_odd_names_never_raise(name: str) -> None:
    noble = shipped("noble")
    noble.exists(name)
    noble.provided(name)
    noble.resolve(name)
    noble.depends(name)
    noble.package(name)
    names.renamed(name, "heroku-24")
    assert catalog.for_suite(name) is None or name in SUITES


@pytest.mark.parametrize(
    "odd", ["", " ", "-y", "#", "foo bar", "[", "(", "*libarchive13*", "a" * 300, "\0", "é", "x=", "/"]
)
def test_odd_arguments_never_raise(odd: str) -> None:
    shipped("bookworm").closure([odd])


def test_the_nearest_suite_stands_in_and_says_so() -> None:
    exact, near = catalog.for_stack("heroku-24"), catalog.for_stack("heroku-20")
    assert exact is not None
    assert exact.exact
    assert exact.suite == "noble"
    assert near is not None
    assert not near.exact
    assert near.suite == "jammy"
    assert catalog.for_stack("heroku-99") is None
    assert catalog.for_stack(None) is None


@pytest.mark.parametrize("suite", SUITES)
def test_the_table_of_names_agrees_with_the_index(suite: str) -> None:
    index, table = shipped(suite), names._table()
    for name in {**table.names, **table.series}:
        found = names.renamed(name, suite)
        providers = index.provided(name)
        if index.number(name) is not None:
            assert found is None, name
        elif found is not None:
            assert found.kind == ("renamed" if len(providers) == 1 else "gone"), name
            assert all(index.resolve(new) for new in found.new), name


def test_a_broken_catalog_of_the_user_gives_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = tmp_path / "bpopt" / "apt"
    folder.mkdir(parents=True)
    (folder / "noble.sqlite").write_text("not a database")
    catalog.for_suite.cache_clear()
    try:
        found = catalog.for_suite("noble")
        assert found is not None
        assert found.path.startswith(catalog.SHIPPED)
        assert [entry.suite for entry in update.available()] == list(SUITES)
    finally:
        catalog.for_suite.cache_clear()


def test_every_stack_has_a_catalog() -> None:
    for stack in stacks.all_stacks():
        assert catalog.for_stack(stack.name) is not None


def test_nothing_is_opened_before_it_is_asked_for() -> None:
    code = (
        "import sys; from bpopt.apt import catalog, images, names, plan; catalog.for_stack('nonsense');"
        "print([name for name in ('sqlite3', 'rich', 'subprocess', 'lzma', 'tomli') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_reading_writes_nothing(tmp_path: Path) -> None:
    copy = tmp_path / "noble.sqlite"
    copy.write_bytes(Path(shipped("noble").path).read_bytes())
    copy.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        assert Catalog(str(copy)).closure(["libsm6"]).packages
        assert os.listdir(tmp_path) == ["noble.sqlite"]
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.parametrize("suite", ["jammy", "noble", "resolute"])
def test_common_names_are_found_as_all_others(suite: str) -> None:
    """What a catalog keeps of the names that apps list often is what its blocks say."""
    kept = shipped(suite)
    plain = catalog.Catalog(kept.path)
    plain._known.update(dict.fromkeys(resolved.common(), ()))
    found = [name for name in resolved.common() if kept._common(name)]
    assert len(found) > 300
    for name in resolved.common():
        assert kept.number(name) == plain.number(name)
        assert kept.excluded_by(name) == plain.excluded_by(name)
    for name in ("", "no-such-package", "cmake 1", "cmake\ngcc", "\udc80"):
        assert kept._common(name) == ()
        assert kept.excluded_by(name) == frozenset()

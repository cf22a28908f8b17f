"""Closures that were chosen when a catalog was built are those that would be chosen now."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bpopt.apt import catalog, images, resolved, solver
from bpopt.apt.catalog import Catalog


@pytest.mark.parametrize("stack", ["heroku-22", "heroku-24", "heroku-26"])
def test_what_is_kept_is_what_would_be_chosen(stack: str) -> None:
    found, image = catalog.for_stack(stack), images.image(stack, "build")
    assert found is not None
    assert image is not None
    path = found.path
    kept = 0
    for name in resolved.common():
        chosen = solver.install(found, [name], installed=image.packages)
        read = resolved.find(Catalog(path), name, image.packages)
        assert (read is not None) == resolved.can_be_kept(chosen), name
        if read is not None:
            kept += 1
            assert (read.chosen, read.selected, list(read.ways.items())) == (
                chosen.chosen,
                chosen.selected,
                list(chosen.ways.items()),
            )
            assert (read.size, read.unpacked) == (chosen.size, chosen.unpacked)
            assert (read.unknown, read.broken, read.removed) == ((), (), ())
            assert read.because == chosen.because
    assert kept > 100
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM closure").fetchone() == (kept,)


def test_nothing_is_kept_for_other_names_images_and_old_catalogs() -> None:
    noble, image = catalog.for_suite("noble"), images.image("heroku-24", "build")
    assert noble is not None
    assert image is not None
    assert resolved.find(noble, "libgtk-3-dev", image.packages) is not None
    for name in ("no-such-package", "", "\0", "\udc80", "é"):
        assert resolved.find(noble, name, image.packages) is None
    assert resolved.find(noble, "libgtk-3-dev", frozenset({"bash"})) is None
    assert resolved.find(noble, "libgtk-3-dev", frozenset()) is None

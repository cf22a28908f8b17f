"""Did you mean: names that do not exist on noble, and what was meant."""

from __future__ import annotations

import pytest

from bpopt.apt import catalog
from bpopt.apt.nearest import nearest


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("libicu66", "libicu74"),
        ("libxml-dev", "libxml2-dev"),
        ("libgtk3-dev", "libgtk-3-dev"),
        ("libsndfile-dev", "libsndfile1-dev"),
        ("libjpg-dev", "libjpeg-dev"),
        ("libpq", "libpq5"),
        ("tesseract", "tesseract-ocr"),
        ("postgres-client", "postgresql-client"),
        ("imagemagik", "imagemagick"),
        ("chromium-chromdriver", "chromium-chromedriver"),
        ("ffmepg", "ffmpeg"),
        ("Libpq_dev", "libpq-dev"),
        ("nosuchthing", None),
        ("python-pyodbc", None),
        ("tesseract-ocr-dev", None),
        ("requests", None),
        ("", None),
        ("l", None),
    ],
)
def test_what_was_meant(name: str, meant: str | None) -> None:
    index = catalog.for_suite("noble")
    assert index is not None
    assert nearest(name, index) == meant


@pytest.mark.parametrize("prefix", ["libpq", "zz", "0", "zzzz", "libpq5", "~"])
def test_names_that_begin_so_are_those_of_the_whole_index(prefix: str) -> None:
    index = catalog.for_suite("noble")
    assert index is not None
    assert index.beginning(prefix) == [name for name in index.names() if name.startswith(prefix)]

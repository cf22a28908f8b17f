"""The bar: on bookworm, bpopt chooses the packages that apt chooses, in at least 99.5 % of the cases.

Real apt, with state, cache and status of its own, reads the archive; the catalog is built from the same lists.
300 names one by one, and samples on an image and without recommended packages; BPOPT_APT_ALL=1 compares all of
the names of `common.txt` and more lists (a quarter of an hour), BPOPT_APT_LISTS=FOLDER each Aptfile below a folder.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bpopt.apt import resolved
from bpopt.apt.catalog import Catalog
from bpopt.documents import aptfile
from bpopt.text import Source
from tests.apt.real_apt import Apt, status_of

pytestmark = [pytest.mark.rare, pytest.mark.usefixtures("needs_apt")]

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SOURCES = "".join(
    f"deb [signed-by={KEYRING}] http://deb.debian.org/{archive} {suite} main\n"
    for archive, suite in (
        ("debian", "bookworm"),
        ("debian", "bookworm-updates"),
        ("debian-security", "bookworm-security"),
    )
)
NAMES = resolved.common()
# An image to build on: what a build image has, brought by these.
IMAGE = """
bash coreutils dpkg apt tar gzip sed grep findutils util-linux init-system-helpers debianutils hostname
ncurses-bin login base-files base-passwd bsdutils dash diffutils libc-bin perl-base sysvinit-utils
build-essential cmake autoconf git curl imagemagick ghostscript poppler-utils python3-dev libpq-dev
libxml2-dev libxslt1-dev libffi-dev libjpeg-dev libssl-dev libcurl4-openssl-dev libmagickwand-dev
libcairo2-dev default-libmysqlclient-dev libx11-dev libsm6 libxext6 libxrender1 fontconfig libnss3 cron
"""
EVERYTHING = bool(os.environ.get("BPOPT_APT_ALL"))


@pytest.fixture(scope="module")
def bookworm(tmp_path_factory: pytest.TempPathFactory) -> Apt:
    if not os.path.exists(KEYRING):
        pytest.skip("the Debian keyring is not here")
    apt = Apt(tmp_path_factory.mktemp("bookworm"), SOURCES)
    if not apt.update():
        pytest.skip("the Debian archive cannot be reached")
    return apt


@pytest.fixture(scope="module")
def catalog(bookworm: Apt) -> Catalog:
    return bookworm.catalog()


def joint(catalog: Catalog) -> list[list[str]]:
    """Random lists of names that exist."""
    chance = random.Random(4)
    known = [name for name in NAMES if catalog.resolve(name)]
    return [chance.sample(known, chance.randint(2, 25)) for _ in range(60 if EVERYTHING else 3)]


def test_names_one_by_one(bookworm: Apt, catalog: Catalog) -> None:
    names = NAMES if EVERYTHING else random.Random(7).sample(NAMES, 300)
    agrees(bookworm, catalog, [[name] for name in names])


@pytest.mark.parametrize("image", ["", IMAGE], ids=["empty", "image"])
@pytest.mark.parametrize("recommends", [True, False], ids=["recommends", "bare"])
def test_on_an_image_and_without_recommended_packages(
    bookworm: Apt, catalog: Catalog, image: str, recommends: bool
) -> None:
    installed = [package.name for package in catalog.closure(image.split(), recommends=False).packages]
    bookworm.status(status_of(installed, bookworm.lists()))
    bookworm.run("gencaches", tool="apt-cache")
    names = NAMES if EVERYTHING else random.Random(4).sample(NAMES, 12)
    agrees(bookworm, catalog, [[name] for name in names] + joint(catalog), installed, recommends)


@pytest.mark.skipif("BPOPT_APT_LISTS" not in os.environ, reason="BPOPT_APT_LISTS names no folder of apps")
def test_whole_lists_of_public_apps(bookworm: Apt, catalog: Catalog) -> None:
    paths = sorted(Path(os.environ["BPOPT_APT_LISTS"]).rglob("Aptfile"))
    lists = [aptfile.parse(Source(path.name, path.read_bytes())) for path in paths]
    names = [list(dict.fromkeys(word.text for word in found.packages)) for found in lists if found.packages]
    assert names
    agrees(
        bookworm,
        catalog,
        names + [known for one in names if (known := [n for n in one if catalog.resolve(n)])],
    )


def test_what_apt_would_fetch_is_what_it_would_install(bookworm: Apt) -> None:
    """`--print-uris`, which the comparison uses as it is fast, against the `-s` of the bar."""
    for names in (["curl"], ["libgl1-mesa-glx", "tesseract-ocr"], ["no-such-package"]):
        assert bookworm.fetch(names) == bookworm.install(names)


def agrees(
    apt: Apt, catalog: Catalog, cases: list[list[str]], installed: Iterable[str] = (), recommends: bool = True
) -> None:
    """Compare each case, two at a time; at most one in 200 may differ."""
    with ThreadPoolExecutor(2) as pool:
        theirs = list(pool.map(lambda names: fetched(apt, names, recommends), cases))
    found = [catalog.closure(names, installed=installed, recommends=recommends) for names in cases]
    ours = [None if one.unknown or one.broken else {p.name for p in one.packages} for one in found]
    differing = [names for names, mine, other in zip(cases, ours, theirs, strict=True) if mine != other]
    assert len(differing) <= 0.005 * len(cases), differing


def fetched(apt: Apt, names: list[str], recommends: bool) -> set[str] | None:
    return apt.fetch(names, "-o", f"APT::Install-Recommends={'true' if recommends else 'false'}")


@pytest.fixture(autouse=True)
def _empty_image_again(bookworm: Apt) -> Iterator[None]:
    yield
    bookworm.status("")

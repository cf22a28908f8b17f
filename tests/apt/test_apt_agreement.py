"""The bar: on bookworm, bpopt chooses the packages that apt chooses, in at least 99.5 % of the cases.

Real apt, with state, cache and status of its own, reads the archive; the catalog is built from the same lists.
By default a sample is compared; BPOPT_APT_ALL=1 compares all of `common_names.txt` and more lists (a quarter of
an hour).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bpopt.apt.catalog import Catalog
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
NAMES = (Path(__file__).parent / "common_names.txt").read_text().split()
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


def cases(catalog: Catalog) -> list[list[str]]:
    chance = random.Random(4)
    known = [name for name in NAMES if catalog.resolve(name)]
    joint = [chance.sample(known, chance.randint(2, 25)) for _ in range(60 if EVERYTHING else 2)]
    return [[name] for name in (NAMES if EVERYTHING else chance.sample(NAMES, 12))] + joint


@pytest.mark.parametrize("image", ["", IMAGE], ids=["empty", "image"])
@pytest.mark.parametrize("recommends", [True, False], ids=["recommends", "bare"])
def test_agrees_with_apt(bookworm: Apt, catalog: Catalog, image: str, recommends: bool) -> None:
    installed = [package.name for package in catalog.closure(image.split(), recommends=False).packages]
    bookworm.status(status_of(installed, bookworm.lists()))
    bookworm.run("gencaches", tool="apt-cache")
    compared = cases(catalog)
    differing = [names for names in compared if differs(bookworm, catalog, names, installed, recommends)]
    assert len(differing) <= 0.005 * len(compared), differing


def differs(apt: Apt, catalog: Catalog, names: list[str], installed: list[str], recommends: bool) -> bool:
    option = f"APT::Install-Recommends={'true' if recommends else 'false'}"
    found = catalog.closure(names, installed=installed, recommends=recommends)
    ours = None if found.unknown or found.broken else {package.name for package in found.packages}
    return ours != apt.install(names, "-o", option)


@pytest.fixture(autouse=True)
def _empty_image_again(bookworm: Apt) -> Iterator[None]:
    yield
    bookworm.status("")

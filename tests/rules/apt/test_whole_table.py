"""Every name that Ubuntu has dropped or renamed in the releases under the stacks: what the rules say of it, by stack.

The archive of each stack, whose index is shipped, is asked what holds; the rules must say the same, and what to write.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from bpopt.apt import catalog
from tests.rules.apps import found

STACKS = ("heroku-22", "heroku-24", "heroku-26")
# Names that people list, collected 2026-11-23.
_LISTED = """
libatlas-base-dev libatlas3-base libgl1-mesa-glx libasound2 libglib2.0-0 libgtk-3-0 libgtk2.0-0 libatk1.0-0
libatk-bridge2.0-0 libatspi2.0-0 libcups2 libmagic1 libcurl4 libssl3 libpng16-16 libreadline8 libmemcached11 libvips42
libevent-2.1-7 libuv1 libnettle8 libgnutls30 libelf1 libdb5.3 libgdbm6 libxt6 libpoppler-glib8 libarchive13 libpsl5
libtirpc3 libnpth0 libev4 libhashkit2 libkdb5-10 libhdf5-103-1 libhdf5-103 libzip4 libicu66 libicu70 libicu74 libssl1.1
libffi7 libtiff5 libtiff5-dev libwebp6 libldap-2.4-2 libldap-2.5-0 libldap2-dev libmysqlclient21 libxml2
libmagickwand-6.q16-6 libmagickcore-6.q16-6 libgdk-pixbuf2.0-0 libpango1.0-0 pkg-config libncurses5-dev
libncursesw5-dev libpcre3 libpcre3-dev libtheora0 libpoppler97 libpoppler118 libvpx6 libvpx7 libx264-155 libx264-163
libx265-199 libdav1d5 libopenexr25 libilmbase25 libilmbase-dev libgirepository1.0-dev python3-distutils python-dev
python-pip libopenblas-base libtbb2 libjasper-dev libjasper1 libdc1394-22-dev libav-tools phantomjs qt5-default
libqtgui4 libqt4-test libappindicator1 libappindicator3-1 netcat mysql-client libasound-dev libxslt-dev libreadline6-dev
libjpeg8-dev libjpeg-turbo8-dev libpng12-0 libpng12-dev libcurl3 ttf-freefont ttf-dejavu libaio1 libgconf-2-4
gconf-service libgdal26 libgdal30 libgeos-3.8.0 libproj15 libproj22
"""
NAMES = _LISTED.split()


def refused(name: str, stack: str) -> bool:
    """Whether apt on a stack refuses a name, by the archive's index."""
    archive = catalog.for_stack(stack)
    assert archive is not None
    assert archive.exact
    return archive.resolve(name) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_an_error_on_exactly_the_stacks_whose_archive_lacks_it(name: str) -> None:
    for stack in STACKS:
        own = [f for f in found({"Aptfile": f"{name}\n"}, stack) if f.code == "BP105"]
        assert bool(own) == refused(name, stack), (stack, [f.message for f in own])
        for finding in own:
            assert finding.severity.value == "error"
            assert finding.help


@pytest.mark.parametrize("name", NAMES)
def test_what_a_fix_writes_is_there(name: str) -> None:
    for stack in STACKS:
        archive = catalog.for_stack(stack)
        assert archive is not None
        for finding in found({"Aptfile": f"{name}\n"}, stack):
            for edit in finding.fix.edits if finding.code in ("BP105", "BP106") and finding.fix else ():
                assert archive.resolve(edit.text) is not None, (stack, edit.text)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_next_stack_refuses_is_told_on_this_one(name: str) -> None:
    for stack, newer in pairwise(STACKS):
        if not refused(name, stack) and refused(name, newer):
            own = [f for f in found({"Aptfile": f"{name}\n"}, stack) if f.code == "BP106"]
            assert [f.severity.value for f in own] == ["info"], stack
            assert newer in own[0].message

from __future__ import annotations

import os
import shutil

import pytest

from tests.apt.real_apt import HELPER


@pytest.fixture(scope="session")
def needs_apt() -> None:
    if not shutil.which("apt-get") or not os.path.exists(HELPER):
        pytest.skip("apt is not here")

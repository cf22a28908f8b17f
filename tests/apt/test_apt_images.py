from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpopt.apt import images, stacks


@pytest.mark.parametrize(
    ("stack", "package", "run", "build"),
    [
        ("heroku-24", "libsm6", True, True),
        ("heroku-22", "libsm6", False, True),
        ("heroku-24", "libpq-dev", False, True),
        ("heroku-24", "libgl1", False, False),
        ("scalingo-24", "libsm6", False, False),
        ("ubuntu-22", "curl", False, False),
    ],
)
def test_tells_what_each_image_has(stack: str, package: str, run: bool, build: bool) -> None:
    assert images.in_image(stack, package) is run
    assert images.in_image(stack, package, "build") is build


def test_a_relative_answers_only_when_asked() -> None:
    assert images.in_image("ubuntu-22", "curl", related=True)
    found = images.image("ubuntu-22")
    assert found is not None
    assert not found.exact


@pytest.mark.parametrize("stack", [s.name for s in stacks.all_stacks() if s.image])
def test_the_build_image_holds_the_run_image(stack: str) -> None:
    run, build = images.image(stack), images.image(stack, "build")
    assert run is not None
    assert build is not None
    assert run.packages < build.packages
    assert len(run.packages) > 300
    assert run.source.startswith("https://github.com/heroku/base-images/")
    assert "" not in build.packages


@given(st.one_of(st.none(), st.text()), st.text())
def test_never_raises(stack: str | None, package: str) -> None:
    images.in_image(stack, package)

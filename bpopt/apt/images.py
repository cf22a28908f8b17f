"""Which packages a stack's base images already have.

The run image is what the app runs in; the build image is the run image plus headers and compilers. Each list
file in `data/apt/images/` names its source and date. The lists carry names only: no list has versions.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Literal

from bpopt.apt import stacks
from bpopt.values import NamedTuple

Which = Literal["run", "build"]

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "apt", "images")
_BUILD_PART = "--- build\n"


class Image(NamedTuple):
    """The packages of one image. `exact` is False when the list is that of a related image.

    `source` is the address of the list, with its date.
    """

    name: str
    which: Which
    packages: frozenset[str]
    exact: bool
    source: str


def image(stack: str | None, which: Which = "run") -> Image | None:
    """Return the run or build image of `stack`, or None when no list of it is known."""
    found = stacks.find(stack)
    if found is None or found.image is None:
        return None
    run, build, source = _read(found.image)
    return Image(found.image, which, run if which == "run" else build, found.image_exact, source)


def in_image(stack: str | None, package: str, which: Which = "run", *, related: bool = False) -> bool:
    """Tell whether `package` is for certain in an image of `stack`.

    False when it is not, when the stack has no list, and, unless `related` is set, when the only list is that
    of a related image.
    """
    found = image(stack, which)
    return found is not None and (found.exact or related) and package in found.packages


@lru_cache(maxsize=8)
def _read(name: str) -> tuple[frozenset[str], frozenset[str], str]:
    """Read a list file: (packages of the run image, of the build image, source)."""
    with open(os.path.join(_FOLDER, name + ".txt"), encoding="utf-8") as file:
        _head, source, lists = file.read().split("\n", 2)
    run, added = (frozenset(names.split()) for names in lists.split(_BUILD_PART))
    return run, run | added, source.removeprefix("# Source: ").strip()

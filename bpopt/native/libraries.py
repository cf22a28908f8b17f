"""Which package of a suite has a shared library or a program, as the archive's own file lists say.

One file a suite, `data/native/files/SUITE.txt`: lines `NAME PACKAGE[,PACKAGE...]`, sorted; a name with a slash
(`bin/ffmpeg`) is a program. Only what the loader finds without help is there: files directly in the library folders,
so a library behind `update-alternatives` (libblas.so.3) is not. A wheel packs the files, so that on disk they are
plain: nothing has to be unpacked for a look-up.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# glibc and the loader: Python itself cannot run without them, so every image has them.
# https://peps.python.org/pep-0600/ lists these for every manylinux platform.
LIBC = frozenset(
    {
        "ld-linux-x86-64.so.2",
        "libanl.so.1",
        "libc.so.6",
        "libdl.so.2",
        "libm.so.6",
        "libmvec.so.1",
        "libpthread.so.0",
        "libresolv.so.2",
        "librt.so.1",
        "libutil.so.1",
    }
)

# Libraries behind `update-alternatives`, and the packages whose files lie in a sub-directory of the library folder.
# After `dpkg -x` the loader finds them only with that folder on LD_LIBRARY_PATH. Read from the Contents of bookworm,
# jammy, noble and resolute, 2026-11-25.
HIDDEN = {
    "libblas.so.3": {"libblas3": "blas", "libopenblas0-pthread": "openblas-pthread"},
    "liblapack.so.3": {"liblapack3": "lapack", "libopenblas0-pthread": "openblas-pthread"},
    "libopenblas.so.0": {"libopenblas0-pthread": "openblas-pthread"},
}

FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "native", "files")


@lru_cache(maxsize=4096)
def packages(name: str, suite: str) -> tuple[str, ...] | None:
    """Return the packages of `suite` that have a library or program (`bin/NAME`); None without a list of it.

    A name that ends in `*` stands for all that begin so, as sonames with a version of their own do.
    """
    data = _data(suite)
    if data is None:
        return None
    whole = not name.endswith("*")
    beginning = f"{name} ".encode() if whole else name[:-1].encode()
    found = (line.partition(b" ")[2] for line in _beginning(data, beginning))
    return tuple(dict.fromkeys(package for part in found for package in part.decode().split(",")))


@lru_cache(maxsize=4096)
def contents(package: str, suite: str) -> tuple[str, ...]:
    """Return the libraries and programs of a package, as far as the lists hold them."""
    data, name = _data(suite) or b"", package.encode()
    found = []
    at = data.find(name)
    while at >= 0:
        end = data.index(b"\n", at)
        label, _, owners = data[data.rindex(b"\n", 0, at) + 1 : end].partition(b" ")
        if name in owners.split(b","):
            found.append(label.decode())
        at = data.find(name, end)
    return tuple(found)


def _beginning(data: bytes, prefix: bytes) -> Iterator[bytes]:
    """Yield the lines that begin so: a search among sorted lines, as reading all takes a hundred times as long."""
    low, high = data.find(b"\n") + 1, len(data)
    while low < high:
        middle = (low + high) // 2
        start = max(low, data.rfind(b"\n", low, middle) + 1)
        if data[start : start + len(prefix)] < prefix:
            low = data.index(b"\n", middle) + 1
        else:
            high = start
    while data.startswith(prefix, low):
        end = data.index(b"\n", low)
        yield data[low:end]
        low = end + 1


@lru_cache(maxsize=8)
def _data(suite: str) -> bytes | None:
    path = os.path.join(FOLDER, f"{suite}.txt")
    if not suite.isalnum() or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def date(suite: str) -> str:
    """Return the day of the archive's list (YYYY-MM-DD), "" without one: the file's first line is a comment."""
    data = _data(suite)
    return data[: data.index(b"\n")].decode().rpartition(" ")[2] if data else ""

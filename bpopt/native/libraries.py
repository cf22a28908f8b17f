"""Which package of a suite has a shared library or a program, as the archive's own file lists say.

One file a suite, `data/native/files/SUITE.z`: zlib over lines `NAME PACKAGE[,PACKAGE...]`, sorted; a name with a
slash (`bin/ffmpeg`) is a program. Only what the loader finds without help is there: files directly in the library
folders, so a library behind `update-alternatives` (libblas.so.3) is not.
"""

from __future__ import annotations

import os
from functools import lru_cache

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
    if name.endswith("*"):
        found = [line.partition(b" ")[2] for line in _beginning(data, name[:-1].encode())]
    else:
        start = data.find(b"\n" + name.encode() + b" ")
        if start < 0:
            return ()
        found = [data[start + len(name) + 2 : data.index(b"\n", start + 1)]]
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


def _beginning(data: bytes, prefix: bytes) -> list[bytes]:
    lines = []
    start = data.find(b"\n" + prefix)
    while start >= 0:
        end = data.index(b"\n", start + 1)
        lines.append(data[start + 1 : end])
        start = data.find(b"\n" + prefix, end)
    return lines


@lru_cache(maxsize=8)
def _data(suite: str) -> bytes | None:
    import zlib

    path = os.path.join(FOLDER, f"{suite}.z")
    if not suite.isalnum() or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return zlib.decompress(file.read())


def date(suite: str) -> str:
    """Return the day of the archive's list (YYYY-MM-DD), "" without one: the file's first line is a comment."""
    data = _data(suite)
    return data[: data.index(b"\n")].decode().rpartition(" ")[2] if data else ""

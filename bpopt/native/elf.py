"""Read of an ELF file what it needs: its own soname and the libraries it names (DT_NEEDED)."""

from __future__ import annotations

import re
from typing import BinaryIO

from bpopt.values import NamedTuple

MAGIC = b"\x7fELF"
# How CPython names the files it imports: https://peps.python.org/pep-3149/ and abi3.
_MODULE = re.compile(r"\.(?:cpython-[\w-]+|abi3)\.so$")


class Binary(NamedTuple):
    """One ELF file: its path in the wheel, its soname ("" without), and the sonames that it needs.

    `opens` tells that it can open further libraries by name, as it calls dlopen or hides what it calls.
    """

    path: str
    soname: str
    needed: tuple[str, ...]
    opens: bool = False

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]

    @property
    def module(self) -> bool:
        """Tell whether the name is that of an extension module."""
        return _MODULE.search(self.name) is not None


class MissingReader(Exception):
    """The extra `native` is not installed."""


def read(stream: BinaryIO, path: str) -> Binary | None:
    """Return what the file at `stream` needs; None for static files, other machines and damaged ones.

    Raises MissingReader without pyelftools.
    """
    try:
        from elftools.common.exceptions import ELFError
        from elftools.elf.dynamic import DynamicSegment
        from elftools.elf.elffile import ELFFile
    except ImportError as error:
        raise MissingReader("reading binaries needs pyelftools: pip install 'bpopt[native]'") from error
    try:
        file = ELFFile(stream)
        if file.header.e_machine != "EM_X86_64":
            return None
        found = (s for s in file.iter_segments() if isinstance(s, DynamicSegment))
        segment = next(found, None)
        tags = list(segment.iter_tags()) if segment is not None else []
        strings = file.get_section_by_name(".dynstr")
        opens = strings is None or b"\0dlopen\0" in strings.data()
    except (ELFError, ValueError, AttributeError, KeyError):
        return None
    needed = tuple(tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED")  # type: ignore[attr-defined]
    soname = next((tag.soname for tag in tags if tag.entry.d_tag == "DT_SONAME"), "")  # type: ignore[attr-defined]
    return Binary(path, soname, needed, opens) if segment is not None else None

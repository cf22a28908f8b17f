"""Shared libraries: what the binaries of the app's Python packages need, and whether it is found with a layer.

What wheels bring with them is theirs; the rest must come from the image or the apt layer. Needs by dlopen and
by programs that are called cannot be seen in the files.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The folders of the layer that the buildpacks put into LD_LIBRARY_PATH.
LIBRARY_PATH = ("usr/lib/x86_64-linux-gnu", "usr/lib/i386-linux-gnu", "usr/lib")
SYSTEM = ("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib", "/lib")


def compare(python: str, before: str, after: str) -> tuple[list[str], list[str]]:
    """The libraries found with the layer before and not with that after, and what else is to be said."""
    try:
        import elftools.elf.elffile  # noqa: F401
    except ImportError:
        return [], ["shared libraries were not looked at: pip install bpopt[verify]"]
    packages = _site_packages(python)
    if packages is None:
        return [], ["shared libraries were not looked at: the Python does not say where its packages are"]
    wanted = needed(packages)
    has = [{name for name in wanted if found(name, layer)} for layer in (before, after)]
    lost = sorted(has[0] - has[1])
    missing = sorted(wanted - has[1] - set(lost))
    notes = [
        f"{len(wanted)} shared libraries are needed from outside the wheels; found in the layer or here: {len(has[1])}"
    ]
    if missing:
        notes.append(f"found neither in the layer nor on this machine: {', '.join(missing)}")
    return lost, notes


def _site_packages(python: str) -> str | None:
    order = [python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"]
    try:
        done = subprocess.run(order, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def needed(folder: str) -> set[str]:
    """The libraries that binaries below a folder need and the folder does not hold."""
    names, wanted = set(), set()
    for path in _binaries(folder):
        names.add(os.path.basename(path))
        wanted.update(needs(path))
    return wanted - names


def _binaries(folder: str) -> Iterator[str]:
    for path, _, files in os.walk(folder):
        for name in files:
            if name.endswith(".so") or ".so." in name:
                yield os.path.join(path, name)


def needs(path: str) -> list[str]:
    """The DT_NEEDED entries of an ELF file, none if it is no such file."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.dynamic import DynamicSection
    from elftools.elf.elffile import ELFFile

    try:
        with open(path, "rb") as file:
            sections = ELFFile(file).iter_sections()
            tags = (t for s in sections if isinstance(s, DynamicSection) for t in s.iter_tags("DT_NEEDED"))
            return [str(getattr(tag, "needed")) for tag in tags]  # noqa: B009 - elftools sets it by name
    except (OSError, ELFError):
        return []


def found(name: str, layer: str) -> bool:
    """Whether the loader would find a library: in the layer's folders on its path, or on this machine."""
    folders = [os.path.join(layer, folder) for folder in LIBRARY_PATH] + list(SYSTEM)
    return any(os.path.exists(os.path.join(folder, name)) for folder in folders)

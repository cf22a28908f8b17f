"""Wheels made for the test out of libraries compiled by gcc: what they need, and what they bundle."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bpopt.native import build, elf, loads, rows, scan
from bpopt.native.elf import Binary

pytest.importorskip("elftools")
needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not here")


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """outer.so.1 <- inner.so.2 <- module, and a plugin that needs outer alone; compiled for real."""
    folder = tmp_path_factory.mktemp("elf")

    def shared(name: str, soname: str, *needs: str) -> None:
        source = folder / "x.c"
        source.write_text("int here(void) { return 1; }\n")
        command = ["gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-o", name, "x.c"]
        command += [f"-Wl,-soname,{soname}"] if soname else []
        subprocess.run([*command, *needs], cwd=folder, check=True)

    shared("libouter.so.1", "libouter.so.1")
    shared("libinner.so.2", "libinner.so.2", "./libouter.so.1", "-lm")
    shared("fast.cpython-311-x86_64-linux-gnu.so", "", "./libinner.so.2")
    shared(
        "plugin.so",
        "",
        "./libouter.so.1",
        "-lz" if Path("/usr/lib/x86_64-linux-gnu/libz.so").exists() else "-lm",
    )
    return folder


def wheel(folder: Path, files: dict[str, bytes], requires: str = "") -> str:
    path = folder / "thing-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
    metadata = f"Metadata-Version: 2.1\nName: Thing_One\nVersion: 1.0\n{requires}\n"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("thing-1.0.dist-info/METADATA", metadata)
    return str(path)


@needs_gcc
def test_what_a_wheel_does_not_bundle_is_needed(libraries: Path, tmp_path: Path) -> None:
    names = ("libinner.so.2", "fast.cpython-311-x86_64-linux-gnu.so", "plugin.so")
    content = {f"thing/{name}": (libraries / name).read_bytes() for name in names}
    found = scan.wheel(wheel(tmp_path, content))
    needed = {need.soname: need.part for need in loads.external(found.binaries)}
    assert needed["libouter.so.1"] == "", "importing the only module loads inner, and that outer"
    assert "libinner.so.2" not in needed
    assert "libm.so.6" not in needed, "glibc is everywhere"
    with_outer = content | {"thing.libs/libouter.so.1": (libraries / "libouter.so.1").read_bytes()}
    found = scan.wheel(wheel(tmp_path, with_outer))
    assert "libouter.so.1" not in {need.soname for need in loads.external(found.binaries)}


@needs_gcc
def test_the_reader_agrees_with_readelf(libraries: Path) -> None:
    if shutil.which("readelf") is None:
        pytest.skip("readelf is not here")
    for path in libraries.glob("*.so*"):
        told = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
        needed = [line.partition("[")[2].rstrip("]") for line in told.split("\n") if "(NEEDED)" in line]
        with path.open("rb") as stream:
            read = elf.read(stream, path.name)
        assert read is not None
        assert list(read.needed) == needed


@needs_gcc
def test_a_binary_that_calls_dlopen_is_told(tmp_path: Path) -> None:
    source = "#include <dlfcn.h>\nvoid *any(const char *name) { return dlopen(name, RTLD_NOW); }\n"
    (tmp_path / "x.c").write_text(source)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", "opens.so", "x.c", "-ldl"], cwd=tmp_path, check=True)
    (tmp_path / "x.c").write_text("int here(void) { return 1; }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", "plain.so", "x.c"], cwd=tmp_path, check=True)
    for name, opens in (("opens.so", True), ("plain.so", False)):
        found = scan.wheel(wheel(tmp_path, {f"thing/{name}": (tmp_path / name).read_bytes()}))
        assert found.opens is opens


def test_what_only_a_part_needs_is_said_to_be() -> None:
    module = Binary("a/x.cpython-311-x86_64-linux-gnu.so", "", ("libc.so.6", "libone.so.1"))
    plugin = Binary("a/plugins/libp.so", "", ("libtwo.so.1", "libone.so.1"))
    assert loads.external([module, plugin]) == (
        loads.External("libone.so.1", ""),
        loads.External("libtwo.so.1", "libp.so"),
    )
    other = Binary("a/y.abi3.so", "", ("libthree.so.1",))
    parts = {need.soname: need.part for need in loads.external([module, other])}
    assert parts == {"libone.so.1": module.name, "libthree.so.1": other.name}, "which of the two is imported?"


@pytest.mark.parametrize(
    "content", [b"", b"\x7fELF", b"\x7fELF" + bytes(200), b"\x7fELF" + b"\xff" * 500, b"MZ"]
)
def test_damaged_binaries_are_none(content: bytes) -> None:
    assert elf.read(io.BytesIO(content), "x.so") is None


def test_source_that_opens_or_runs_is_told(tmp_path: Path) -> None:
    def flags(source: bytes) -> tuple[bool, bool]:
        found = scan.wheel(wheel(tmp_path, {"thing/a.py": source}))
        return found.opens, found.runs

    assert flags(b"import os\n") == (False, False)
    assert flags(b"from ctypes import CDLL\nCDLL('libx.so.1')\n") == (True, False)
    assert flags(b"import subprocess\n") == (False, True)


def test_requirements_without_extras_and_with_markers(tmp_path: Path) -> None:
    lines = "".join(
        f"Requires-Dist: {line}\n"
        for line in ("Numpy_X>=1", "other; python_version < '3.9'", "t; extra == 'test'")
    )
    assert scan.wheel(wheel(tmp_path, {}, lines)).requires == ("numpy-x", "other?")


def test_what_required_distributions_bundle_is_not_needed() -> None:
    base = scan.Distribution(
        "base", "1", (Binary("b/libb.so.1", "libb.so.1", ()),), (), False, False, "b.whl"
    )
    middle = scan.Distribution("middle", "1", (), ("base",), False, False, "m.whl")
    top = scan.Distribution(
        "top", "1", (Binary("t/t.abi3.so", "", ("libb.so.1",)),), ("middle?",), False, False, "t.whl"
    )
    assert [need.soname for need in build.row(top).needs] == ["libb.so.1"]
    assert not build.row(top, build.required(top, [base, middle, top])).needs


def test_this_environment_is_read() -> None:
    found = {one.name: one for one in scan.environment(sys.prefix)}
    assert "pyelftools" in found
    assert found["ruff"].binaries, "a program is a binary too"
    assert all(one.version and os.path.isdir(one.origin) for one in found.values())


def test_the_loader_maps_what_importing_is_said_to_need() -> None:
    """Each module of this environment that is said to be the only one of its wheel, imported for real."""
    checked = 0
    for one in scan.environment(sys.prefix):
        modules = [binary for binary in one.binaries if binary.module]
        wanted = {need.soname for need in loads.external(one.binaries) if not need.part}
        if len(modules) != 1 or not wanted:
            continue
        module = modules[0].path.partition(".")[0].replace("/", ".")
        code = f"import {module}; print(open('/proc/self/maps').read())"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            checked += 1
            for soname in wanted:
                stem = soname.partition(".so")[0]
                assert f"/{stem}.so" in done.stdout or f"/{stem}-" in done.stdout, (one.name, soname)
    assert checked, "the environment has no such module"


def test_rows_that_are_not_read_again_stay() -> None:
    def one(version: str, *needed: str) -> scan.Distribution:
        return scan.Distribution(
            "one", version, (Binary("o/o.abi3.so", "", needed),), (), False, False, f"one-{version}.whl"
        )

    there = [build.row(one("1", "libold.so.1")), build.row(one("2", "libold.so.1"))]
    made = {
        row.version: [n.soname for n in row.needs] for row in build.updated(there, [one("2", "libnew.so.1")])
    }
    assert made == {"1": ["libold.so.1"], "2": ["libnew.so.1"]}


def test_the_table_holds_what_is_entered_by_hand() -> None:
    assert {row for row in rows.every() if row.by_hand} == set(build.by_hand())

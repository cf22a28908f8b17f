"""The apt stage with real apt, on an archive of small packages made here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.app.targets import told
from bpopt.settings import defaults
from bpopt.verify import apt, apt_tool, elf, processes, sides
from bpopt.verify.apt_tool import Apt, AptError, Source
from bpopt.verify.model import PASSED, SKIPPED, Plan, Silent, StageResult

needs_apt = pytest.mark.skipif(
    not apt_tool.available() or not shutil.which("dpkg-deb") or not shutil.which("dpkg-scanpackages"),
    reason="apt, dpkg-deb and dpkg-scanpackages are not all here",
)

HERE = "apt.here.tiny."
PACKAGES = {
    "liba": ("", 30_000, "usr/lib/x86_64-linux-gnu/libtiny-a.so.1"),
    "tool": ("Depends: liba\nRecommends: manual\n", 10_000, "usr/bin/tool"),
    "manual": ("", 50_000, "usr/share/doc/manual"),
    "alone": ("", 20_000, "usr/share/alone"),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp("archive")
    for name, (fields, size, path) in PACKAGES.items():
        tree = folder / "build" / name
        (tree / "DEBIAN").mkdir(parents=True)
        head = f"Package: {name}\nVersion: 1\nArchitecture: amd64\nMaintainer: t\nDescription: t\n"
        (tree / "DEBIAN" / "control").write_text(f"{head}Installed-Size: {size // 1000}\n{fields}")
        # A package must not run its scripts: this one would leave a mark.
        (tree / "DEBIAN" / "postinst").write_text(f"#!/bin/sh\ntouch {folder}/ran\n")
        (tree / "DEBIAN" / "postinst").chmod(0o755)
        (tree / path).parent.mkdir(parents=True)
        (tree / path).write_bytes(os.urandom(size))
        order = ["dpkg-deb", "--build", "--root-owner-group", str(tree), str(folder)]
        subprocess.run(order, check=True, capture_output=True)
    scan = subprocess.run(["dpkg-scanpackages", "."], cwd=folder, check=True, capture_output=True)
    (folder / "Packages").write_bytes(scan.stdout)
    return Source("tiny", f"deb [trusted=yes] copy:{folder} ./\n")


def run(
    tmp_path: Path,
    archive: Source,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    after: str,
    build: bool = True,
) -> StageResult:
    monkeypatch.setattr(apt, "_sources", lambda target: [archive])
    for name, text in (("one", before), ("two", after)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Aptfile").write_text(text)
        (tmp_path / name / "Procfile").write_text("web: true\n")
    app = App(DiskFiles(str(tmp_path / "one")), "one", told(("heroku",), None, None, "test"))
    made = sides.make(app, defaults(), str(tmp_path / "scratch"), after=str(tmp_path / "two"))
    return apt.run(
        made.before, made.after, Plan(str(tmp_path / "work"), sys.executable, build=build), Silent()
    )


def here(result: StageResult) -> dict[str, tuple[float, float]]:
    return {
        m.key.removeprefix(HERE): (m.before[0], m.after[0]) for m in result.measures if m.key.startswith(HERE)
    }


@needs_apt
def test_bytes_are_those_that_apt_reports(
    tmp_path: Path, archive: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, archive, monkeypatch, "tool\nalone\n", "liba\nalone\n")
    folder = Path(archive.lines.split("copy:")[1].split()[0])
    sizes = {name: (folder / f"{name}_1_amd64.deb").stat().st_size for name in PACKAGES}
    values = here(result)
    assert values == {
        "packages": (4, 2),
        "download": (sum(sizes.values()), sizes["liba"] + sizes["alone"]),
        "unpacked": (110_000, 50_000),
    }
    assert not (folder / "ran").exists()
    assert result.details["before"]["fetch"] > 0
    assert any("one run each" in note for note in result.notes)


@needs_apt
def test_resolving_alone_gives_the_same_packages_and_downloads(
    tmp_path: Path, archive: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = here(run(tmp_path, archive, monkeypatch, "tool\n", "liba alone\n"))
    (tmp_path / "again").mkdir()
    resolved = here(run(tmp_path / "again", archive, monkeypatch, "tool\n", "liba alone\n", build=False))
    assert resolved["packages"] == fetched["packages"]
    assert resolved["download"] == fetched["download"]
    assert resolved["unpacked"] == (92160, 51200)  # Installed-Size counts KiB: 90 and 50 here


@needs_apt
def test_a_line_that_apt_refuses_is_said_and_the_others_are_counted(
    tmp_path: Path, archive: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run(tmp_path, archive, monkeypatch, "liba\nno-such-thing\n", "liba\n", build=False)
    assert here(result)["packages"] == (1, 1)
    assert any("before: apt refuses no-such-thing: Unable to locate" in note for note in result.notes)


@needs_apt
def test_a_line_that_only_after_has_refused_fails_on_the_stacks_own_suite(
    tmp_path: Path, archive: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = archive._replace(suite="noble")  # the suite of heroku-24, which is Heroku's default here
    result = run(tmp_path, own, monkeypatch, "liba\n", "liba\nno-such-thing\n", build=False)
    assert result.status == "failed"
    assert "apt refuses no-such-thing" in result.reason
    assert {m.key for m in result.measures} == {"apt.packages", "apt.download", "apt.unpacked"}


@needs_apt
def test_what_is_installed_is_not_fetched_unless_it_is_named(tmp_path: Path, archive: Source) -> None:
    status = apt_tool.status_of([("liba", "1"), ("manual", "1")])
    tool = Apt(str(tmp_path / "apt"), archive._replace(status=status))
    tool.update()
    assert [deb.name for deb in tool.planned(["tool"])] == ["tool_1_amd64.deb"]
    assert [deb.name for deb in tool.planned(["liba"])] == ["liba_1_amd64.deb"]
    with pytest.raises(AptError, match="Unable to locate"):
        tool.planned(["nothing"])


@needs_apt
def test_an_archive_that_does_not_answer_leaves_the_estimate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Source("gone", f"deb [trusted=yes] copy:{tmp_path}/none ./\n")
    result = run(tmp_path, gone, monkeypatch, "libsm6\nlibgtk-3-dev\n", "libgtk-3-dev\n")
    assert result.status == PASSED
    assert any("archive of gone cannot be used" in note for note in result.notes)
    assert all("estimate" in measure.title for measure in result.measures)


def test_without_an_aptfile_there_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web: true\n")
    app = App(DiskFiles(str(tmp_path)), "app", told(("heroku",), None, None, "test"))
    made = sides.make(app, defaults(), str(tmp_path / "scratch"))
    result = apt.run(made.before, made.after, Plan(str(tmp_path), sys.executable), Silent())
    assert (result.status, result.reason) == (SKIPPED, "neither state has an Aptfile")


def test_hard_links_count_once_and_links_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100)
    os.link(tmp_path / "a", tmp_path / "b")
    (tmp_path / "c").symlink_to("a")
    assert apt.folder_size(str(tmp_path)) == 100


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    """A Python extension's stand-in: a shared object that needs another one."""
    compiler = shutil.which("cc") or pytest.skip("no C compiler here")
    pytest.importorskip("elftools", reason="pyelftools reads the binaries")
    for name, needs in (("libtiny-a.so.1", []), ("module.so", ["libtiny-a.so.1"])):
        source = tmp_path / f"{name}.c"
        source.write_text(
            "int answer(void) { return 42; }\n"
            if not needs
            else "int answer(void); int a(void) { return answer(); }\n"
        )
        order = [compiler, "-shared", "-fPIC", "-o", str(tmp_path / name), str(source)]
        order += [str(tmp_path / need) for need in needs] + [f"-Wl,-soname,{name}"]
        subprocess.run(order, check=True, capture_output=True)
    return tmp_path


def test_a_library_that_is_gone_with_the_layer_is_found(binary: Path) -> None:
    packages, layer = binary / "site-packages", binary / "layer" / "usr" / "lib"
    packages.mkdir()
    layer.mkdir(parents=True)
    shutil.move(binary / "module.so", packages / "module.so")
    shutil.move(binary / "libtiny-a.so.1", layer / "libtiny-a.so.1")
    needed = elf.needed(str(packages))
    assert "libtiny-a.so.1" in needed
    assert elf.found("libtiny-a.so.1", str(binary / "layer"))
    assert not elf.found("libtiny-a.so.1", str(binary / "empty"))
    assert elf.found("libc.so.6", str(binary / "empty"))
    (packages / "text.so").write_text("no ELF file")
    assert elf.needed(str(packages)) == needed


def test_what_a_wheel_brings_is_not_needed_from_outside(binary: Path) -> None:
    assert "libtiny-a.so.1" not in elf.needed(str(binary))


@pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv is not here")
def test_apt_ends_when_bpopt_is_killed() -> None:
    script = "from bpopt.verify import apt_tool; apt_tool.run(['sleep', '987654'], 600)"
    with subprocess.Popen([sys.executable, "-c", script]) as killed:
        until = monotonic() + 20
        while not (started := processes.descendants(killed.pid)) and monotonic() < until:
            sleep(0.02)
        sleep(0.5)  # for setpriv to become sleep
        killed.kill()
    while any(processes.stat(pid) for pid in started) and monotonic() < until:
        sleep(0.02)
    assert started
    assert not any(processes.stat(pid) for pid in started)


@pytest.mark.rare
@needs_apt
def test_the_real_archive_gives_what_apt_itself_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some hundred kilobytes: what apt says that it needs to get, what it names, and what came are the same bytes."""
    suite = apt_tool.own_suite()
    source = apt_tool.source(suite) if suite else None
    if source is None:
        pytest.skip("the keyring of this machine's own suite is not here")
    names = ("libsm6", "libice6")
    fresh = [Apt(str(tmp_path / name), source) for name in names]  # what one fetches the other need not get
    try:
        for own in fresh:
            own.update()
    except AptError as error:
        pytest.skip(f"the archive of {suite} does not answer: {error}")
    result = run(tmp_path, source, monkeypatch, "libsm6\n", "libice6\n")
    values = {m.key.removeprefix(f"apt.here.{suite}."): (m.before[0], m.after[0]) for m in result.measures}
    for number, (name, own) in enumerate(zip(names, fresh, strict=True)):
        named = own.planned([name])
        assert values["packages"][number] == len(named) > 0
        assert values["download"][number] == sum(deb.size for deb in named)
        arguments = ("-y", "--download-only", "install", "--reinstall", name)
        said = re.search(r"Need to get ([\d,.]+) ([kM]?)B of archives", own._run("apt-get", *arguments))
        assert said is not None
        unit = {"": 1, "k": 1_000, "M": 1_000_000}[said[2]]
        assert values["download"][number] / unit == pytest.approx(float(said[1].replace(",", "")), abs=0.6)

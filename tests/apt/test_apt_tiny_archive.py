"""A tiny archive, resolved by bpopt and by the real apt."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bpopt.apt import build, index
from bpopt.apt.catalog import Catalog
from tests.apt.real_apt import Apt, status_of

ARCHIVE = """
base Essential: yes
libc Depends: base
app Depends: lib (>= 2), editor, mail | post; Recommends: doc, ghost
lib Version: 2; Depends: libc; Breaks: old (<< 2)
old Version: 1; Depends: libc
new Version: 2; Provides: old (= 2); Depends: libc
vi Provides: editor; Priority: extra
ed Provides: editor; Priority: standard
nano Provides: editor; Conflicts: ed
post Provides: mta; Recommends: filter
postfix Provides: mta; Conflicts: mta
doc Recommends: viewer | app
viewer Depends: nothing-has-this
filter Depends: libc
sole Provides: only-one
wants-old Depends: old (>= 2)
wants-any Depends: py:any
py Multi-Arch: allowed; Depends: py-min (= 1)
py-min Pre-Depends: libc
foreign Depends: lib:i386
foreign-soft Recommends: lib:i386; Depends: libc
loop-a Depends: loop-b
loop-b Depends: loop-a, loop-c | ed
loop-c Recommends: loop-a
strict Depends: vi, nano
torn Depends: ed, nano
maybe-torn Depends: ed; Recommends: nano
choice Depends: torn | filter
"""
CASES = (
    "app",
    "app nano",
    "app vi",
    "new",
    "old",
    "old app",
    "sole",
    "only-one",
    "editor",
    "wants-old",
    "wants-any",
    "foreign",
    "foreign-soft",
    "loop-a",
    "loop-c",
    "strict",
    "torn",
    "maybe-torn",
    "choice",
    "postfix",
    "post postfix",
    "doc",
    "viewer",
    "nothing-has-this",
    "app wants-any loop-a",
    "lib=2",
    "lib=3",
    "lib:amd64",
    "libc+",
    "loop-*",
)
INSTALLED: tuple[tuple[str, ...], ...] = ((), ("base", "libc"), ("base", "libc", "nano", "py-min", "post"))


def packages_file(lines: str) -> str:
    """Return an index text from lines of `name Field: value; Field: value`."""
    stanzas = []
    for line in lines.strip().splitlines():
        name, _, rest = line.partition(" ")
        fields = dict(part.strip().split(": ", 1) for part in rest.split(";") if part.strip())
        text = {"Package": name, "Version": "1", "Architecture": "amd64", "Priority": "optional", **fields}
        text |= {"Installed-Size": "10", "Filename": f"./{name}.deb", "Size": "1000", "SHA256": "0" * 64}
        stanzas.append("\n".join(f"{key}: {value}" for key, value in text.items()))
    return "\n\n".join(stanzas) + "\n"


def flat_archive(folder: Path, text: str) -> Apt:
    """Return apt on a flat archive in a folder with the index `text`."""
    (folder / "repo").mkdir(parents=True)
    (folder / "repo" / "Packages").write_text(text)
    apt = Apt(folder / "apt", f"deb [trusted=yes] file:{folder}/repo ./\n")
    assert apt.update()
    return apt


def catalog_of(folder: Path, text: str) -> Catalog:
    path = str(folder / "tiny.sqlite")
    build.write(path, index.stanzas(text), {"suite": "tiny"})
    return Catalog(path)


def ours(
    catalog: Catalog, names: list[str], installed: tuple[str, ...], *, recommends: bool = True
) -> set[str] | None:
    found = catalog.closure(names, installed=installed, recommends=recommends)
    return None if found.unknown or found.broken else {package.name for package in found.packages}


@pytest.mark.rare
@pytest.mark.usefixtures("needs_apt")
@pytest.mark.parametrize("installed", INSTALLED, ids="-".join)
def test_equals_apt_case_by_case(tmp_path: Path, installed: tuple[str, ...]) -> None:
    text = packages_file(ARCHIVE)
    apt, catalog = flat_archive(tmp_path, text), catalog_of(tmp_path, text)
    apt.status(status_of(installed, [text]))
    for recommends, option in ((True, "APT::Install-Recommends=1"), (False, "APT::Install-Recommends=0")):
        theirs = {case: apt.install(case.split(), "-o", option) for case in CASES}
        mine = {case: ours(catalog, case.split(), installed, recommends=recommends) for case in CASES}
        assert mine == theirs


@pytest.mark.rare
@pytest.mark.usefixtures("needs_apt")
@pytest.mark.parametrize("seed", range(6))
def test_equals_apt_on_random_archives(tmp_path: Path, seed: int) -> None:
    text, names = random_archive(random.Random(seed))
    apt, catalog = flat_archive(tmp_path, text), catalog_of(tmp_path, text)
    for name in names[::4]:
        assert ours(catalog, [name], ()) == apt.install([name]), name


def random_archive(chance: random.Random) -> tuple[str, list[str]]:
    """Return the index of an archive of 40 packages without conflicts, and their names."""
    names = [f"p{number}" for number in range(40)]
    virtual = [f"v{number}" for number in range(6)]

    def group() -> str:
        return " | ".join(chance.sample(names + virtual * 2 + ["gone"], chance.choice((1, 1, 1, 2, 3))))

    lines = []
    for name in names:
        fields = {
            "Depends": ", ".join(group() for _ in range(chance.choice((0, 0, 1, 2)))),
            "Recommends": ", ".join(group() for _ in range(chance.choice((0, 0, 0, 1, 2)))),
            "Provides": ", ".join(chance.sample(virtual, chance.choice((0, 0, 0, 1, 2)))),
            "Priority": chance.choice(("optional", "optional", "extra", "standard")),
        }
        lines.append(f"{name} " + "; ".join(f"{key}: {value}" for key, value in fields.items() if value))
    return packages_file("\n".join(lines)), names

"""Real apt with private state, cache and status; and catalogs built from the very lists that it reads."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from bpopt.apt import build, index, version
from bpopt.apt.catalog import Catalog

HELPER = "/usr/lib/apt/apt-helper"


class Apt:
    """apt-get on an archive of its own, with a status file of its own; needs no root and touches no system file."""

    def __init__(self, folder: Path, sources: str) -> None:
        self.folder = folder
        for name in ("state/lists/partial", "cache/archives/partial", "etc"):
            (folder / name).mkdir(parents=True)
        (folder / "sources.list").write_text(sources)
        self.status("")

    def status(self, text: str) -> None:
        (self.folder / "status").write_text(text)

    def run(self, *arguments: str, tool: str = "apt-get") -> subprocess.CompletedProcess[str]:
        options = {
            "Dir::State": self.folder / "state",
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder / "cache",
            "Dir::Cache::pkgcache": "pkgcache.bin",
            "Dir::Cache::srcpkgcache": "srcpkgcache.bin",
            "Dir::Etc": self.folder / "etc",
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "APT::Architecture": "amd64",
            "APT::Sandbox::User": "",
            "Acquire::Retries": "0",
        }
        flags = [part for key, value in options.items() for part in ("-o", f"{key}={value}")]
        return subprocess.run(
            [tool, *flags, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )

    def update(self) -> bool:
        return self.run("update", "--error-on=any").returncode == 0

    def install(self, names: Iterable[str], *options: str) -> set[str] | None:
        """Return what `apt-get -s install --reinstall NAMES` would install; None when apt refuses."""
        done = self.run("install", "-q", "-s", "--reinstall", *options, *names)
        if done.returncode:
            return None
        return {name.partition(":")[0] for name in re.findall(r"^Inst (\S+)", done.stdout, re.MULTILINE)}

    def fetch(self, names: Iterable[str], *options: str) -> set[str] | None:
        """Return what it would fetch: the same choice without the simulation, a tenth of the time."""
        done = self.run("install", "-qq", "-y", "--print-uris", "--reinstall", *options, *names)
        if done.returncode:
            return None
        return set(re.findall(r"^\S+ ([^\s_]+)_\S+\.deb ", done.stdout, re.MULTILINE))

    def lists(self) -> list[str]:
        """Return the texts of the package lists, in the order of the sources."""
        targets = self.run("indextargets", "--format", "$(CREATED_BY) $(FILENAME)").stdout.split("\n")
        paths = [line.removeprefix("Packages ") for line in targets if line.startswith("Packages ")]
        return [
            subprocess.run([HELPER, "cat-file", path], capture_output=True, text=True, check=True).stdout
            for path in paths
        ]

    def catalog(self) -> Catalog:
        path = str(self.folder / "built.sqlite")
        build.write(
            path, (stanza for text in self.lists() for stanza in index.stanzas(text)), {"suite": "test"}
        )
        return Catalog(path)


def status_of(packages: Iterable[str], texts: Iterable[str]) -> str:
    """Return a dpkg status text in which `packages` are installed as they stand in the lists `texts`."""
    wanted, best = set(packages), dict[str, tuple[object, str]]()
    for block in (block for text in texts for block in text.split("\n\n")):
        for stanza in index.stanzas(block):
            key = version.key(stanza.version)
            if stanza.name in wanted and (stanza.name not in best or key > best[stanza.name][0]):  # type: ignore[operator]
                best[stanza.name] = (key, block)
    return "".join(_installed(block) for _, block in best.values())


def _installed(block: str) -> str:
    lines = [
        line
        for line in block.strip().split("\n")
        if not line.startswith(("Filename:", "Size:", "MD5sum:", "SHA256:"))
    ]
    lines.insert(1, "Status: install ok installed")
    return "\n".join(lines) + "\n\n"

"""Real apt on an archive and in folders of its own, as the apt buildpacks run it: no root, no system file touched.

The buildpacks call `apt-get -y -d install --reinstall` once for each line and unpack all that was fetched with
`dpkg -x` (https://github.com/heroku/heroku-buildpack-apt/blob/main/bin/compile, checked 2026-11-23).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from bpopt.apt import archive, stacks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UPDATE_SECONDS = 60
LINE_SECONDS = 300
UNPACK_SECONDS = 120
_URI = re.compile(r"^'(?P<uri>[^']+)' (?P<name>\S+) (?P<size>\d+)", re.MULTILINE)


# What a machine does after apt by itself (telling a desktop, refreshing a software centre) is not for these calls.
# An option cannot empty such a list, a configuration file that is read last can: apt.conf(5).
HOOKS = "".join(
    f"#clear {name};\n"
    for name in (
        "APT::Update::Pre-Invoke",
        "APT::Update::Post-Invoke",
        "APT::Update::Post-Invoke-Success",
        "DPkg::Pre-Invoke",
        "DPkg::Post-Invoke",
        "DPkg::Pre-Install-Pkgs",
    )
)


class AptError(Exception):
    """apt could not be set up or failed; the message is what it said."""


class Deb(NamedTuple):
    """One package to fetch: where from, under which file name, and its bytes."""

    uri: str
    name: str
    size: int


class Source(NamedTuple):
    """An archive to fetch from: its suite, the lines of a sources list, the packages that count as installed."""

    suite: str
    lines: str
    status: str = ""


def available() -> bool:
    """Whether apt and dpkg are on this machine."""
    return all(shutil.which(program) for program in ("apt-get", "apt-cache", "dpkg"))


def own_suite() -> str | None:
    """The suite of the machine's own distribution, None if it is none that is known."""
    try:
        with open("/etc/os-release", encoding="utf-8") as file:
            fields = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
    except OSError:
        return None
    suite = fields.get("VERSION_CODENAME", "").strip('"')
    return suite if stacks.family(suite) else None


def source(suite: str, status: str = "") -> Source | None:
    """The archive of a suite, checked by its keyring; None if the keyring is not on this machine."""
    origin = archive.origin(suite)
    keyring = next((path for path in origin.keyrings if os.path.exists(path)), None)
    if keyring is None:
        return None
    parts = " ".join(origin.components)
    lines = (
        f"deb [arch=amd64 signed-by={keyring}] {url} {pattern.format(suite)} {parts}"
        for url, pattern in origin.pockets
    )
    return Source(suite, "\n".join(lines) + "\n", status)


def status_of(packages: Iterable[tuple[str, str]]) -> str:
    """A dpkg status in which (name, version) are installed."""
    return "".join(
        f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n"
        f"Maintainer: none\nDescription: none\n\n"
        for name, version in packages
    )


class Apt:
    """apt with its own state, cache and sources below `folder`. AptError from each call that fails."""

    def __init__(self, folder: str, source: Source) -> None:
        self.folder, self.source = folder, source
        for name in ("state/lists/partial", "cache/archives/partial", "etc"):
            os.makedirs(os.path.join(folder, name))
        for name, text in (("sources.list", source.lines), ("status", source.status), ("hooks", HOOKS)):
            with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                file.write(text)

    def update(self) -> None:
        """Fetch the package lists."""
        self._run("apt-get", "update", "--error-on=any", seconds=UPDATE_SECONDS)

    def planned(self, words: Sequence[str]) -> list[Deb]:
        """What apt would fetch for one line of an Aptfile."""
        text = self._run("apt-get", *_install(words, "--print-uris"), seconds=LINE_SECONDS)
        return [Deb(found["uri"], found["name"], int(found["size"])) for found in _URI.finditer(text)]

    def fetch(self, words: Sequence[str]) -> None:
        """Download what one line of an Aptfile needs into the cache."""
        self._run("apt-get", *_install(words, "--download-only"), seconds=LINE_SECONDS)

    def fetched(self) -> list[str]:
        """The packages in the cache, as paths, sorted."""
        folder = os.path.join(self.folder, "cache", "archives")
        return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".deb"))

    def installed_sizes(self, names: Sequence[str]) -> int:
        """The bytes that the packages say they take once unpacked (Installed-Size, in KiB as the format has it)."""
        total = 0
        for start in range(0, len(names), 200):
            text = self._run("apt-cache", "--no-all-versions", "show", *names[start : start + 200])
            total += sum(
                int(size) * 1024 for size in re.findall(r"^Installed-Size: (\d+)", text, re.MULTILINE)
            )
        return total

    def _run(self, program: str, *arguments: str, seconds: float = 60) -> str:
        options = {
            "Dir::State": f"{self.folder}/state",
            "Dir::State::status": f"{self.folder}/status",
            "Dir::Cache": f"{self.folder}/cache",
            # Images of containers turn these off or pack the lists: then every call reads all lists anew.
            "Dir::Cache::pkgcache": "pkgcache.bin",
            "Dir::Cache::srcpkgcache": "srcpkgcache.bin",
            "Acquire::GzipIndexes": "false",
            "Dir::Etc": f"{self.folder}/etc",
            "Dir::Etc::sourcelist": f"{self.folder}/sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Log": f"{self.folder}/state",
            "APT::Architecture": "amd64",
            "APT::Architectures": "amd64",
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Acquire::Retries": "1",
            "Acquire::http::Timeout": "10",
            "Debug::NoLocking": "true",
        }
        flags = [part for key, value in options.items() for part in ("-o", f"{key}={value}")]
        return run([program, "-c", f"{self.folder}/hooks", *flags, *arguments], seconds)


def _install(words: Sequence[str], mode: str) -> list[str]:
    flags = ("-y", "--allow-downgrades", "--allow-remove-essential", "--allow-change-held-packages")
    return [mode, "-qq", *flags, "install", "--reinstall", *words]


def unpack(debs: Iterable[str], layer: str) -> None:
    """Unpack packages into a layer with `dpkg -x`, which runs none of their scripts."""
    os.makedirs(layer, exist_ok=True)
    for deb in debs:
        run(["dpkg", "-x", deb, layer], UNPACK_SECONDS)


def run(order: list[str], seconds: float) -> str:
    """The output of a program, which ends when bpopt does; AptError with what it complained of."""
    bound = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
    try:
        done = subprocess.run(
            [*bound, *order],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
            env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
        )
    except subprocess.TimeoutExpired:
        raise AptError(f"{order[0]} did not end within {seconds:.0f} s") from None
    except OSError as error:
        raise AptError(f"{order[0]}: {error.strerror}") from None
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.startswith("E:")]
        raise AptError(said[0].removeprefix("E: ") if said else f"{order[0]}: exit status {done.returncode}")
    return done.stdout

"""Fetch a suite's package indexes from its archive, and make sure that they are what the archive signed.

Each `InRelease` file is checked with the archive's own tool (`gpgv`) where it and the archive's keyring are
there; each index is checked against the SHA-256 that the release file states, in any case.
Format: https://wiki.debian.org/DebianRepository/Format.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO

from bpopt.apt import stacks
from bpopt.values import NamedTuple

Progress = Callable[[str, int, int], None]  # what is being fetched, bytes in all, bytes there


_ATTEMPTS = 4


class ArchiveError(Exception):
    """The archive could not be read, or what it sent is not what it signed."""


class Origin(NamedTuple):
    """A distribution's archive: pockets are (mirror, suite pattern), in the order of a sources list."""

    name: str
    pockets: tuple[tuple[str, str], ...]
    components: tuple[str, ...]
    keyrings: tuple[str, ...]


UBUNTU = Origin(
    "Ubuntu",
    tuple(("http://archive.ubuntu.com/ubuntu", "{}" + pocket) for pocket in ("", "-updates", "-security")),
    ("main", "universe"),
    (
        "/usr/share/keyrings/ubuntu-archive-keyring.gpg",
        "/etc/apt/trusted.gpg.d/ubuntu-keyring-2018-archive.gpg",
    ),
)
DEBIAN = Origin(
    "Debian",
    (
        ("http://deb.debian.org/debian", "{}"),
        ("http://deb.debian.org/debian", "{}-updates"),
        ("http://deb.debian.org/debian-security", "{}-security"),
    ),
    ("main",),
    ("/usr/share/keyrings/debian-archive-keyring.gpg",),
)


class Release(NamedTuple):
    """A release file: its date (YYYY-MM-DD), the SHA-256 and size of its indexes, and how it was checked."""

    url: str
    date: str
    files: dict[str, tuple[str, int]]
    signed: bool


def origin(suite: str, mirror: str | None = None, keyring: str | None = None) -> Origin:
    """Return the archive of `suite`.

    `mirror` stands in for all its pockets but Debian's security archive, `keyring` for the places where the
    archive's keyring is looked for.
    """
    family = stacks.family(suite)
    found = DEBIAN if family is stacks.DEBIAN else UBUNTU
    if not family and mirror is None:
        known = ", ".join(stacks.UBUNTU + stacks.DEBIAN)
        raise ArchiveError(f"unknown suite {suite!r} (known: {known}): give its mirror to build it")
    if keyring is not None:
        found = found._replace(keyrings=(keyring,))
    if mirror is None:
        return found
    own = tuple(
        (url if url.endswith("-security") else mirror.rstrip("/"), pocket) for url, pocket in found.pockets
    )
    return found._replace(pockets=own)


def indexes(where: Origin, suite: str, folder: str, progress: Progress) -> Iterator[tuple[Release, str]]:
    """Fetch the package indexes of all pockets and components into `folder`: yield (release, path).

    An interrupted download is taken up where it stopped.
    """
    os.makedirs(folder, exist_ok=True)
    for mirror, pattern in where.pockets:
        base = f"{mirror}/dists/{pattern.format(suite)}"
        release = _release(base, where.keyrings, folder)
        for component in where.components:
            name = f"{component}/binary-amd64/Packages.xz"
            if name not in release.files:
                raise ArchiveError(f"{base} has no {name}")
            digest, size = release.files[name]
            url = f"{base}/{component}/binary-amd64/by-hash/SHA256/{digest}"
            path = os.path.join(folder, f"{digest}.xz")
            _fetch(url, path, digest, size, partial(progress, f"{base}/{name}", size))
            yield release, path


def read(path: str) -> str:
    """Return the text of a fetched index."""
    import lzma

    with lzma.open(path, "rt", encoding="utf-8") as file:
        return file.read()


def _release(base: str, keyrings: tuple[str, ...], folder: str) -> Release:
    path = os.path.join(folder, hashlib.sha256(base.encode()).hexdigest() + ".InRelease")
    with _open(f"{base}/InRelease") as answer, open(path, "wb") as file:
        shutil.copyfileobj(answer, file)
    keyring = next((name for name in keyrings if os.path.exists(name)), None)
    gpgv = shutil.which("gpgv")
    if keyring and gpgv:
        text = _signed_text(gpgv, keyring, path)
    else:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    return parse_release(base, text, signed=bool(keyring and gpgv))


def parse_release(url: str, text: str, *, signed: bool) -> Release:
    """Read the text of a release file."""
    from email.utils import parsedate_to_datetime

    date = re.search(r"^Date: (.+)$", text, re.MULTILINE)
    section = re.search(r"^SHA256:\n((?: .+\n)+)", text, re.MULTILINE)
    if not date or not section:
        raise ArchiveError(f"{url}/InRelease is no release file")
    entries = (line.split() for line in section[1].splitlines())
    files = {entry[2]: (entry[0], int(entry[1])) for entry in entries if len(entry) == 3}
    return Release(url, parsedate_to_datetime(date[1]).date().isoformat(), files, signed)


def _signed_text(gpgv: str, keyring: str, path: str) -> str:
    """Check the signature and return only what it covers."""
    plain = path + ".text"
    if os.path.exists(plain):
        os.unlink(plain)
    command = [gpgv, "--status-fd", "1", "--keyring", keyring, "--output", plain, path]
    status = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    # Several keys sign; one that the keyring knows is enough, a bad signature is too much.
    if "[GNUPG:] VALIDSIG" not in status or "[GNUPG:] BADSIG" in status or not os.path.isfile(plain):
        raise ArchiveError(f"the signature of {os.path.basename(path)} does not verify with {keyring}")
    with open(plain, encoding="utf-8") as file:
        return file.read()


def _fetch(url: str, path: str, digest: str, size: int, progress: Callable[[int], None]) -> None:
    """Download `url` to `path` unless it is there; go on with a part; refuse what has another checksum."""
    part = path + ".partial"
    for _ in range(_ATTEMPTS):
        if os.path.isfile(path) and _sha256(path) == digest:
            progress(size)
            return
        _continue(url, part, size, progress)
        if os.path.getsize(part) < size:
            continue
        if _sha256(part) == digest:
            os.replace(part, path)
        else:
            os.unlink(part)
    if not (os.path.isfile(path) and _sha256(path) == digest):
        raise ArchiveError(
            f"{url}: the checksum is not the one that the release file states, or it broke off"
        )


def _continue(url: str, part: str, size: int, progress: Callable[[int], None]) -> None:
    """Fetch what is missing of a part; a connection that breaks off leaves a longer part."""
    there = os.path.getsize(part) if os.path.exists(part) else 0
    if there >= size:
        return
    with _open(url, there) as answer, open(part, "r+b" if there else "wb") as file:
        # A server that cannot resume sends it all again, from the start.
        there = there if answer.status == 206 else 0
        file.seek(there)
        file.truncate()
        for chunk in _chunks(answer):
            file.write(chunk)  # a full disk is no broken connection: that error goes up
            there += len(chunk)
            progress(there)


def _chunks(answer: IO[bytes]) -> Iterator[bytes]:
    """Yield what an answer sends, to its end or until it breaks off."""
    from http.client import HTTPException

    while True:
        try:
            chunk = answer.read(1 << 18)
        except (OSError, HTTPException):
            return
        if not chunk:
            return
        yield chunk


def _open(url: str, start: int = 0):  # type: ignore[no-untyped-def]
    """Open a URL from byte `start` on."""
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    if not url.startswith(("http://", "https://")):
        raise ArchiveError(f"{url}: only http and https are read")
    try:
        request = Request(url, headers={"Range": f"bytes={start}-"} if start else {})
        return urlopen(request, timeout=60)
    except HTTPError as error:
        raise ArchiveError(f"{url}: {error}{_hint(error.code)}") from error
    except (URLError, TimeoutError, OSError) as error:
        raise ArchiveError(f"{url} cannot be reached: {getattr(error, 'reason', error)}") from error


def _hint(status: int) -> str:
    return ": the archive has no such suite" if status == 404 else ""


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

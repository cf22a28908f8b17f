"""Fetching and checking an archive: a small one, served here, signed with a key made for the test."""

from __future__ import annotations

import hashlib
import lzma
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from bpopt.apt import archive, catalog, update
from bpopt.apt.archive import ArchiveError

INDEX = """Package: libc
Version: 2.0-1
Architecture: amd64
Size: 100
Installed-Size: 7

Package: app
Version: 1.0
Architecture: all
Depends: libc (>= 2)
Size: 20
Installed-Size: 1
"""
POCKETS = ("tiny", "tiny-updates", "tiny-security")


class Site(BaseHTTPRequestHandler):
    """Serves a table of files, with ranges; notes the ranges asked for."""

    files: ClassVar[dict[str, bytes]] = {}
    ranges: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        data = self.files.get(self.path)
        if data is None:
            self.send_error(404)
            return
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        if asked:
            self.ranges.append(asked)
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start:])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.files, Site.ranges = {}, []
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    yield
    catalog.for_suite.cache_clear()
    catalog.for_stack.cache_clear()


def publish(sign: str | None = None, index: str = INDEX) -> str:
    """Put the pockets on the site, signed by the key in the folder `sign`; return the digest of the index."""
    packed = lzma.compress(index.encode())
    digest = hashlib.sha256(packed).hexdigest()
    for pocket in POCKETS:
        names = [f"{component}/binary-amd64/Packages.xz" for component in ("main", "universe")]
        sums = "".join(f" {digest} {len(packed)} {name}\n" for name in names)
        text = f"Suite: {pocket}\nDate: Sun, 22 Nov 2026 10:00:00 UTC\nSHA256:\n{sums}"
        Site.files[f"/dists/{pocket}/InRelease"] = clear_signed(text, sign) if sign else text.encode()
        for component in ("main", "universe"):
            Site.files[f"/dists/{pocket}/{component}/binary-amd64/by-hash/SHA256/{digest}"] = packed
    return digest


def clear_signed(text: str, home: str) -> bytes:
    command = ["gpg", "--homedir", home, "--batch", "--clearsign"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout


def test_builds_what_the_archive_has(site: str) -> None:
    publish()
    seen: list[tuple[int, int]] = []
    entry = update.update(
        "tiny", mirror=site, keyring="/nowhere", progress=lambda _, size, there: seen.append((there, size))
    )
    assert (entry.suite, entry.date, entry.packages, entry.verified) == ("tiny", "2026-11-22", 2, "checksum")
    assert seen
    assert all(there <= size for there, size in seen)
    found = catalog.for_suite("tiny")
    assert found is not None
    assert [package.name for package in found.closure(["app"]).packages] == ["app", "libc"]
    assert found.closure(["app"]).unpacked == 8 * 1024
    assert [each.suite for each in update.available() if not each.shipped] == ["tiny"]


def test_goes_on_where_a_download_stopped(site: str, tmp_path: Path) -> None:
    digest = publish()
    folder = tmp_path / "cache" / "bpopt" / "apt" / "tiny"
    folder.mkdir(parents=True)
    (folder / f"{digest}.xz.partial").write_bytes(lzma.compress(INDEX.encode())[:50])
    assert update.update("tiny", mirror=site, keyring="/nowhere").packages == 2
    assert Site.ranges == ["bytes=50-"]
    assert os.listdir(folder) == []


def test_a_bad_part_is_fetched_again(site: str, tmp_path: Path) -> None:
    digest = publish()
    folder = tmp_path / "cache" / "bpopt" / "apt" / "tiny"
    folder.mkdir(parents=True)
    (folder / f"{digest}.xz.partial").write_bytes(b"x" * 50)
    assert update.update("tiny", mirror=site, keyring="/nowhere").packages == 2


def test_refuses_what_the_release_file_does_not_state(site: str) -> None:
    publish()
    before = update.update("tiny", mirror=site, keyring="/nowhere")
    for path in Site.files:
        if "by-hash" in path:
            Site.files[path] = lzma.compress(b"Package: evil\nVersion: 1\n")
    with pytest.raises(ArchiveError, match="checksum"):
        update.update("tiny", mirror=site, keyring="/nowhere")
    assert before in update.available()


def test_a_missing_suite_is_told(site: str) -> None:
    with pytest.raises(ArchiveError, match="404"):
        update.update("tiny", mirror=site)
    with pytest.raises(ArchiveError, match="give its mirror"):
        update.update("tiny")
    with pytest.raises(ArchiveError, match="no suite name"):
        update.update("../tiny", mirror=site)


@pytest.mark.rare
@pytest.mark.skipif(not (shutil.which("gpg") and shutil.which("gpgv")), reason="gpg is not here")
def test_checks_the_signature(site: str, tmp_path: Path) -> None:
    home, keyring = str(tmp_path / "gnupg"), str(tmp_path / "archive.gpg")
    os.mkdir(home, 0o700)
    gpg = ["gpg", "--homedir", home, "--batch", "--passphrase", ""]
    subprocess.run(
        [*gpg, "--quick-generate-key", "Archive <a@example.org>", "ed25519"], check=True, capture_output=True
    )
    subprocess.run([*gpg, "--output", keyring, "--export"], check=True, capture_output=True)
    try:
        publish(home)
        assert update.update("tiny", mirror=site, keyring=keyring).verified == "signature"
        for pocket in POCKETS:
            path = f"/dists/{pocket}/InRelease"
            Site.files[path] = Site.files[path].replace(b"10:00:00", b"11:00:00")
        with pytest.raises(ArchiveError, match="signature"):
            update.update("tiny", mirror=site, keyring=keyring)
    finally:
        subprocess.run(
            ["gpgconf", "--homedir", home, "--kill", "gpg-agent"], check=False, capture_output=True
        )


def test_the_archives_known() -> None:
    assert archive.origin("noble").components == ("main", "universe")
    assert archive.origin("trixie").pockets[2] == ("http://deb.debian.org/debian-security", "{}-security")
    assert (
        archive.origin("noble", "http://mirror.example.org/ubuntu/").pockets[1][0]
        == "http://mirror.example.org/ubuntu"
    )

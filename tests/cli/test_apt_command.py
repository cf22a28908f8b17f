"""`bpopt apt` and `bpopt catalog` as a user calls them."""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.test_commands import bpopt

LIST = "libgtk-3-dev\nlibsm6 libice6\n"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "Aptfile").write_text(LIST)
    return tmp_path


def told(folder: Path, *arguments: str) -> dict[str, object]:
    done = bpopt(folder, "apt", *arguments, "--format", "json")
    assert not done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_size_has_each_line_and_the_sum(app: Path) -> None:
    done = bpopt(app, "apt", "size", "--stack", "heroku-24")
    assert done.returncode == 0
    assert "libsm6 libice6" in done.stdout
    assert "in all" in done.stdout
    assert "index of noble" in done.stdout


def test_json_names_file_platform_and_stack(app: Path) -> None:
    found = told(app, "tree", "--stack", "heroku-22")
    assert (found["file"], found["platform"], found["stack"]) == ("Aptfile", "heroku", "heroku-22")
    assert found["suite"] == "jammy"
    assert [line["line"] for line in found["lines"]] == [["libgtk-3-dev"], ["libsm6", "libice6"]]  # type: ignore[attr-defined]


def test_the_tree_has_what_brings_what(app: Path) -> None:
    out = bpopt(app, "apt", "tree", "--stack", "heroku-24").stdout
    assert out.index("libgtk-3-dev") < out.index("libwayland-dev") < out.index("libsm6 libice6")


def test_why_shows_the_way_and_fails_for_what_nothing_brings(app: Path) -> None:
    found = bpopt(app, "apt", "why", "libwayland-dev", "--stack", "heroku-24")
    assert found.returncode == 0
    assert "libgtk-3-dev needs libwayland-dev" in found.stdout
    assert bpopt(app, "apt", "why", "gimp", "--stack", "heroku-24").returncode == 1


def test_a_refused_name_is_said_and_counts(tmp_path: Path) -> None:
    (tmp_path / "Aptfile").write_text("nosuchthing\n")
    done = bpopt(tmp_path, "apt", "size", "--stack", "heroku-24")
    assert done.returncode == 1
    assert "refused: nosuchthing" in done.stdout


def test_addresses_are_said_to_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "Aptfile").write_text("libsm6\nhttps://example.org/a.deb\n")
    assert "left out" in bpopt(tmp_path, "apt", "size").stderr


def test_no_list_is_nothing_to_look_at(tmp_path: Path) -> None:
    done = bpopt(tmp_path, "apt", "size")
    assert (done.returncode, done.stdout) == (3, "")
    assert "no apt list" in done.stderr


def test_fir_reads_project_toml_and_leaves_the_image_alone(tmp_path: Path) -> None:
    (tmp_path / "Aptfile").write_text("libgtk-3-dev\n")
    (tmp_path / "project.toml").write_text(
        '[_]\nschema-version = "0.2"\n[com.heroku.buildpacks.deb-packages]\ninstall = ["libgl1", "libsm6"]\n'
    )
    found = told(tmp_path, "size", "--platform", "heroku-fir")
    assert found["file"] == "project.toml"
    lines = found["lines"]
    assert isinstance(lines, list)
    assert [line["line"] for line in lines] == [["libgl1"], ["libsm6"]]
    assert lines[1]["own"]["packages"] == 0


SAMPLE = Path(__file__).resolve().parents[2] / "sample_app"
GONE = ("libatlas-base-dev", "libsm6", "libice6")


def without(suite: str) -> dict[str, object]:
    flags = [part for name in GONE for part in ("--without", name)]
    found = told(SAMPLE, "size", "--suite", suite, *flags)["without"]
    assert isinstance(found, dict)
    return found


def test_what_the_three_lines_of_the_sample_app_really_save() -> None:
    """Real apt on bookworm, nothing installed, 2026-11-23: two packages, 6,815,624 bytes, 36.2 MB unpacked."""
    found = without("bookworm")
    assert (found["packages"], found["size"], found["unpacked"]) == (2, 6_815_624, 36_191_232)
    lines = {line["line"][0]: line for line in told(SAMPLE, "size", "--suite", "bookworm")["lines"]}  # type: ignore[attr-defined]
    assert lines["libsm6"]["marginal"]["unpacked"] == 0
    assert lines["libice6"]["marginal"]["unpacked"] == 0
    assert 440e6 < lines["libgtk-3-dev"]["marginal"]["unpacked"] < 450e6
    why = bpopt(SAMPLE, "apt", "why", "libice6", "--suite", "bookworm").stdout
    assert "libgtk-3-dev needs" in why


def test_lines_that_are_not_there_and_suites_without_a_catalog_are_told(app: Path) -> None:
    done = bpopt(app, "apt", "size", "--without", "libsm", "--stack", "heroku-24")
    assert done.returncode == 1
    assert "--without libsm: the list has no such line" in done.stderr
    done = bpopt(app, "apt", "size", "--suite", "sid")
    assert done.returncode == 2
    assert "bookworm" in done.stderr


def test_unknown_platform_is_a_usage_error(app: Path) -> None:
    done = bpopt(app, "apt", "size", "--platform", "herok")
    assert done.returncode == 2
    assert "heroku" in done.stderr


def test_catalog_list_says_what_is_there(tmp_path: Path) -> None:
    done = bpopt(tmp_path, "catalog", "list", "--format", "json", XDG_DATA_HOME=str(tmp_path))
    entries = {entry["suite"]: entry for entry in json.loads(done.stdout)}
    assert {"jammy", "noble", "bookworm"} <= set(entries)
    assert "heroku-24" in entries["noble"]["stacks"]
    assert all(entry["shipped"] for entry in entries.values())
    assert "heroku-24" in bpopt(tmp_path, "catalog", "list", XDG_DATA_HOME=str(tmp_path)).stdout


def test_catalog_update_says_what_went_wrong(tmp_path: Path) -> None:
    data, cache = str(tmp_path / "data"), str(tmp_path / "cache")
    update = ("catalog", "update", "--suite")
    done = bpopt(tmp_path, *update, "nosuchsuite", XDG_DATA_HOME=data, XDG_CACHE_HOME=cache)
    assert done.returncode == 2
    assert "nosuchsuite" in done.stderr
    mirror = ("noble", "--mirror", "http://127.0.0.1:9")
    done = bpopt(tmp_path, *update, *mirror, XDG_DATA_HOME=data, XDG_CACHE_HOME=cache)
    assert done.returncode == 2
    assert "127.0.0.1" in done.stderr
    assert not list(Path(data).rglob("*.sqlite"))


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    """A served archive of one package, unsigned."""
    packed = lzma.compress(b"Package: only\nVersion: 1\nArchitecture: all\nSize: 5\nInstalled-Size: 1\n")
    digest = hashlib.sha256(packed).hexdigest()
    root = tmp_path / "site"
    for pocket in ("tiny", "tiny-updates", "tiny-security"):
        names = [f"{component}/binary-amd64" for component in ("main", "universe")]
        for name in names:
            folder = root / "dists" / pocket / name / "by-hash" / "SHA256"
            folder.mkdir(parents=True)
            (folder / digest).write_bytes(packed)
        sums = "".join(f" {digest} {len(packed)} {name}/Packages.xz\n" for name in names)
        release = f"Suite: {pocket}\nDate: Sun, 22 Nov 2026 10:00:00 UTC\nSHA256:\n{sums}"
        (root / "dists" / pocket / "InRelease").write_text(release)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.mark.skipif(not shutil.which("bash"), reason="bash sets the limit")
def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path, mirror: str) -> None:
    """A limit on the size of files stands in for a full disk: the write fails alike."""
    environment = {
        **os.environ,
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    command = f"ulimit -f 2; exec {sys.executable} -m bpopt catalog update --suite tiny --mirror {mirror}"
    done = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("bpopt: tiny: ")
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "data").rglob("*.sqlite*"))


def test_catalog_update_builds_what_list_then_shows(tmp_path: Path, mirror: str) -> None:
    data, cache = str(tmp_path / "data"), str(tmp_path / "cache")
    arguments = ("catalog", "update", "--suite", "tiny", "--mirror", mirror)
    keyring = tmp_path / "none.gpg"
    keyring.write_bytes(b"")
    done = bpopt(tmp_path, *arguments, XDG_DATA_HOME=data, XDG_CACHE_HOME=cache, PATH="")
    assert done.returncode == 0, done.stderr
    assert "tiny: 1 packages of 2026-11-22, checked by checksum" in done.stdout
    assert "the signature was not checked" in done.stderr
    listed = bpopt(tmp_path, "catalog", "list", "--format", "json", XDG_DATA_HOME=data)
    assert {entry["suite"]: entry["shipped"] for entry in json.loads(listed.stdout)}["tiny"] is False
    refused = bpopt(
        tmp_path,
        *arguments,
        "--keyring",
        str(keyring),
        XDG_DATA_HOME=str(tmp_path / "b"),
        XDG_CACHE_HOME=cache,
    )
    if shutil.which("gpgv"):
        assert refused.returncode == 2
        assert "signature" in refused.stderr

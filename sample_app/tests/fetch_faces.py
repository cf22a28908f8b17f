"""Fetch the photos of two people that come with the source of face_recognition 1.3.0.

They are official photographs that may not be altered or republished, so they are fetched when wanted and
never committed. The sdist is checked against its hash.

    python tests/fetch_faces.py
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

SDIST_HASH = "sha256:5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec"
WANTED = ("obama.jpg", "obama2.jpg", "obama3.jpg", "obama_partial_face.jpg", "biden.jpg", "32bit.png")
FETCHED = Path(__file__).parent / "faces" / "fetched"


def fetch(target: Path = FETCHED) -> list[Path]:
    """Download the sdist with pip and put the photos WANTED into `target`; the paths of the photos."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one.txt").write_text(f"face_recognition==1.3.0 --hash={SDIST_HASH}\n")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        what = ["--no-binary", "face_recognition", "-r", str(folder / "one.txt"), "-d", name]
        subprocess.run([*pip, *what], check=True)
        (sdist,) = folder.glob("*.tar.gz")
        return _unpack(sdist, target)


def _unpack(sdist: Path, target: Path) -> list[Path]:
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(sdist) as archive:
        for name in WANTED:
            member = archive.extractfile(f"face_recognition-1.3.0/tests/test_images/{name}")
            assert member is not None
            (target / name).write_bytes(member.read())
    return [target / name for name in WANTED]


if __name__ == "__main__":
    for path in fetch():
        print(path)

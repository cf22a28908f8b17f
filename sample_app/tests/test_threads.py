"""Different photos in flight at once get the same answers as one after the other.

One photo repeated would prove nothing: a detector shared by threads then mixes up equal things
(https://github.com/ageitgey/face_recognition/issues/1409).
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageOps

import faces
import looking
import photos
from conftest import encoded, form

if TYPE_CHECKING:
    from flask.testing import FlaskClient

APP = Path(__file__).parent.parent

Recognise = Callable[[bytes], dict[str, Any]]


@pytest.fixture
def pictures(astronaut: Image.Image) -> list[bytes]:
    """Pictures whose sizes and faces differ, so that no two have the same answer."""
    return [
        encoded(astronaut),
        encoded(ImageOps.mirror(astronaut).resize((700, 640))),
        encoded(astronaut.crop((60, 0, 420, 330)).resize((900, 825))),
        encoded(ImageOps.expand(astronaut, (300, 40, 10, 90), "grey")),
    ]


def answers_in_flight(recognise: Recognise, pictures: list[bytes], threads: int, rounds: int) -> list[bool]:
    """Each thread goes through the pictures from another start; was each answer that of a quiet moment?"""
    expected = [recognise(picture) for picture in pictures]
    assert len({json.dumps(answer) for answer in expected}) == len(pictures)

    def one_thread(start: int) -> list[bool]:
        order = [(start + step) % len(pictures) for step in range(rounds * len(pictures))]
        return [recognise(pictures[index]) == expected[index] for index in order]

    with ThreadPoolExecutor(threads) as pool:
        return [right for rights in pool.map(one_thread, range(threads)) for right in rights]


def test_four_threads_find_and_encode(pictures: list[bytes]) -> None:
    def recognise(picture: bytes) -> dict[str, Any]:
        pixels = photos.read(picture).pixels
        boxes = faces.find(pixels)
        return {"boxes": boxes, "encodings": [list(encoding) for encoding in faces.encode(pixels, boxes)]}

    answers = answers_in_flight(recognise, pictures, threads=4, rounds=3)
    assert answers == [True] * 48


def test_each_thread_has_its_own_detector() -> None:
    together = threading.Barrier(4)

    def detector(_: int) -> Any:
        together.wait(timeout=10)
        return faces._detector()

    with ThreadPoolExecutor(4) as pool:
        detectors = list(pool.map(detector, range(4)))
        assert len({id(one) for one in detectors}) == 4
        assert {id(one) for one in pool.map(detector, range(4))} == {id(one) for one in detectors}


def test_health_answers_while_photos_wait(client: FlaskClient, pictures: list[bytes]) -> None:
    with ThreadPoolExecutor(8) as pool:
        seen = [pool.submit(looking.look, picture) for picture in pictures * 2]
        assert client.get("/health").status_code == 200
        assert not all(look.done() for look in seen)
        assert all(len(look.result().boxes) == 1 for look in seen)


DEPLOYED = "--workers 2"
IMPROVED = "--workers 2 --threads 4 --max-requests 1000 --max-requests-jitter 100 --preload"


@pytest.fixture(params=["--workers 1", DEPLOYED, IMPROVED])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """host:port of the app under gunicorn, and the path of gunicorn's log."""
    log = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "app:app", *request.param.split(), "--no-control-socket"]
    environment = {**os.environ, "FACES_DB": str(tmp_path / "faces.sqlite3")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--bind", "127.0.0.1:0"], cwd=APP, env=environment, stderr=output, stdout=output
        )
    try:
        yield _address(log, process), log
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0  # a worker that hangs in the detector would not stop


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        if found := re.search(r"Listening at: http://(\S+)", log.read_text()):
            return found[1]
        with pytest.raises(subprocess.TimeoutExpired):  # it is still running
            process.wait(timeout=0.1)
    raise AssertionError(log.read_text())


def test_eight_clients_of_gunicorn(
    server: tuple[str, Path], astronaut: Image.Image, pictures: list[bytes]
) -> None:
    address, log = server
    assert _post(address, "enrol", encoded(astronaut), name="Eileen Collins")["person"]["id"] == 1

    def recognise(picture: bytes) -> dict[str, Any]:
        return _post(address, "recognise", picture)

    answers = answers_in_flight(recognise, pictures, threads=8, rounds=1)
    assert answers == [True] * 32
    assert "was sent SIG" not in log.read_text()  # what gunicorn says of a worker that crashed


def _post(address: str, action: str, photo: bytes, **fields: str) -> dict[str, Any]:
    sent = form(photo, **fields)
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("POST", f"/api/{action}", sent["data"], {"Content-Type": sent["content_type"]})
    response = connection.getresponse()
    answer: dict[str, Any] = json.loads(response.read())
    connection.close()
    assert response.status in (200, 201), answer
    return answer

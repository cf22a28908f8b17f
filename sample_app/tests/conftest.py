from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import stack

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from PIL import Image

HERE = Path(__file__).parent
FETCHED = HERE / "faces" / "fetched"

Post = Callable[..., tuple[int, dict[str, Any]]]

# The other tests import the app, so without its requirements they cannot even be read.
if stack.missing():
    collect_ignore = [path.name for path in HERE.glob("test_*.py") if path.name != "test_stack.py"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail if a test was skipped, for CI")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def astronaut() -> Iterator[Image.Image]:
    """Eileen Collins: 512 x 512, one face."""
    from PIL import Image

    with Image.open(HERE / "faces" / "astronaut.png") as image:
        yield image.convert("RGB")


@pytest.fixture
def fetched() -> Callable[[str], bytes]:
    """Bytes of a photo that tests/fetch_faces.py fetches."""

    def read(name: str) -> bytes:
        if not (FETCHED / name).exists():
            pytest.skip("two people's photos are not here; in sample_app: python tests/fetch_faces.py")
        return (FETCHED / name).read_bytes()

    return read


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A client of the app with an empty store."""
    from app import create_app

    return create_app({"FACES_DB": str(tmp_path / "data" / "faces.sqlite3"), "TESTING": True}).test_client()


@pytest.fixture
def post(client: FlaskClient) -> Post:
    """Post a photo, bytes or image, to the API; its status and answer."""

    def send(action: str, photo: Any = None, name: str | None = None) -> tuple[int, dict[str, Any]]:
        photos = [] if photo is None else [photo if isinstance(photo, bytes) else encoded(photo)]
        response = client.post(f"/api/{action}", **form(*photos, **({} if name is None else {"name": name})))
        assert response.is_json, response.data
        return response.status_code, response.json or {}

    return send


def form(*photos: bytes, **fields: str) -> dict[str, Any]:
    """A form as a browser sends it: body (`data`) and `content_type`."""
    mark = uuid.uuid4().hex
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [('name="photo"; filename="photo"', photo) for photo in photos]
    body = b"".join(
        f"--{mark}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in parts
    )
    return {
        "data": body + f"--{mark}--\r\n".encode(),
        "content_type": f"multipart/form-data; boundary={mark}",
    }


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The image as the bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()

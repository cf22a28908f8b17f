"""The API and the page beyond recognition itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from conftest import Post, encoded, form

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def test_health_is_cheap(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.connect", lambda path: pytest.fail("the store was opened"))
    response = client.get("/health")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_people_are_listed_and_removed(client: FlaskClient, post: Post, astronaut: Image.Image) -> None:
    assert client.get("/api/people").json == {"people": []}
    post("enrol", astronaut, name="Eileen Collins")
    answer = post("enrol", astronaut, name="  eileen   collins ")[1]
    assert answer["person"] == {"id": 1, "name": "Eileen Collins", "photos": 2}
    assert client.get("/api/people").json == {"people": [answer["person"]]}

    assert client.delete("/api/people/1").status_code == 204
    assert client.delete("/api/people/1").status_code == 404
    assert client.get("/api/people").json == {"people": []}
    assert post("recognise", astronaut)[1]["faces"][0]["person"] is None


@pytest.mark.parametrize(
    ("name", "code"), [(None, "no_name"), ("  \t ", "no_name"), ("x" * 81, "bad_name"), ("a\0b", "bad_name")]
)
def test_a_bad_name(post: Post, astronaut: Image.Image, name: str | None, code: str) -> None:
    status, answer = post("enrol", astronaut, name=name)
    assert (status, answer["error"]["code"]) == (400, code)


@pytest.mark.parametrize("photo", [None, b""])
def test_no_photo(post: Post, photo: bytes | None) -> None:
    status, answer = post("recognise", photo)
    assert (status, answer["error"]["code"]) == (400, "no_photo")


def test_not_an_image(post: Post) -> None:
    status, answer = post("recognise", b"GIF89a, but not really")
    assert (status, answer["error"]["code"]) == (415, "not_an_image")


def test_too_many_bytes(client: FlaskClient, post: Post) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 2 * 1024 * 1024
    status, answer = post("recognise", bytes(3 * 1024 * 1024))
    assert (status, answer["error"]["code"]) == (413, "too_large")
    assert "2 MB" in answer["error"]["message"]


def test_errors_of_the_api_are_json(client: FlaskClient) -> None:
    for response, status in ((client.get("/api/nothing"), 404), (client.get("/api/enrol"), 405)):
        assert response.status_code == status
        assert set((response.json or {})["error"]) == {"code", "message"}


def test_the_page_works_without_javascript(client: FlaskClient, astronaut: Image.Image) -> None:
    def submit(action: str, **fields: str) -> tuple[int, str]:
        response = client.post(action, **form(b"", encoded(astronaut), **fields))  # camera unused, album used
        return response.status_code, response.text

    empty = client.get("/")
    assert "Nobody yet" in empty.text
    assert '<meta name="viewport" content="width=device-width' in empty.text
    assert 'capture="environment"' in empty.text

    status, text = submit("/enrol", name="<b>Eileen</b>")
    assert status == 201
    assert "&lt;b&gt;Eileen&lt;/b&gt; is enrolled" in text
    assert "<b>Eileen" not in text
    status, text = submit("/recognise")
    assert status == 200
    assert "<strong>&lt;b&gt;Eileen&lt;/b&gt;</strong>" in text

    assert client.post("/people/1/remove").location == "/"
    assert "Nobody yet" in client.get("/").text


def test_the_page_shows_what_was_wrong(client: FlaskClient) -> None:
    response = client.post("/recognise", **form(b"nonsense"))
    assert response.status_code == 415
    assert 'role="alert">This is not a JPEG, PNG or WebP image.' in response.text


def test_nothing_foreign_may_be_loaded(client: FlaskClient) -> None:
    assert "default-src 'self'" in client.get("/").headers["Content-Security-Policy"]
    for path in ("/", "/static/page.css", "/static/page.js"):
        with client.get(path) as response:
            assert not re.search("https?://", response.get_data(as_text=True)), path

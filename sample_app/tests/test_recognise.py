"""Real faces: enrolled, and recognised in other pictures of the same person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageEnhance, ImageOps

from conftest import Post, encoded

Fetched = Callable[[str], bytes]

CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "the same": lambda image: image,
    "mirrored": ImageOps.mirror,
    "larger than a megapixel": lambda image: image.resize((1536, 1536)),
    "smaller": lambda image: image.resize((320, 320)),  # the face is 55 pixels wide: found at the second look
    "cropped": lambda image: image.crop((100, 20, 400, 320)),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.5),
    "grey": ImageOps.grayscale,
}


def names(answer: dict[str, Any]) -> list[str | None]:
    """Who was recognised, from left to right."""
    return [face["person"] and face["person"]["name"] for face in answer["faces"]]


@pytest.mark.parametrize("change", CHANGES)
def test_someone_enrolled_is_recognised(post: Post, astronaut: Image.Image, change: str) -> None:
    status, answer = post("enrol", astronaut, name="Eileen Collins")
    assert (status, answer["person"]) == (201, {"id": 1, "name": "Eileen Collins", "photos": 1})

    changed = CHANGES[change](astronaut)
    status, answer = post("recognise", changed)
    assert status == 200
    assert names(answer) == ["Eileen Collins"]
    assert (answer["width"], answer["height"]) == changed.size


def test_the_box_is_in_pixels_of_the_photo_as_it_was_sent(post: Post, astronaut: Image.Image) -> None:
    (small,) = post("recognise", astronaut)[1]["faces"]
    (large,) = post("recognise", astronaut.resize((2048, 2048)))[1]["faces"]
    for side, value in small["box"].items():
        assert large["box"][side] == pytest.approx(4 * value, abs=40)


def test_nobody_is_recognised_before_anyone_is_enrolled(post: Post, astronaut: Image.Image) -> None:
    status, answer = post("recognise", astronaut)
    assert status == 200
    assert names(answer) == [None]
    assert answer["faces"][0]["distance"] is None


def test_a_picture_without_a_face(post: Post, astronaut: Image.Image) -> None:
    flag = astronaut.crop((0, 0, 120, 300))
    for answer in (post("recognise", flag), post("enrol", flag, name="Flag")):
        assert (answer[0], answer[1]["error"]["code"]) == (422, "no_face")


def test_two_faces_are_both_recognised_but_not_enrolled(post: Post, astronaut: Image.Image) -> None:
    twice = Image.new("RGB", (1024, 512))
    twice.paste(astronaut, (0, 0))
    twice.paste(ImageOps.mirror(astronaut), (512, 0))

    status, answer = post("enrol", twice, name="Eileen Collins")
    assert (status, answer["error"]["code"]) == (422, "several_faces")
    assert "2 faces" in answer["error"]["message"]

    post("enrol", astronaut, name="Eileen Collins")
    status, answer = post("recognise", twice)
    assert names(answer) == ["Eileen Collins", "Eileen Collins"]
    left, right = (face["box"] for face in answer["faces"])
    assert left["right"] < 512 < right["left"]


def test_different_people_are_told_apart(post: Post, astronaut: Image.Image, fetched: Fetched) -> None:
    assert post("enrol", fetched("obama.jpg"), name="Barack Obama")[0] == 201
    assert names(post("recognise", fetched("biden.jpg"))[1]) == [None]
    assert names(post("recognise", astronaut)[1]) == [None]

    post("enrol", fetched("biden.jpg"), name="Joe Biden")
    post("enrol", astronaut, name="Eileen Collins")
    for photo in ("obama2.jpg", "obama3.jpg", "obama_partial_face.jpg", "32bit.png"):
        assert names(post("recognise", fetched(photo))[1]) == ["Barack Obama"], photo
    assert names(post("recognise", encoded(ImageOps.mirror(astronaut)))[1]) == ["Eileen Collins"]


def test_a_stricter_distance_knows_fewer(client: Any, post: Post, fetched: Fetched) -> None:
    post("enrol", fetched("obama.jpg"), name="Barack Obama")
    distance = post("recognise", fetched("obama2.jpg"))[1]["faces"][0]["distance"]
    assert 0.3 < distance < 0.4

    client.application.config["MATCH_DISTANCE"] = distance - 0.01
    assert names(post("recognise", fetched("obama2.jpg"))[1]) == [None]

"""Uploads: what is accepted, what is refused, and what detection is given."""

from __future__ import annotations

import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

import photos
from conftest import Post, encoded
from refusal import Refused

# How a camera's sensor sees what, turned by this orientation, is upright again.
AS_SEEN = {
    1: lambda image: image,
    2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
    4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
    6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
    7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
    8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
}


def refusal(data: bytes) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        photos.read(data)
    return caught.value.status, caught.value.code


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and has none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", AS_SEEN)
def test_a_turned_photo_is_made_upright(astronaut: Image.Image, orientation: int, kind: str) -> None:
    wide = astronaut.crop((0, 0, 512, 300))
    exif = Image.Exif()
    exif[photos.ORIENTATION] = orientation
    photo = photos.read(encoded(AS_SEEN[orientation](wide), kind, exif=exif))
    assert (photo.width, photo.height, photo.scale) == (512, 300, 1)
    assert np.abs(photo.pixels.astype(int) - np.asarray(wide)).mean() < 6  # JPEG and WebP lose a little


@pytest.mark.parametrize("mode", ["P", "RGBA", "L"])
def test_other_colour_modes_are_turned_too(mode: str) -> None:
    exif = Image.Exif()
    exif[photos.ORIENTATION] = 6
    photo = photos.read(encoded(Image.new(mode, (1500, 900)), exif=exif))
    assert (photo.width, photo.height) == (900, 1500)
    assert photo.pixels.shape[0] > photo.pixels.shape[1]


def test_a_face_is_found_in_a_photo_taken_sideways(post: Post, astronaut: Image.Image) -> None:
    exif = Image.Exif()
    exif[photos.ORIENTATION] = 6
    sideways = AS_SEEN[6](astronaut.crop((0, 0, 512, 400)))
    assert post("recognise", encoded(sideways, "JPEG"))[1]["error"]["code"] == "no_face"

    status, answer = post("recognise", encoded(sideways, "JPEG", exif=exif))
    assert (status, answer["width"], answer["height"]) == (200, 512, 400)
    upright = post("recognise", astronaut)[1]["faces"][0]["box"]
    for side, value in answer["faces"][0]["box"].items():
        assert value == pytest.approx(upright[side], abs=12)


@pytest.mark.parametrize(
    "size", [(4000, 3000), (3000, 4000), (20_000, 500), (1001, 1000), (999, 999), (1, 1)]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_detection_sees_a_megapixel_at_most(size: tuple[int, int], kind: str) -> None:
    photo = photos.read(encoded(Image.new("RGB", size, "teal"), kind))
    rows, columns, colours = photo.pixels.shape
    assert (photo.width, photo.height) == size
    assert colours == 3
    assert rows * columns <= 1.01 * photos.WORKING_PIXELS
    assert rows * columns >= 0.97 * min(photos.WORKING_PIXELS, size[0] * size[1])
    assert photo.scale == pytest.approx(size[0] / columns)
    assert photo.scale == pytest.approx(size[1] / rows, rel=0.01)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK"])
@pytest.mark.parametrize("side", [512, 1536])
def test_every_colour_mode_becomes_rgb(astronaut: Image.Image, mode: str, side: int) -> None:
    image = astronaut.resize((side, side)).convert(mode)
    photo = photos.read(encoded(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert photo.pixels.shape[2] == 3
    assert photo.pixels.dtype == np.uint8
    grey = np.asarray(astronaut.convert("L").resize(photo.pixels.shape[1::-1])).astype(int)
    assert np.abs(photo.pixels.mean(axis=2) - grey).mean() < 12  # a palette of the web's colours is the worst


@pytest.mark.parametrize(
    "data", [b"\0", b"plain text", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_image_is_unsupported(data: bytes) -> None:
    assert refusal(data) == (415, "not_an_image")


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM"])
def test_other_formats_are_unsupported(astronaut: Image.Image, kind: str) -> None:
    assert refusal(encoded(astronaut, kind)) == (415, "not_an_image")


@pytest.mark.parametrize("side", [3606, 10_000, 14_000, 60_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    """It holds no pixel at all: had anything been decoded, it would have been called damaged."""
    assert refusal(png_header(side, side)) == (413, "too_many_pixels")
    assert refusal(png_header(64, 64)) == (400, "damaged_image")


@pytest.mark.parametrize(
    ("side", "progressive", "code"),
    [
        (4990, False, "fine"),
        (5001, False, "too_many_pixels"),
        (3600, True, "fine"),
        (3606, True, "too_many_pixels"),
    ],
)
def test_a_progressive_jpeg_may_have_fewer_pixels(side: int, progressive: bool, code: str) -> None:
    """Its coefficients are all in memory before the first pixel is."""
    assert outcome(encoded(Image.new("RGB", (side, side)), "JPEG", progressive=progressive)) == code


def test_a_real_bomb(post: Post) -> None:
    bomb = encoded(Image.new("1", (20_000, 20_000)))  # 400 megapixels
    assert len(bomb) < 100_000
    status, answer = post("recognise", bomb)
    assert (status, answer["error"]["code"]) == (413, "too_many_pixels")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_image_cut_short_is_damaged(astronaut: Image.Image, kind: str) -> None:
    data = encoded(astronaut, kind)
    assert refusal(data[: len(data) // 2]) == (400, "damaged_image")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damage_is_refused_or_survived_but_never_an_error(astronaut: Image.Image, kind: str) -> None:
    whole = encoded(astronaut.resize((64, 64)), kind)
    chance = random.Random(kind)
    outcomes = []
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data) if chance.random() < 0.5 else 80)] = chance.randrange(256)
        outcomes.append(
            outcome(bytes(data[: chance.randint(1, len(data))] if chance.random() < 0.3 else data))
        )
    assert outcomes.count("damaged_image") > 50
    assert outcomes.count("not_an_image") > 5


def outcome(data: bytes) -> str:
    """ "fine", or the code of the refusal; any other exception comes through."""
    try:
        photos.read(data)
    except Refused as refused:
        return refused.code
    return "fine"

"""From the bytes of an upload to the pixels a face detector should see."""

from __future__ import annotations

import io
import math
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from refusal import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
WORKING_PIXELS = 1_000_000  # what detection sees; its time and memory grow with the pixels

# A phone's photo has 12 to 24 million pixels. An ordinary JPEG can be decoded straight to a fraction of its size;
# everything else is in memory whole before it can be shrunk, at four bytes and more for a pixel.
MAX_PIXELS = 25_000_000
MAX_PIXELS_WHOLE = 13_000_000

ORIENTATION = 0x0112  # the EXIF tag
QUARTER_TURNS = (5, 6, 7, 8)  # its values that swap width and height

# Our own limit is lower than Pillow's, and refuses where Pillow would only warn in the log.
Image.MAX_IMAGE_PIXELS = None


class Photo(NamedTuple):
    """A photo the right way up and small enough to work on."""

    pixels: np.ndarray[Any, np.dtype[np.uint8]]  # shape (rows, columns, 3), RGB
    width: int  # of the photo as it was sent, the right way up
    height: int
    scale: float  # pixels of the original for one of ours, at least 1


def read(data: bytes) -> Photo:
    """Decode an upload, turn it as its EXIF orientation says, shrink it to WORKING_PIXELS.

    Raises Refused: 415 if it is no image of FORMATS, 413 if it has too many pixels, 400 if it is damaged.
    """
    # face_recognition sets this for the whole process, and then half a photo would pass.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    image = _opened(data)
    limit = MAX_PIXELS if _shrinks_while_decoding(image) else MAX_PIXELS_WHOLE
    if image.width * image.height > limit:
        message = f"The photo has more than {limit // 1_000_000} megapixels."
        raise Refused(413, "too_many_pixels", message)
    return _decoded(image)


def _opened(data: bytes) -> Image.Image:
    """Read the header only: nothing is decoded yet, so a bomb has cost nothing."""
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Refused(415, "not_an_image", "This is not a JPEG, PNG or WebP image.") from error
    except Exception as error:  # Pillow's readers raise whatever damaged data makes them trip over
        raise _damaged() from error


def _decoded(image: Image.Image) -> Photo:
    try:
        size = image.size
        small = _shrunk(image)
        turned = small.getexif().get(ORIENTATION, 1) in QUARTER_TURNS
        upright = ImageOps.exif_transpose(small).convert("RGB")
    except Exception as error:  # as above
        raise _damaged() from error
    width, height = size[::-1] if turned else size
    return Photo(np.asarray(upright), width, height, width / upright.width)


def _shrunk(image: Image.Image) -> Image.Image:
    """thumbnail() lets the JPEG decoder do most of the shrinking: less time, less memory."""
    if image.mode not in ("RGB", "L", "CMYK"):  # palettes and transparency do not average well
        image = image.convert("RGB")
    factor = max(1.0, math.sqrt(image.width * image.height / WORKING_PIXELS))
    image.thumbnail((max(1, round(image.width / factor)), max(1, round(image.height / factor))))
    return image


def _shrinks_while_decoding(image: Image.Image) -> bool:
    return image.format in ("JPEG", "MPO") and "progressive" not in image.info


def _damaged() -> Refused:
    return Refused(400, "damaged_image", "The image is damaged or cut short.")

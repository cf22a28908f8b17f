"""Looking at a photo: decode it, find the faces, encode them. One photo at a time in each process.

A photo takes up to 100 MB while it is looked at, and glibc lets each thread keep much of what it once had. Eight
clients sending 12-megapixel photos brought two workers of four threads to 718 MB when each thread looked itself,
and to 380 MB this way, answering no slower (peak PSS under --preload, two cores, 2026-11). The other threads
of a worker wait here for the one that looks, or answer what needs no photo.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import faces
import photos

_starting = threading.Lock()
_pool: ThreadPoolExecutor | None = None


class Seen(NamedTuple):
    """The faces of a photo, from left to right. Sizes are in pixels of the photo as sent, the right way up."""

    width: int
    height: int
    boxes: Sequence[faces.Box]
    encodings: Sequence[faces.Encoding]


def look(data: bytes, at_most: int | None = None) -> Seen:
    """The faces in an uploaded photo. If there are more than `at_most`, they are not encoded.

    Raises Refused if it is no photo we can use.
    """
    return _one_thread().submit(_look, data, at_most).result()


def _one_thread() -> ThreadPoolExecutor:
    """Made at the first photo and not at import: no thread comes along when gunicorn's --preload forks."""
    global _pool
    with _starting:
        if _pool is None:
            _pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="looking")
        return _pool


def _look(data: bytes, at_most: int | None) -> Seen:
    photo = photos.read(data)
    boxes = faces.find(photo.pixels)
    wanted = at_most is None or len(boxes) <= at_most
    encodings = faces.encode(photo.pixels, boxes) if wanted else []
    original = [faces.Box(*(round(side * photo.scale) for side in box)) for box in boxes]
    return Seen(photo.width, photo.height, original, encodings)

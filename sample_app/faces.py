"""Finding and comparing faces, safely under threads.

face_recognition keeps one detector for the whole process, and that object changes while it works. dlib lets
other threads run meanwhile, so two requests on two threads crash the worker or get each other's faces
(https://github.com/ageitgey/face_recognition/issues/1409). Hence nothing here calls its detecting functions:
each thread detects with a detector of its own, and face_recognition only encodes faces it is shown.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

import dlib
import face_recognition
import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Encoding = np.ndarray[Any, np.dtype[np.float64]]  # shape (128,)

# dlib's score of a face grows with its certainty. On the photos of the tests true faces score 0.7 and more,
# a false one 0.12.
MIN_SCORE = 0.3

_own = threading.local()

# The encoder is one network for all threads: 20 MB of weights, too many to have once a thread. dlib holds the
# GIL while it encodes, so the lock costs nothing today and keeps this right if dlib ever lets go of it.
_encoding = threading.Lock()


class Box(NamedTuple):
    """Where a face is, in pixels from the top left corner. The order is face_recognition's."""

    top: int
    right: int
    bottom: int
    left: int


def find(pixels: Pixels) -> list[Box]:
    """The faces in an RGB picture, from left to right.

    Faces from about 80 pixels are found at the first look. Only if there is none, the picture is doubled
    to find those from 40: that takes four times as long.
    """
    return _detect(pixels, doublings=0) or _detect(pixels, doublings=1)


def encode(pixels: Pixels, boxes: Sequence[Box]) -> list[Encoding]:
    """128 numbers for each box; those of one person lie near each other."""
    with _encoding:
        return list(face_recognition.face_encodings(pixels, known_face_locations=list(boxes)))


def nearest(encoding: Encoding, known: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[int, float] | None:
    """Index and Euclidean distance of the nearest row of `known`, shape (n, 128); None if it has no row."""
    if not len(known):
        return None
    distances = np.linalg.norm(known - encoding, axis=1)
    index = int(distances.argmin())
    return index, float(distances[index])


def _detect(pixels: Pixels, doublings: int) -> list[Box]:
    rectangles, _scores, _kinds = _detector().run(pixels, doublings, MIN_SCORE)
    return sorted((_clipped(found, pixels) for found in rectangles), key=lambda box: (box.left, box.top))


def _detector() -> Any:
    """This thread's detector, made at its first photo (about 0.2 s)."""
    if not hasattr(_own, "detector"):
        _own.detector = dlib.get_frontal_face_detector()
    return _own.detector


def _clipped(found: Any, pixels: Pixels) -> Box:
    """dlib reports a face cut by the edge with a box that reaches over it."""
    rows, columns = pixels.shape[:2]
    right, bottom = min(found.right(), columns), min(found.bottom(), rows)
    return Box(max(found.top(), 0), right, bottom, max(found.left(), 0))

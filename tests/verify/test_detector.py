"""face_recognition as its documentation shows it, under threads: measured by hand to crash and to mix up faces.

dlib lets go of the GIL in the detector, of which face_recognition keeps one for all threads
(https://github.com/ageitgey/face_recognition/issues/1409).
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from bpopt.verify import probe
from bpopt.verify.model import FAILED, Silent
from tests.verify.planted import COMMAND, UNABLE, leftovers, pair, plan

pytestmark = [
    pytest.mark.rare,
    pytest.mark.skipif(UNABLE is not None, reason=str(UNABLE)),
    pytest.mark.skipif(find_spec("face_recognition") is None, reason="face_recognition is not installed"),
]

PHOTOS = Path(__file__).parents[2] / "sample_app" / "load"


def photos(count: int) -> dict[str, object]:
    """Traffic of so many different photos, sent as they are."""
    names = sorted(path.name for path in PHOTOS.glob("*.jpg"))[:count]
    return {
        "health": "/health",
        "request": [{"name": "find", "path": "/find", "send": [str(PHOTOS / n) for n in names]}],
    }


def test_shared_detector_under_threads_is_found_and_named(tmp_path: Path) -> None:
    one, two = pair(tmp_path, "shared_detector", "shared_detector", (COMMAND, f"{COMMAND} --threads 4"))
    made = plan(tmp_path, one, photos(6), budget=30.0, stages=("probe",), deadline=30.0)
    result = probe.run(one, two, made, Silent())
    assert result.status == FAILED
    assert result.details["changed"] == {}  # one request at a time all is well
    before, after = (result.details["in_flight"][name] for name in ("before", "after"))
    assert (before["wrong"], before["failed"], before["crashed"]) == (0, 0, 0)
    assert after["wrong"] + after["failed"] > 0
    assert after["crashed"] + after["wrong"] > 0  # which of the two comes first is chance
    assert "with different requests in flight together" in result.reason
    assert leftovers(tmp_path) == []

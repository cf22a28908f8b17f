"""The one test that is left when face_recognition is not installed."""

from __future__ import annotations

import pytest

import stack


def test_the_app_can_be_imported_here() -> None:
    if reason := stack.missing():
        pytest.skip(reason)
    import app

    assert app.app.name == "app"

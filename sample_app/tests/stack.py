"""Is what the app needs installed? Without it the tests say so in one line instead of failing one by one."""

from __future__ import annotations

import contextlib
import io

INSTALL = "pip install --no-deps -r requirements-test.txt"


def missing() -> str | None:
    """Why the app cannot be imported here, or None.

    face_recognition does not raise ImportError when its models cannot be loaded: it prints and calls quit().
    """
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            import dlib  # noqa: F401
            import face_recognition  # noqa: F401
            import flask  # noqa: F401
            import gunicorn  # noqa: F401
            import PIL  # noqa: F401
    except ImportError as error:
        return f"{error}; in sample_app: {INSTALL}"
    except SystemExit:
        return f"face_recognition finds no models; in sample_app: {INSTALL}"
    return None

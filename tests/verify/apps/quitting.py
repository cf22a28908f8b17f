"""Quits at import with status 0, as face_recognition does without its models."""

from __future__ import annotations

import sys

print("Please install `face_recognition_models` with this command before using `face_recognition`:")
sys.exit()

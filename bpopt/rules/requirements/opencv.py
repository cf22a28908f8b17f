"""What is known of the OpenCV distributions and of who depends on which (looked up on PyPI on 2026-11-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.app import App

# Distribution with windows -> the one without. All four install the same module, cv2.
HEADLESS = {
    "opencv-python": "opencv-python-headless",
    "opencv-contrib-python": "opencv-contrib-python-headless",
}
ALL = frozenset(HEADLESS) | frozenset(HEADLESS.values())
# Distributions whose newest release requires one with windows.
PULLS = {
    "ultralytics": "opencv-python",
    "imgaug": "opencv-python",
    "cvzone": "opencv-python",
    "insightface": "opencv-python",
    "mediapipe": "opencv-contrib-python",
}
# apt packages that bring libGL.so.1, themselves or as a dependency.
PROVIDERS = (
    "libgl1",
    "libgl1-mesa-glx",
    "libgl1-mesa-dev",
    "libgl-dev",
    "libglx-mesa0",
    "libopencv-dev",
    "python3-opencv",
    "libgtk-3-dev",
    "libgtk2.0-dev",
    "libgl1-mesa-dri",
    "freeglut3-dev",
    "freeglut3",
    "qtbase5-dev",
    "libqt5gui5",
)
WHEELS = "https://github.com/opencv/opencv-python/issues/851"


def opengl_listed(app: App) -> bool:
    """Whether an apt list of the app brings libGL.so.1."""
    project = app.project_toml
    deb = [package.name.value for package in project.deb_install] if project is not None else []
    apt = [word.text for word in app.aptfile.packages] if app.aptfile is not None else []
    return any(name in PROVIDERS for name in deb + apt)

"""Which distributions load libraries of X11, and which are known not to: what BP102 rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpopt.app import App

# Distributions that open windows, or whose wheels link X libraries that manylinux leaves to the system.
WINDOWS = frozenset(
    (
        "opencv-python",
        "opencv-contrib-python",
        "pyqt4",
        "pyqt5",
        "pyqt6",
        "pyside",
        "pyside2",
        "pyside6",
        "wxpython",
        "vtk",
        "pyvista",
        "mayavi",
        "open3d",
        "kivy",
        "pygame",
        "pyglet",
        "panda3d",
        "glfw",
        "moderngl-window",
        "pyautogui",
        "pynput",
        "tkinter-page",
        "mediapipe",
        "bpy",
        "napari",
        "psychopy",
        "rdkit",
        "paddleocr",
        "easyocr",
        "ultralytics",
        "playwright",
        "selenium",
        "pyppeteer",
    )
)


def loads_windows(app: App, soname: str) -> bool:
    """Whether any requirement opens windows, or may load that library for any part of it."""
    from bpopt.native import table

    named = any(
        entry.name in WINDOWS for document in app.requirement_files for entry in document.requirements
    )
    return named or any(need.soname == soname for need in table.loads(app).needs)


def unknown_requirement(app: App) -> str:
    """The first requirement that is not known whole, or the app's own file that may load anything; "" for none."""
    from bpopt.native import table
    from bpopt.rules.apt.uses import own

    return next(iter(table.loads(app).unknown), "") or own(app)

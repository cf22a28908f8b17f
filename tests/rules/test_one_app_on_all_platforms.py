"""The same app on every platform: what is found, and how bad it is, follows the platform."""

from __future__ import annotations

import pytest

from tests.rules.apps import found

PLATFORMS = ("heroku", "heroku-fir", "digitalocean", "dokku", "scalingo")
APT = '{"buildpacks": [{"url": "heroku-community/apt"}, {"url": "heroku/python"}]}\n'
ENV = '{"env": {"CMAKE_ARGS": "-DX=1", "PYTHONUNBUFFERED": "1", "PIP_TARGET": "lib"}}\n'
SPEC = "services:\n- name: web\n  http_port: 8080\n  run_command: gunicorn -b 0.0.0.0:5000 a:b\n"
FACES = {"requirements.txt": "face_recognition==1.3.0\n"}
E, W, N = "error", "warning", "info"
X: None = None

# Rule, files, severity on heroku, heroku-fir, digitalocean, dokku and scalingo (None: nothing is found).
TABLE = [
    ("BP004", {"procfile": "web: gunicorn a:b\n"}, (E, E, E, E, E)),
    ("BP004", {"python-version": "3.13\n"}, (E, X, E, E, E)),
    ("BP006", {"Dockerfile": "FROM python\n", "Aptfile": "cmake\n"}, (X, X, W, W, X)),
    ("BP602", {"app.json": ENV}, (N, N, X, N, X)),
    ("BP608", {"app.json": ENV}, (X, W, X, X, X)),
    ("BP603", {"requirements.txt": "dlib==20.0.1\n"}, (X, N, N, N, N)),
    ("BP607", {"app.json": ENV}, (W, X, X, X, X)),
    ("BP610", {".env": "A=1 # note\n"}, (X, X, X, W, X)),
    ("BP612", {".env": "A=1\n"}, (X, X, X, W, X)),
    ("BP701", {"requirements.txt": "opencv-python==4.10.0.84\n"}, (E, E, W, E, W)),
    ("BP703", {**FACES, ".python-version": "3.13\n"}, (E, E, E, E, E)),
    ("BP703", {**FACES, ".python-version": "3.12\n"}, (X, E, X, X, X)),
    ("BP704", FACES, (W, W, W, W, W)),
    ("BP705", {"requirements.txt": "torch==2.4.0\n"}, (E, W, W, W, W)),
    ("BP715", {"requirements.txt": "git+https://${T}@github.com/a/b\n"}, (W, X, X, X, X)),
    ("BP802", {"app.json": APT}, (E, X, X, E, X)),
    ("BP804", {"app.json": '{"stack": "heroku-20"}\n'}, (E, X, X, X, X)),
    ("BP806", {".do/app.yaml": SPEC}, (X, X, E, X, X)),
    ("BP816", {"project.toml": "[project]\nname = 'x'\n"}, (X, N, X, W, X)),
]


@pytest.mark.parametrize(
    ("code", "files", "expected"), TABLE, ids=[f"{row[0]}-{'+'.join(row[1])}" for row in TABLE]
)
def test_the_platform_decides(code: str, files: dict[str, str], expected: tuple[str | None, ...]) -> None:
    seen = []
    for platform in PLATFORMS:
        own = [f.severity.value for f in found(files, platform) if f.code == code]
        seen.append(own[0] if own else None)
    assert tuple(seen) == expected


@pytest.mark.parametrize(
    ("code", "files", "expected"), TABLE, ids=[f"{r[0]}-{'+'.join(r[1])}" for r in TABLE]
)
def test_with_two_platforms_the_finding_names_those_it_holds_on(
    code: str, files: dict[str, str], expected: tuple[str | None, ...]
) -> None:
    holds = {p for p, severity in zip(PLATFORMS, expected, strict=True) if severity}
    for other in ("digitalocean", "scalingo"):
        own = [f for f in found(files, "heroku", other) if f.code == code]
        for finding in own:
            assert set(finding.platforms) <= holds
        if not holds & {"heroku", other}:
            assert own == []

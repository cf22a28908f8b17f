"""The build stage: real environments from small wheels made here, without a network."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.app.targets import told
from bpopt.settings import defaults
from bpopt.verify import build, sides
from bpopt.verify.model import FAILED, PASSED, SKIPPED, Plan, Silent, StageResult


def wheel(folder: Path, name: str, needs: str = "") -> None:
    """A wheel with one module, as small as the format allows."""
    info = f"{name}-1.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n"
    files = {
        f"{name}.py": "ANSWER = 42\n",
        f"{info}/METADATA": metadata + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(folder / f"{name}-1-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def sides_of(tmp_path: Path, before: str, after: str) -> sides.Sides:
    for name, text in (("one", before), ("two", after)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "Procfile").write_text("web: true\n")
        (folder / "requirements.txt").write_text(text)
        wheel(folder, "tiny")
        wheel(folder, "other")
    app = App(DiskFiles(str(tmp_path / "one")), "one", told(("heroku",), None, None, "test"))
    return sides.make(app, defaults(), str(tmp_path / "scratch"), after=str(tmp_path / "two"))


def run(tmp_path: Path, before: str, after: str) -> StageResult:
    made = sides_of(tmp_path, before, after)
    (tmp_path / "work").mkdir()
    return build.run(made.before, made.after, Plan(str(tmp_path / "work"), sys.executable), Silent())


ONE = "--no-index\n./tiny-1-py3-none-any.whl\n"


@pytest.mark.parametrize("same", [True, False])
def test_requirements_are_really_installed(tmp_path: Path, same: bool) -> None:
    result = run(tmp_path, ONE, ONE if same else ONE + "./other-1-py3-none-any.whl\n")
    assert (result.status, result.reason) == (PASSED, "")
    assert result.details["same"] is same
    environments = sorted((tmp_path / "work").glob("w-build-*/environment/lib/*/site-packages/tiny.py"))
    assert len(environments) == (1 if same else 2)
    (other,) = environments[-1:]
    assert (other.parent.parent.parent.parent.parent / "environment").exists()
    values = {m.key: (m.before[0], m.after[0]) for m in result.measures}
    assert 0 < values["build.seconds"][0] < 60
    assert values["build.memory"][0] > 5e6


def test_requirements_that_cannot_be_installed_fail_with_the_reason(tmp_path: Path) -> None:
    result = run(tmp_path, ONE, ONE + "no-such-package-at-all==1\n")
    assert result.status == FAILED
    assert "there is no no-such-package-at-all==1" in result.reason
    assert result.measures == ()


def test_what_lacks_its_own_requirements_fails(tmp_path: Path) -> None:
    made = sides_of(tmp_path, ONE, ONE)
    wheel(Path(made.after.root), "tiny", "ghost>=2")
    plan = Plan(str(tmp_path), sys.executable)
    found = build.build(made.after, plan, Silent())
    assert found.status == 1
    assert "ghost" in found.reason


def test_a_build_that_does_not_end_is_ended(tmp_path: Path) -> None:
    made = sides_of(tmp_path, ONE, ONE)
    found = build.build(made.after, Plan(str(tmp_path), sys.executable), Silent(), deadline=0.2)
    assert found.status is None
    assert "did not end within" in found.reason


def test_without_requirements_there_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web: true\n")
    app = App(DiskFiles(str(tmp_path)), "app", told(("heroku",), None, None, "test"))
    made = sides.make(app, defaults(), str(tmp_path / "scratch"))
    assert build.run(made.before, made.after, Plan(str(tmp_path), sys.executable), Silent()).status == SKIPPED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CMake Error: Compatibility with CMake < 3.5 has been removed from CMake.", "CMake 4"),
        ("dlib/foo.cpp:1:10: fatal error: cblas.h: No such file or directory", "cblas.h is missing"),
        ("Error: pg_config executable not found.", "psycopg2-binary"),
        ("c++: fatal error: Killed signal terminated program cc1plus", "too little memory"),
        ("ERROR: something else\n", "something else"),
        ("", "exit status 1"),
    ],
)
def test_reasons(text: str, reason: str) -> None:
    assert reason in build._reason(1, 1.0, text)


def test_what_pip_compiles_is_named_once() -> None:
    line = "  Building wheel for dlib (pyproject.toml): "
    assert build.compiled(f"{line}started\n{line}still running\n") == ("dlib",)

"""What the archive and the wheels say of an app, rule by rule."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bpopt import engine, settings
from bpopt.app import App
from bpopt.app.files import DiskFiles
from bpopt.apt import catalog, plan
from bpopt.finding import Finding, Safety, Severity
from tests.rules.apps import caught, found

SAMPLE = Path(__file__).resolve().parents[3] / "sample_app"
LINES = [[line] for line in (SAMPLE / "Aptfile").read_text().splitlines() if not line.startswith("#")]


def of_sample() -> dict[tuple[str, str], Finding]:
    app = App(DiskFiles(str(SAMPLE)))
    findings = engine.check(app, settings.defaults(select=["apt"])).counted
    return {(f.code, f.source.text[f.span.start : f.span.end]): f for f in findings}


@pytest.mark.parametrize(
    ("code", "package"),
    [
        ("BP101", "libatlas-base-dev"),
        ("BP102", "libsm6"),
        ("BP102", "libice6"),
        ("BP125", "libgtk-3-dev"),
        ("BP125", "libboost-python-dev"),
    ],
)
def test_the_sample_app_gets_proof_and_bytes_on_each_line(code: str, package: str) -> None:
    finding = of_sample()[code, package]
    assert finding.impact is not None
    assert finding.evidence
    layer = plan.for_platform("heroku", "heroku-24", LINES)
    assert layer is not None
    line = next(line for line in layer.lines if line.line == (package,))
    assert finding.impact.bytes == line.marginal.unpacked > 0


def test_opencv_with_windows_lacks_a_library_on_heroku_24_and_the_headless_one_nothing() -> None:
    finding = caught({"requirements.txt": "flask\nopencv-python==5.0.0.93\n"}, "BP701", "heroku-24")
    assert finding.severity is Severity.ERROR
    assert "libGL.so.1" in finding.message
    assert finding.fix is not None
    assert [edit.text for edit in finding.fix.edits] == ["opencv-python-headless"]
    plain = found({"requirements.txt": "flask\nopencv-python-headless==5.0.0.93\n"}, "heroku-24")
    assert not [f for f in plain if f.code in ("BP701", "BP718")]


@pytest.fixture
def no_noble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """bpopt without the catalog of noble, as it is without that of focal: trixie has to stand in."""
    for name in ("trixie", "bookworm"):
        shutil.copy(f"{catalog.SHIPPED}/{name}.sqlite", tmp_path)
    monkeypatch.setattr(catalog, "SHIPPED", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "none"))
    _forget()


def _forget() -> None:
    from bpopt.rules import apt
    from bpopt.rules.apt import brought_along

    cached_above = (apt.layer_of, brought_along._brought)
    for cached in (catalog.for_suite, catalog.for_stack, plan._closure, *cached_above):
        cached.cache_clear()


@pytest.mark.usefixtures("no_noble")
def test_where_a_suite_is_missing_the_nearest_answers_and_no_fix_is_safe() -> None:
    try:
        lists = {
            "Aptfile": "libsndfile1\nlibsndfile1-dev\n",
            "requirements.txt": "flask\nopencv-python-headless\n",
        }
        along = caught(lists, "BP124", "heroku-24")
        assert along.fix is not None
        assert along.fix.safety is Safety.UNSAFE
        headers = caught({**lists, "Aptfile": "libgtk-3-dev\n"}, "BP125", "heroku-24")
        assert headers.fix is not None
        assert headers.fix.safety is Safety.UNSAFE
        assert headers.severity is Severity.INFO
        assert headers.impact is not None
        assert "estimate" in headers.impact.text
        assert "trixie" in headers.impact.text
        unknown = caught({"Aptfile": "libopencvv-dev\n"}, "BP105", "heroku-24")
        assert unknown.severity is Severity.INFO
        assert "trixie" in unknown.message
        assert unknown.fix is None
    finally:
        _forget()

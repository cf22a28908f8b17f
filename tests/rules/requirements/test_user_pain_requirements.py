"""Deployments that failed for real, each in the smallest app that shows it; the threads are in the rules'
pages."""

from __future__ import annotations

from tests.rules.apps import caught, found, mended


def test_row_04_slug_too_large_with_cuda_torch() -> None:
    finding = caught(
        {"requirements.txt": "flask==3.1.3\ntorch==2.4.0\n", "Procfile": "web: gunicorn a:b\n"},
        "BP705",
        "heroku",
    )
    assert finding.severity.value == "error"
    assert finding.impact is not None
    assert finding.impact.bytes is not None
    assert finding.impact.bytes > 500_000_000


def test_row_04_full_tensorflow() -> None:
    finding = caught({"requirements.txt": "tensorflow==2.15.0\n"}, "BP705", "heroku")
    assert mended({"requirements.txt": "tensorflow==2.15.0\n"}, "heroku", select="BP705") == {
        "requirements.txt": "tensorflow-cpu==2.15.0\n"
    }
    assert finding.severity.value == "warning"


def test_row_05_libgl_missing_for_opencv() -> None:
    finding = caught({"requirements.txt": "opencv-python==4.10.0.84\n"}, "BP701", "heroku-24")
    assert finding.severity.value == "error"
    assert "libGL.so.1" in finding.message
    changed = mended({"requirements.txt": "opencv-python==4.10.0.84\n"}, "heroku-24", select="BP701")
    assert changed == {"requirements.txt": "opencv-python-headless==4.10.0.84\n"}


def test_row_06_both_opencv_builds_listed() -> None:
    files = {"requirements.txt": "opencv-python\nopencv-python-headless\n"}
    assert "comes last wins" in caught(files, "BP702", "heroku").message
    assert mended(files, "heroku", select="BP702") == {"requirements.txt": "opencv-python-headless\n"}


def test_row_06_a_dependency_pulls_the_other_build() -> None:
    files = {"requirements.txt": "mediapipe==0.10.20\nopencv-python-headless==4.10.0.84\n"}
    assert "opencv-contrib-python" in caught(files, "BP702", "heroku").message


def test_row_10_face_recognition_models_though_installed() -> None:
    files = {"requirements.txt": "face_recognition==1.3.0\n", ".python-version": "3.13\n"}
    for platform in ("heroku", "digitalocean", "dokku", "scalingo"):
        assert caught(files, "BP703", platform).severity.value == "error"
    assert mended(files, "heroku", select="BP703", unsafe=False) == {
        "requirements.txt": "face_recognition==1.3.0\nsetuptools<82\n"
    }


def test_row_11_dlib_is_compiled() -> None:
    finding = caught({"requirements.txt": "dlib==20.0.1\n"}, "BP704", "heroku")
    assert finding.impact is not None
    assert finding.impact.seconds == 374.0


def test_row_11_too_many_compilers_where_the_build_sees_settings() -> None:
    files = {"requirements.txt": "dlib==20.0.1\n"}
    assert "CMAKE_BUILD_PARALLEL_LEVEL" in caught(files, "BP603", "digitalocean").message
    assert not [f for f in found(files, "heroku") if f.code == "BP603"]


def test_row_13_token_in_requirements_does_not_resolve() -> None:
    files = {"requirements.txt": "git+https://${TOKEN}@github.com/me/private.git\n"}
    assert "${TOKEN}" in caught(files, "BP715", "heroku").message
    assert not [f for f in found(files, "dokku") if f.code == "BP715"]


def test_row_37_build_limits_of_digitalocean_and_dlib() -> None:
    files = {"requirements.txt": "dlib==20.0.1\n", ".do/app.yaml": "services:\n- name: web\n"}
    assert "374 s" in caught(files, "BP704", "digitalocean").message
    assert "4 on DigitalOcean" in caught(files, "BP603", "digitalocean").help

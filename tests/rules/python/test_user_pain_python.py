"""Deployments that failed over the version of Python or its packages, each in the smallest app that shows it."""

from __future__ import annotations

import pytest

from tests.rules.apps import caught, found, mended

_WEB = {"Procfile": "web: gunicorn app:app\n", "app.py": "app = 1\n"}


@pytest.mark.parametrize("lock", ["uv.lock", "poetry.lock", "Pipfile.lock"])
def test_row_01_multiple_package_manager_files(lock: str) -> None:
    files = {"requirements.txt": "flask==3.1.3\n", lock: "{}\n", ".python-version": "3.13\n"}
    degrees = {"heroku": "error", "dokku": "error", "scalingo": "error", "digitalocean": "warning"}
    for platform, degree in degrees.items():
        finding = caught(files, "BP508", platform)
        assert (finding.severity.value, finding.path) == (degree, lock)


def test_row_15_version_at_its_end_of_life() -> None:
    for files in ({"runtime.txt": "python-3.7.5\n"}, {".python-version": "3.8\n"}):
        finding = caught(files, "BP505", "heroku")
        assert finding.severity.value == "error"
        assert "ended on" in finding.message
        assert finding.fix is not None
        assert finding.fix.safety.value == "unsafe"
    assert not [f for f in found({".python-version": "3.13\n"}, "heroku") if f.code == "BP505"]


def test_row_15_an_old_patch_release() -> None:
    assert "behind 3.13." in caught({".python-version": "3.13.1\n"}, "BP506", "heroku").message


def test_row_16_python_version_ignored() -> None:
    files = {"runtime.txt": "python-3.11.9\n", ".python-version": "3.13\n"}
    for platform in ("heroku", "digitalocean", "dokku", "scalingo"):
        assert caught(files, "BP502", platform).severity.value == "warning"
    assert caught(files, "BP502", "heroku-fir").severity.value == "error"
    assert mended(files, "heroku", select="BP502") == {"runtime.txt": None, ".python-version": "3.11.9\n"}


def test_row_16_the_same_version_twice_is_mended_safely() -> None:
    files = {"runtime.txt": "python-3.13.15\n", ".python-version": "3.13.15\n"}
    assert mended(files, "heroku", select="python", unsafe=False) == {"runtime.txt": None}


@pytest.mark.parametrize(
    ("files", "where"),
    [
        ({**_WEB, "backend/requirements.txt": "flask\n"}, "Procfile"),
        ({**_WEB, "pyproject.toml": "[project]\nname = 'a'\n"}, "pyproject.toml"),
        ({**_WEB, "Pipfile": "[packages]\n"}, "Pipfile"),
        ({**_WEB, "setup.py": "setup()\n"}, "setup.py"),
    ],
)
def test_row_17_no_supported_package_manager_files(files: dict[str, str], where: str) -> None:
    finding = caught(files, "BP509", "heroku")
    assert (finding.severity.value, finding.path) == ("error", where)


def test_row_17_a_misspelled_name() -> None:
    files = {**_WEB, "requirement.txt": "flask\n"}
    assert caught(files, "BP004", "heroku").severity.value == "error"
    assert not [f for f in found(files, "heroku") if f.code == "BP509"]


def test_a_version_stays_the_same_from_runtime_txt_to_python_version() -> None:
    files = {"runtime.txt": "# as on the old server\npython-3.12.14\n"}
    fixed = mended(files, "heroku", "digitalocean", select="python", unsafe=False)
    assert fixed == {"runtime.txt": None, ".python-version": "# as on the old server\n3.12.14\n"}


def test_a_mistyped_runtime_txt_ends_as_a_python_version() -> None:
    files = {"runtime.txt": "Python = 3.12.14\n"}
    fixed = mended(files, "heroku", select="python", unsafe=False)
    assert fixed == {"runtime.txt": None, ".python-version": "3.12.14\n"}


def test_row_17_packages_outside_of_source_dir() -> None:
    files = {
        ".do/app.yaml": "services:\n- name: web\n  source_dir: backend\n",
        "requirements.txt": "flask\n",
        "backend/app.py": "app = 1\n",
    }
    finding = caught(files, "BP511", "digitalocean")
    assert (finding.severity.value, finding.path) == ("error", ".do/app.yaml")
    assert not [
        f for f in found({**files, "backend/requirements.txt": "x\n"}, "digitalocean") if f.code == "BP511"
    ]


def test_row_15_an_old_version_in_pipfile_lock() -> None:
    files = {"Pipfile": "", "Pipfile.lock": '{"_meta": {"requires": {"python_version": "3.7"}}}\n'}
    finding = caught(files, "BP505", "heroku")
    assert (finding.severity.value, finding.path) == ("error", "Pipfile.lock")


def test_row_01_an_ignored_lock_file_is_not_pushed() -> None:
    files = {"requirements.txt": "flask\n", "Pipfile.lock": "{}\n", ".gitignore": "Pipfile.lock\n"}
    assert not [f for f in found(files, "heroku") if f.code in ("BP411", "BP508")]


@pytest.mark.parametrize("select", ["BP501", "BP507"])
def test_a_new_python_version_would_be_pushed(select: str) -> None:
    """GitHub's .gitignore for Python long named .python-version: the version must not be lost."""
    files = {"requirements.txt": "flask\n", ".gitignore": ".python-version\n"}
    if select == "BP501":
        files["runtime.txt"] = "python-3.12.14\n"
    assert mended(files, "heroku", select=select, unsafe=False) == {}
    assert mended(files, "heroku", select=select)[".gitignore"] == ""

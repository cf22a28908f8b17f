"""Deployments that failed for real, each in the smallest app that shows it; the threads are in the rules'
pages."""

from __future__ import annotations

import pytest

from tests.rules.apps import caught, found, mended

WEB = "web: gunicorn app:app\n"
MISSPELLED = (
    " .python-version", ". python-version", ".python_version.txt", ".python_version",
    ".python-version ", ",python-version", ".python-version.", ".python-version.py",
    ".python-version.rtf", ".python-version.txt", ".python-version.TXT", ".Python-version",
    ".python.version", ".pythonversion", "'.python-version'", "python_version.txt",
    "python_version", "python-version.", "python-version.txt", "python-version",
)  # fmt: skip


def test_row_17_misspelt_requirements() -> None:
    files = {"requirment.txt": "flask\n", "requirments.txt": "flask==3.1.3\n", "Procfile": WEB}
    finding = caught(files, "BP004", "heroku")
    assert finding.path == "requirments.txt"
    assert finding.severity.value == "error"


@pytest.mark.parametrize("name", ["ProcFile", "procfile", "Procfile.txt"])
@pytest.mark.parametrize("platform", ["heroku", "dokku", "scalingo", "digitalocean"])
def test_row_32_procfile_by_another_name(name: str, platform: str) -> None:
    finding = caught({name: WEB, "requirements.txt": "gunicorn==27.0.1\n"}, "BP004", platform)
    assert finding.severity.value == "error"
    assert mended({name: WEB}, platform, select="BP004", unsafe=False) == {name: None, "Procfile": WEB}


@pytest.mark.parametrize("name", MISSPELLED)
def test_the_twenty_spellings_of_python_version(name: str) -> None:
    finding = caught({name: "3.13\n", "Procfile": WEB}, "BP004", "heroku")
    assert finding.severity.value == "error"
    assert not [
        f for f in found({name: "3.13\n", "runtime.txt": "python-3.13.1\n"}, "heroku") if f.code == "BP004"
    ]

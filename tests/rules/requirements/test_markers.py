from __future__ import annotations

import pytest

from bpopt.rules.requirements import applies, everything
from tests.rules.apps import app_of


@pytest.mark.parametrize(
    ("marker", "answer"),
    [
        ("", True),
        ('; sys_platform == "win32"', False),
        ('; sys_platform != "win32"', True),
        ("; platform_system == 'Linux' and python_version >= '3.8'", True),
        ("; python_version < '3.12'", False),
        ("; python_version >= '3.12'", False),
        ("; extra == 'dev'", False),
        ("; nonsense ==", False),
    ],
)
def test_a_line_counts_only_if_it_holds_on_every_python_on_linux(marker: str, answer: bool) -> None:
    app = app_of({"requirements.txt": f"flask{marker}\n"}, "heroku")
    assert app.requirements is not None
    assert [applies(entry) for entry in app.requirements.requirements] == [answer]


def test_included_files_are_installed_and_others_are_not() -> None:
    files = {
        "requirements.txt": "-r base.txt\nflask\n",
        "base.txt": "numpy\n",
        "requirements-dev.txt": "black\n",
    }
    assert [entry.name for _, entry in everything(app_of(files, "heroku"))] == ["flask", "numpy"]

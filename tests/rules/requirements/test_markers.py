from __future__ import annotations

import pytest

from bpopt.documents import requirements
from bpopt.rules.requirements import applies, everything
from bpopt.text import Source
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


@pytest.mark.parametrize(
    ("line", "address", "marker"),
    [
        (
            "https://example.org/a-1-py3-none-any.whl ; os_name == 'nt'",
            "https://example.org/a-1-py3-none-any.whl",
            "os_name == 'nt'",
        ),
        (
            "https://example.org/a-1-py3-none-any.whl; os_name == 'nt'",
            "https://example.org/a-1-py3-none-any.whl",
            "os_name == 'nt'",
        ),
        ("https://example.org/a;b/c.zip", "https://example.org/a;b/c.zip", ""),
        ("./a.zip;os_name == 'nt'", "./a.zip", "os_name == 'nt'"),
        ("./lib", "./lib", ""),
    ],
)
def test_markers_behind_addresses_and_paths(line: str, address: str, marker: str) -> None:
    """Tried with pip 23.2.1: an address ends at the blank, a path at the semicolon."""
    (entry,) = requirements.parse(Source.of("requirements.txt", f"{line}\n")).requirements
    assert (entry.url, entry.marker) == (address, marker)

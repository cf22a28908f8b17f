"""What a name that is in no archive was meant to be, in the words of the finding."""

from __future__ import annotations

import pytest

from bpopt import engine, settings
from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.targets import told


@pytest.mark.parametrize(
    ("name", "meant"),
    [("libodbc.so.2", "libodbc2"), ("libjpg-dev", "libjpeg-dev"), ("nosuchthing", "")],
)
def test_the_nearest_name_or_the_package_of_a_library(name: str, meant: str) -> None:
    app = App(MemoryFiles({"Aptfile": f"{name}\n".encode()}), "", told(("heroku-24",), None, None, "test"))
    (finding,) = engine.check(app, settings.defaults(select=["BP105"])).counted
    assert finding.message.endswith(f"did you mean {meant!r}?" if meant else name)

"""Deployments that failed for real, each in the smallest app that shows it; the threads are in the rules'
pages."""

from __future__ import annotations

import pytest

from tests.rules.apps import caught, found


@pytest.mark.parametrize("name", ["CMAKE_ARGS", "CXXFLAGS", "PIP_NO_BINARY", "DLIB_USE_CUDA"])
def test_row_12_build_flags_in_config_vars_have_no_effect(name: str) -> None:
    files = {"app.json": f'{{"env": {{"{name}": "1"}}}}\n', "requirements.txt": "flask==3.1.3\n"}
    finding = caught(files, "BP607", "heroku")
    assert name in finding.message
    assert finding.platforms == ("heroku",)
    assert not [f for f in found(files, "dokku") if f.code == "BP607"]


def test_row_14_config_var_cache_dir() -> None:
    finding = caught({"app.json": '{"env": {"CACHE_DIR": "/tmp/cache"}}\n'}, "BP608", "heroku")
    assert finding.severity.value == "warning"


def test_row_21_ld_preload_during_the_build() -> None:
    path = "/app/.apt/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"
    finding = caught({"app.json": f'{{"env": {{"LD_PRELOAD": "{path}"}}}}\n'}, "BP613", "heroku")
    assert "Procfile" in finding.help


def test_row_21_is_no_finding_in_the_command_itself() -> None:
    files = {"Procfile": "web: LD_PRELOAD=/app/.apt/usr/lib/x86_64-linux-gnu/libjemalloc.so.2 gunicorn a:b\n"}
    assert not [f for f in found(files, "heroku") if f.code == "BP613"]

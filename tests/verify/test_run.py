"""The run: limits, environments, stages chosen, and the effect of each rule alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bpopt.app import App
from bpopt.app.files import DiskFiles, MemoryFiles
from bpopt.app.targets import told
from bpopt.settings import ConfigError, Settings, defaults
from bpopt.verify import charts, each, environment, limit, run, sides, stages
from bpopt.verify.model import Silent
from bpopt.verify.run import Wishes

APP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
"""


def make(folder: Path, **files: str) -> App:
    everything = {
        "app.py": APP,
        "Procfile": "web: gunicorn app:app --workers 2\n",
        "requirements.txt": "gunicorn\n",
    }
    for name, text in {**everything, **files}.items():
        (folder / name).write_text(text)
    return App(DiskFiles(str(folder)), "app", told(("heroku",), None, None, "test"))


def settings(**values: object) -> Settings:
    return defaults(platform=["heroku"], **values)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512", 512 * 1024**2),
        ("512M", 512 * 1024**2),
        ("1.5G", 1536 * 1024**2),
        ("512MiB", 512 * 1024**2),
        ("64k", 65536),
    ],
)
def test_sizes_of_memory(text: str, size: int) -> None:
    assert limit.parse(text) == size


@pytest.mark.parametrize("text", ["", "x", "0", "-1M", "512 T"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(ConfigError):
        limit.parse(text)


def memory(plan: str | None, platform: str = "heroku", **files: bytes) -> tuple[int | None, str]:
    named = {name.replace("__", "/").replace("_", "."): raw for name, raw in files.items()}
    targets = told((platform,), None, plan, "test") if plan or not files else ()
    return limit.of_app(App(MemoryFiles({"Procfile": b"web: x\n", **named}), "", targets))


def test_the_plan_says_how_much_memory_there_is() -> None:
    assert memory("standard-2x") == (1024**3, "heroku Standard-2X")
    assert memory(None) == (None, "")
    with pytest.raises(ConfigError, match="did you mean 'standard-1x'"):
        memory("standard-1xx")


def test_the_apps_files_say_which_plan_it_is() -> None:
    text = (
        b'{"stack": "heroku-24", "formation": {"web": {"size": "standard-2x"}, "worker": {"size": "basic"}}}'
    )
    assert memory(None, app_json=text) == (1024**3, "heroku Standard-2X")


def test_stages_are_chosen_in_their_order() -> None:
    assert stages.chosen((), (), False) == tuple(name for name in stages.STAGES if name != "build")
    assert "build" in stages.chosen((), (), True)
    assert stages.chosen(("memory", "slug"), ("slug",), False) == ("memory",)
    for name in stages.STAGES:
        assert name == stages.module(name).NAME
        assert stages.module(name).TITLE


def test_what_a_python_lacks_is_asked_of_it(tmp_path: Path) -> None:
    app = make(
        tmp_path, **{"requirements.txt": "gunicorn\nno-such-thing>1\nghost; python_version < '3'\npip\n"}
    )
    found = environment.look(sys.executable, app)
    assert found.missing == ("no-such-thing",)
    assert "no no-such-thing" in found.reason
    assert found.version == sys.version.split()[0]
    with pytest.raises(ConfigError, match="is no Python"):
        environment.look("/bin/true", app)


def test_each_rule_alone_is_measured(tmp_path: Path) -> None:
    pytest.importorskip("gunicorn", reason="gunicorn runs the app")
    app = make(tmp_path)
    wishes = Wishes(("boot",), budget=6, each=True, deadline=20)
    report = run.verify(app, settings(select=["BP301", "BP304"]), wishes, Silent())
    assert [fix.code for fix in report.applied] == ["BP301", "BP304"]
    assert [effect.code for effect in report.each] == ["BP301", "BP304"]
    assert all("boot.seconds" in effect.changes and not effect.failed for effect in report.each)
    assert report.failed == ()


def test_alone_a_fix_gets_the_stages_that_can_tell_what_it_does(tmp_path: Path) -> None:
    app = make(tmp_path, Aptfile="cmake\ncmake\n")
    chosen = settings(select=["BP104", "BP304"])
    made = sides.make(app, chosen, str(tmp_path / "made"))
    wishes = Wishes(stages.chosen((), (), False))
    alone = each.make(app, chosen, made, str(tmp_path / "alone"), wishes)
    assert {one.code: one.stages for one in alone} == {
        "BP104": ("slug", "apt"),
        "BP304": ("slug", "boot", "probe", "memory", "load"),
    }
    assert [one.timed for one in alone] == [False, True]


def test_equal_states_are_said_to_be_equal(tmp_path: Path) -> None:
    app = make(tmp_path)
    report = run.verify(app, settings(select=["BP104"]), Wishes(("slug",)), Silent())
    assert report.changed == ()
    assert "both states are the same" in report.notes[0]


def test_unknown_settings_are_refused(tmp_path: Path) -> None:
    app = make(tmp_path)
    for table, message in (
        ({"helth": "/"}, "did you mean 'health'"),
        ({"gates": {"max": 1}}, "unknown gate"),
    ):
        with pytest.raises(ConfigError, match=message):
            run.verify(app, settings(verify=table), Wishes(("slug",)), Silent())


def test_charts_of_nothing_are_nothing() -> None:
    assert charts.curves([], "t", "x", "y") == ""
    assert charts.forest([], "t") == ""
    assert charts.bars([], "t", str) == ""

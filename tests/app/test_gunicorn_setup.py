from __future__ import annotations

import pytest

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.gunicorn_setup import CMD_ARGS, FILE, OPTION, UNKNOWN, Setup, conf_path, releases
from bpopt.app.targets import told


def app_of(files: dict[str, str], on: str = "heroku") -> App:
    contents = {path: text.encode() for path, text in files.items()}
    return App(MemoryFiles(contents), "", told((on,), None, None, "test"))


def setup_of(command: str, **files: str) -> Setup:
    named = {
        name.replace("__", "/").replace("_py", ".py").replace("_json", ".json"): t
        for name, t in files.items()
    }
    app = app_of({"Procfile": f"web: {command}\n", **named})
    setup = app.gunicorn(app.webs[0])
    assert setup is not None
    return setup


ENV = '{{"env": {{"GUNICORN_CMD_ARGS": "{}"}}}}'


def test_the_command_line_beats_the_variable_beats_the_file() -> None:
    env = ENV.format("--workers 5")
    conf = {
        "gunicorn.conf.py": "workers = 3\ntimeout = 7\n",
        "app.json": env,
        "Procfile": "web: gunicorn a:a\n",
    }
    app = app_of(conf)
    setup = app.gunicorn(app.webs[0])
    assert setup is not None
    workers, timeout = setup.given("workers"), setup.given("timeout")
    assert workers is not None
    assert timeout is not None
    assert (workers.origin, workers.number) == (CMD_ARGS, 5)
    assert (timeout.origin, timeout.number) == (FILE, 7)
    told_so = setup_of("gunicorn -w 7 a:a", app_json=env).given("workers")
    assert told_so is not None
    assert (told_so.origin, told_so.number) == (OPTION, 7)


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("gunicorn $OPTIONS a:a", {}),
        ("gunicorn -c $CONF a:a", {}),
        ("gunicorn -c gone.py a:a", {}),
        ("gunicorn -c /etc/g.py a:a", {}),
        ("gunicorn -c python:conf.web a:a", {}),
        ("gunicorn a:a", {"app_json": ENV.format("$MORE")}),
        ("cd $DIR && gunicorn a:a", {}),
        ("gunicorn a:a \\", {}),
        ("gunicorn a:a -- b", {}),
    ],
)
def test_what_cannot_be_read_may_set_anything(command: str, files: dict[str, str]) -> None:
    given = setup_of(command, **files).given("threads")
    assert given is not None
    assert given.origin == UNKNOWN


def test_a_broken_or_open_configuration_file_may_set_anything() -> None:
    for text in ("workers = (\n", "from base import *\n"):
        app = app_of({"Procfile": "web: gunicorn a:a\n", "gunicorn.conf.py": text})
        setup = app.gunicorn(app.webs[0])
        assert setup is not None
        assert not setup.sealed


def test_a_conditional_or_computed_value_is_not_known() -> None:
    text = "import os\nif os.environ.get('X'):\n    workers = 4\nthreads = int(os.environ['T'])\n"
    app = app_of({"Procfile": "web: gunicorn a:a\n", "gunicorn.conf.py": text})
    setup = app.gunicorn(app.webs[0])
    assert setup is not None
    workers, threads = setup.given("workers"), setup.given("threads")
    assert workers is not None
    assert threads is not None
    assert (workers.value, threads.value) == (None, None)


@pytest.mark.parametrize(
    ("command", "roots"),
    [
        ("gunicorn a:a", ("",)),
        ("gunicorn --chdir src a:a", ("src", "")),
        ("cd api && gunicorn --chdir src a:a", ("api/src", "")),
        ("cd api/ && gunicorn a:a", ("api", "")),
        ("gunicorn --pythonpath lib,more a:a", ("", "lib", "more")),
        ("PYTHONPATH=/app/src gunicorn a:a", ("", "src")),
        ("PYTHONPATH=$HOME/x:/opt gunicorn a:a", ("",)),
    ],
)
def test_folders_that_modules_are_looked_for_in(command: str, roots: tuple[str, ...]) -> None:
    assert setup_of(command).roots == roots


def test_workers_by_platform() -> None:
    for on, env, expected in [
        ("heroku", "", None),
        ("dokku", "", 1),
        ("dokku", "WEB_CONCURRENCY=3\n", 3),
        ("dokku", "WEB_CONCURRENCY=$N\n", None),
        ("heroku", "WEB_CONCURRENCY=3\n", None),
    ]:
        app = app_of({"Procfile": "web: gunicorn a:a\n", ".env": env}, on)
        setup = app.gunicorn(app.webs[0])
        assert setup is not None
        assert setup.workers(app, app.targets[0]) == expected, (on, env)


def test_the_path_of_a_configuration() -> None:
    assert conf_path("python:config.gunicorn", "") == "config/gunicorn.py"
    assert conf_path("file:conf.py", "api") == "api/conf.py"
    assert conf_path("./conf.py", "") == "conf.py"
    assert conf_path("../conf.py", "") is None
    assert conf_path("/etc/conf.py", "") is None


@pytest.mark.parametrize(
    ("requirements", "expected"),
    [
        ("gunicorn==27.0.1\n", ("27.0.1",)),
        ("gunicorn==25.1.0\n", ("24.1.1", "25.3.0")),
        ("gunicorn\n", ("27.0.1",)),
        ("gunicorn<26\n", ("25.3.0",)),
        ("gunicorn~=24.0\n", ("24.1.1",)),
        ("gunicorn>=20,<21\n", ("20.1.0",)),
        ("gunicorn==19.9.0\n", ("20.1.0",)),
        ("gunicorn==99.0\n", ("27.0.1",)),
        ("gunicorn @ git+https://github.com/benoitc/gunicorn\n", None),
        ("flask\n", None),
    ],
)
def test_the_release_that_the_requirements_lead_to(
    requirements: str, expected: tuple[str, ...] | None
) -> None:
    found = releases(app_of({"requirements.txt": requirements}))
    assert found == (expected or found)
    assert expected is not None or len(found) == 8, "nothing is known, so it may be any"

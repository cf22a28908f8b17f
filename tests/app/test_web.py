from __future__ import annotations

import pytest

from bpopt.app import App
from bpopt.app.files import MemoryFiles
from bpopt.app.servers import PORT, expected, listening
from bpopt.app.targets import told
from bpopt.app.web import Web


def web_of(files: dict[str, str], *on: str) -> tuple[App, tuple[Web, ...]]:
    contents = {path: text.encode() for path, text in files.items()}
    app = App(MemoryFiles(contents), "", told(on or ("heroku",), None, None, "test"))
    return app, app.webs


@pytest.mark.parametrize(
    "wrapper",
    [
        "",
        "exec ",
        "A=b ",
        "env A=b ",
        "env -u X A=b ",
        "poetry run ",
        "uv run --no-dev ",
        "uv run --env-file .env --frozen ",
        "pipenv run ",
        "python -m ",
        "python3 -m ",
        "newrelic-admin run-program ",
        "ddtrace-run ",
        "bin/start-nginx ",
        "bin/start-nginx newrelic-admin run-program ",
        "nice -n 5 ",
        "python manage.py migrate && ",
        "cd src; ",
    ],
)
def test_gunicorn_is_found_behind_wrappers(wrapper: str) -> None:
    _, webs = web_of({"Procfile": f"web: {wrapper}gunicorn app:app --workers 2 # two\n"})
    (web,) = webs
    assert web.gunicorn is not None
    workers = web.gunicorn.get("workers")
    assert workers is not None
    assert workers.value == "2"
    text = web.source.text
    assert text[: web.end.start].endswith("--workers 2")
    assert text[web.end.start :] == " # two\n"


@pytest.mark.parametrize(
    "command", ["python app.py", "poetry install gunicorn", "uv run", "sh -c 'gunicorn a:a'", "exec"]
)
def test_what_is_no_gunicorn(command: str) -> None:
    _, webs = web_of({"Procfile": f"web: {command}\n"})
    assert all(web.gunicorn is None for web in webs)


def test_each_platform_has_its_command() -> None:
    spec = "services:\n- name: web\n  run_command: gunicorn spec:app\n"
    files = {"Procfile": "web: gunicorn proc:app\n", ".do/app.yaml": spec}
    _, webs = web_of(files, "heroku", "digitalocean")
    found = {web.source.path: [t.platform.name for t in web.targets] for web in webs}
    assert found == {"Procfile": ["heroku"], ".do/app.yaml": ["digitalocean"]}


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("gunicorn a:a", []),
        ("gunicorn a:a -b 127.0.0.1:8000", [("127.0.0.1", "8000")]),
        ("gunicorn a:a -b :5000 --bind unix:/x", [("", "5000")]),
        ("gunicorn a:a -b [::1]:5000", [("[::1]", "5000")]),
        ("gunicorn a:a -b 0.0.0.0:$PORT", [("0.0.0.0", PORT)]),
        ("gunicorn a:a -b 0.0.0.0:${PORT:-80}", [("0.0.0.0", None)]),
        ("gunicorn a:a -b $HOST:80", [(None, "80")]),
        ("uvicorn a:a", [("127.0.0.1", "8000")]),
        ("uvicorn a:a --host=0.0.0.0 --port $PORT", [("0.0.0.0", PORT)]),
        ("uvicorn a:a --uds /tmp/x", []),
        ("uvicorn a:a $MORE", []),
        ("hypercorn a:a --bind 0.0.0.0:80", [("0.0.0.0", "80")]),
        ("waitress-serve --listen=*:8041 a:a", [("*", "8041")]),
        ("daphne -e ssl:443 a:a", []),
        ("nginx && gunicorn a:a -b 127.0.0.1:1", []),
        ("streamlit hello", []),
    ],
)
def test_where_a_command_listens(command: str, found: list[tuple[str | None, str | None]]) -> None:
    app, (web,) = web_of({"Procfile": f"web: {command}\n"})
    assert [(one.host, one.port) for one in listening(web, app)] == found


def test_the_port_that_a_platform_asks() -> None:
    for on, spec, port in [
        ("heroku", "", 0),
        ("scalingo", "", 0),
        ("dokku", "", None),
        ("digitalocean", "", 8080),
        ("digitalocean", "services:\n- name: a\n  http_port: 5000\n", 5000),
        ("digitalocean", "services:\n- name: a\n  internal_ports: [9]\n", None),
        ("digitalocean", "services:\n- name: a\n- name: b\n", None),
    ]:
        files = {"Procfile": "web: gunicorn a:a\n"} | ({".do/app.yaml": spec} if spec else {})
        app, (web, *_) = web_of(files, on)
        assert expected(web, app, app.targets[0]) == port, (on, spec)


def test_a_service_with_a_folder_of_its_own() -> None:
    spec = "services:\n- name: api\n  source_dir: /backend\n  run_command: gunicorn app:app\n"
    files = {".do/app.yaml": spec, "Procfile": "web: gunicorn other:app\n", "backend/app.py": "app = 1\n"}
    app, (web,) = web_of(files, "digitalocean")
    setup = app.gunicorn(web)
    assert setup is not None
    assert (web.folder, setup.roots) == ("backend", ("backend",))
    assert app.hazards(setup).complete
    no_command = spec.replace("  run_command: gunicorn app:app\n", "")
    assert web_of({**files, ".do/app.yaml": no_command}, "digitalocean")[1] == (), (
        "not the Procfile of the root"
    )
